// What starts of a pack's process obey.

import NIOCore

/// What an operator decides about packs whose processes end.
public struct RestartSettings: Sendable, Equatable {
    /// How long to wait after the first failure in a row, after the second, and so on; the last one repeats. Never
    /// empty.
    public var delays: [TimeAmount]
    /// So many failures in a row, and the pack is not started any more; `nil`: it always is.
    public var limit: Int?

    public init(delays: [TimeAmount], limit: Int?) {
        self.delays = delays
        self.limit = limit
    }
}
