// The seam between the HTTP side and the ways of finding out who calls.

import NIOCore

/// What a request brought as proof of who sent it.
struct Credentials: Sendable {
    /// `Authorization`.
    var authorization: SingleField = []
    /// `X-User-Token`.
    var userToken: SingleField = []
    /// `X-MCP-API-Key`.
    var apiKey: SingleField = []
}

/// The outcome of looking at credentials.
enum AuthenticationOutcome: Sendable {
    case accepted(Principal)
    case refused(AuthenticationFailure)
    /// Keys are being fetched; the future never fails.
    case pending(EventLoopFuture<AuthenticationOutcome>)
}

/// A way of authenticating callers. Runs on the event loop, so it never blocks.
protocol Authenticator: Sendable {
    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome
}
