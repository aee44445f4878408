// What the door has against a request, before REST or MCP puts it into its own form.

import HostAuth
import HostObservation
import NIOCore

/// Why somebody does not get in.
public enum Objection: Error, Sendable, Hashable {
    /// Not with what they brought.
    case refused(AuthenticationFailure)
    case notNow(NotNow)

    /// For the log: one of a bounded set of words.
    public var reason: String {
        switch self {
        case .refused(let failure): failure.reason
        case .notNow: NotNow.code
        }
    }
}

/// A request that is allowed and comes too early.
public struct NotNow: Sendable, Hashable {
    /// The name that programs and the log know it by.
    public static let code = "rate_limited"

    /// The operator's name for what is used up.
    public let limit: String
    /// When to come again; at least 1.
    public let seconds: Int

    /// - Parameter wait: until there is room again. Clients are told whole seconds, and never too few of them.
    init(limit: String, wait: TimeAmount) {
        self.limit = limit
        let (whole, rest) = max(0, wait.nanoseconds).quotientAndRemainder(dividingBy: 1_000_000_000)
        seconds = max(1, Int(whole) + (rest > 0 ? 1 : 0))
    }

    /// For the client, and for every model that it shows this to: the limit, and the way out.
    public var sentence: String { "The limit \(limit) is used up for now: send the same again in \(seconds) s." }
}

extension CallEnding {
    /// The ending of a call that the door was against.
    public init(_ objection: Objection) {
        switch objection {
        case .refused: self.init(.refused)
        case .notNow: self.init(.early)
        }
    }
}
