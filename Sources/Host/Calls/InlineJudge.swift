// Whether a tool that claims to be quick may run on the event loop: it earns that, and can lose it.

import NIOCore
import Synchronization

/// Measures the calls of one tool that its pack marked inline.
///
/// Native code cannot be interrupted, so a tool first shows on a worker thread that it is quick; only then may it run
/// between two reads of the network. Overruns weigh more than good calls: a tool of which more than about one call in
/// sixteen overruns goes back to the workers for good.
///
/// A call that took long by the clock may be the machine's doing, which ran something else in the middle of it. So it
/// only raises suspicion: the calls after it are looked at with what their thread itself used and waited for, and only
/// what was found so counts against the tool. Of calls that waited too long at the same time one counts: where threads
/// outnumber processors, one that is interrupted at a bad moment keeps all others waiting for it. And then only calls
/// that began after it speak for the tool again.
public final class InlineJudge: Sendable {
    /// Longer than this is an overrun.
    static let limit = TimeAmount.milliseconds(1)
    private static let trialCalls = 16
    /// How many calls without an overrun end a suspicion.
    private static let watchedCalls = 64
    private static let weight = 16
    private static let tolerance = 128

    private let goodCalls = Atomic<Int>(0)
    private let watched = Atomic<Int>(0)
    private let score = Atomic<Int>(0)
    /// When the last call ended that counted against the tool because it waited.
    private let latestOverrun = Atomic<UInt64>(0)
    private let isDemoted = Atomic<Bool>(false)
    private let onDemotion: @Sendable () -> Void

    /// - Parameter onDemotion: called once, when the tool is moved to the workers.
    public init(onDemotion: @escaping @Sendable () -> Void) {
        self.onDemotion = onDemotion
    }

    var mayRunInline: Bool {
        !isDemoted.load(ordering: .relaxed) && goodCalls.load(ordering: .relaxed) >= Self.trialCalls
    }

    /// Whether the next call's thread is to be looked at.
    var wantsUsage: Bool {
        isSuspicious || goodCalls.load(ordering: .relaxed) < Self.trialCalls
    }

    /// Whether one of the last calls took long by the clock.
    var isSuspicious: Bool { watched.load(ordering: .relaxed) > 0 }

    /// - Parameter usage: what the call took of its thread; `nil` where nobody looked.
    func record(from start: NIODeadline, to end: NIODeadline, _ usage: ThreadUsage?) {
        guard end - start > Self.limit else {
            lower(watched)
            if start.uptimeNanoseconds >= latestOverrun.load(ordering: .relaxed) { lower(score) }
            let good = goodCalls.load(ordering: .relaxed)
            if good < Self.trialCalls { goodCalls.store(good + 1, ordering: .relaxed) }
            return
        }
        if let usage, usage.processorTime <= Self.limit, usage.waits == 0 { return }
        watched.store(Self.watchedCalls, ordering: .relaxed)
        guard let usage, usage.processorTime > Self.limit || isFirst(from: start, to: end) else { return }
        if score.add(Self.weight, ordering: .relaxed).newValue >= Self.tolerance,
            !isDemoted.exchange(true, ordering: .relaxed)
        {
            onDemotion()
        }
    }

    private func isFirst(from start: NIODeadline, to end: NIODeadline) -> Bool {
        let latest = latestOverrun.load(ordering: .relaxed)
        return start.uptimeNanoseconds >= latest
            && latestOverrun.compareExchange(
                expected: latest, desired: end.uptimeNanoseconds, ordering: .relaxed
            ).exchanged
    }

    /// Threads that do this at the same time may lower it once instead of twice, which does no harm.
    private func lower(_ count: borrowing Atomic<Int>) {
        let value = count.load(ordering: .relaxed)
        if value > 0 { count.store(value - 1, ordering: .relaxed) }
    }
}
