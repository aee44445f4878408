// What to do with a request, decided when its head is there and before its body is read.

import NIOCore

/// A service's decision on a request head.
public enum Plan: Sendable {
    /// The body does not matter.
    case answer(Response)
    /// The body is wanted; the service remembers what for.
    case read
    /// Not decided yet; the future never fails.
    case later(EventLoopFuture<Plan>)
}

/// What an endpoint makes of a request head.
public enum HeadDecision<Request> {
    /// The body does not matter.
    case answer(Response)
    /// Read the body, then go on with this.
    case read(Request)
}
