// How a call ended and what it took: numbers that whoever answers it hands on with its answer.

import NIOCore

/// The end of a call as far as only those know it who ran it.
public struct CallEnding: Sendable, Hashable {
    /// What became of a call.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        case done
        /// The tool failed, had no room, or did not answer in time.
        case failed
        /// What was sent makes no call: arguments that do not fit, or a body that is none.
        case unfit
        /// The caller may not call this tool.
        case refused
        /// The caller may, and comes too early.
        case early
        /// There is no tool of this name.
        case unknown
        /// Its client took it back.
        case cancelled
        /// Its client went away before it was answered.
        case gone
        /// The host stopped before it was answered.
        case cut
    }

    public var outcome: Outcome
    /// How long it waited for a place in its pack.
    public var queued = TimeAmount.zero
    /// From there until its end; zero where its pack has never heard of it.
    public var ran = TimeAmount.zero
    /// Bytes of the call's arguments, as the tool was given them; 0 where it was given none.
    public var argumentBytes = 0
    /// Bytes of the result's content, without what is put around it.
    public var resultBytes = 0
    /// How often something was sent to another service for it.
    public var outboundAttempts = 0

    public init(_ outcome: Outcome) {
        self.outcome = outcome
    }
}
