// How much a process may make the host do by waking it; a value.

import NIOCore

/// What one runner may spend of a thread of the host: so much at once, and from then on so much a time.
struct WakeBudget {
    /// What may be spent at once.
    static let most = 256
    /// One more is there after each of these.
    static let refill = TimeAmount.milliseconds(1)
    static let shortestPause = TimeAmount.milliseconds(5)
    /// Whoever has spent all, and for so long has never had half of it again, goes on and on.
    static let patience = TimeAmount.seconds(3)

    private var left = most
    private var time: NIODeadline
    private var emptySince: NIODeadline?

    init(at now: NIODeadline) {
        time = now
    }

    /// What was done was worth it.
    mutating func earn() {
        left = min(left + 1, Self.most)
    }

    /// - Returns: how long nobody looks for it where all is spent; what is there by then is dealt with then.
    mutating func spend(_ count: Int = 1, at now: NIODeadline) -> TimeAmount? {
        let steps = max(0, (now - time).nanoseconds / Self.refill.nanoseconds)
        time = time + .nanoseconds(steps * Self.refill.nanoseconds)
        left = Int(min(Int64(left) + steps, Int64(Self.most)))
        if left >= Self.most / 2 { emptySince = nil }
        left -= count
        if left > 0 { return nil }
        left = max(left, -Self.most)
        emptySince = emptySince ?? now
        return max(Self.shortestPause, .nanoseconds(Int64(1 - left) * Self.refill.nanoseconds))
    }

    /// Whether it goes on and on.
    func isEndless(at now: NIODeadline) -> Bool {
        emptySince.map { now - $0 >= Self.patience } ?? false
    }
}
