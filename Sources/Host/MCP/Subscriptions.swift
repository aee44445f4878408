// Everybody who listens, and how many may at a time.

import Synchronization

/// Everybody who listens.
final class Subscriptions: Sendable {
    /// The most streams at a time; each occupies a connection.
    static let limit = 1024

    /// The most streams of one caller, so that nobody takes them all.
    static let limitOfOne = 64

    private struct State {
        var open: [ObjectIdentifier: Subscription] = [:]
        /// How many each caller has; nobody with none.
        var counts: [String: Int] = [:]
        /// The latest edition with other tools than the one before it.
        var latest = 0
    }

    private let state = Mutex(State())

    /// Called before the stream opens. What changed since its request came is told to it, too: nobody else would.
    ///
    /// - Parameter edition: the one that was in force when its request came.
    /// - Returns: whether there was room, for all and for this caller.
    func add(_ subscription: Subscription, whoseClientKnows edition: Int) -> Bool {
        let (isAdded, hasNews) = state.withLock { state in
            let count = state.counts[subscription.owner, default: 0]
            guard state.open.count < Self.limit, count < Self.limitOfOne else { return (false, false) }
            state.open[ObjectIdentifier(subscription)] = subscription
            state.counts[subscription.owner] = count + 1
            return (true, state.latest > edition)
        }
        if hasNews { subscription.noteChange() }
        return isAdded
    }

    func remove(_ subscription: Subscription) {
        state.withLock { state in
            guard state.open.removeValue(forKey: ObjectIdentifier(subscription)) != nil else { return }
            let count = state.counts[subscription.owner, default: 0]
            state.counts[subscription.owner] = count > 1 ? count - 1 : nil
        }
    }

    /// The tools of this edition are not those of the one before it.
    func toolsChanged(in edition: Int) {
        let open = state.withLock { state in
            state.latest = max(state.latest, edition)
            return Array(state.open.values)
        }
        for subscription in open { subscription.toolsChanged() }
    }
}
