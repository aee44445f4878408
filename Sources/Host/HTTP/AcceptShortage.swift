// When to stop accepting connections for want of something, and when to go on; a value.

import NIOCore

/// What a server does whose socket could not accept a connection because the system had no descriptor or no memory for
/// it.
///
/// It pauses until there is room for a good number of connections, not just for the next one, and then is on trial for
/// some seconds: a shortage that comes and goes is told as one.
struct AcceptShortage: Sendable {
    /// After a look at how things are.
    enum Step: Sendable, Equatable {
        /// Nothing changes; look again soon.
        case wait
        /// Accept again, and look again soon.
        case resume
        /// It is over, after this time.
        case end(TimeAmount)
    }

    private enum State {
        case none
        case paused(since: NIODeadline)
        case onTrial(since: NIODeadline, until: NIODeadline)
    }

    /// How long nothing must fail before it is over.
    static let trial = TimeAmount.seconds(5)
    /// How often to look while it lasts.
    static let interval = TimeAmount.milliseconds(100)

    private var state = State.none

    /// Whether connections are refused.
    var isPaused: Bool {
        if case .paused = state { return true }
        return false
    }

    /// A connection could not be accepted: accept no more.
    ///
    /// - Returns: whether this begins a shortage.
    mutating func failed(_ now: NIODeadline) -> Bool {
        switch state {
        case .none:
            state = .paused(since: now)
            return true
        case .paused: return false
        case .onTrial(let since, _):
            state = .paused(since: since)
            return false
        }
    }

    /// - Parameter hasRoom: there are as many descriptors as it takes to go on.
    mutating func looked(hasRoom: Bool, _ now: NIODeadline) -> Step {
        switch state {
        case .none: return .wait
        case .paused(let since):
            guard hasRoom else { return .wait }
            state = .onTrial(since: since, until: now + Self.trial)
            return .resume
        case .onTrial(let since, let until):
            guard now >= until else { return .wait }
            state = .none
            return .end(now - since)
        }
    }
}
