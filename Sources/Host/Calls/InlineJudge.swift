// Whether a tool that claims to be quick may run on the event loop: it earns that, and can lose it.

import NIOCore
import Synchronization

/// Measures the calls of one tool that its pack marked inline.
///
/// Native code cannot be interrupted, so a tool first shows on a worker thread that it is quick; only then may it run
/// between two reads of the network. Overruns weigh more than good calls: a tool of which more than about one call in
/// sixteen overruns goes back to the workers for good, a rare hiccup of the machine is forgiven.
final class InlineJudge: Sendable {
    /// Longer than this is an overrun.
    static let limit = TimeAmount.milliseconds(1)
    private static let trialCalls = 16
    private static let weight = 16
    private static let tolerance = 128

    private let goodCalls = Atomic<Int>(0)
    private let score = Atomic<Int>(0)
    private let isDemoted = Atomic<Bool>(false)
    private let onDemotion: @Sendable () -> Void

    /// - Parameter onDemotion: called once, when the tool is moved to the workers.
    init(onDemotion: @escaping @Sendable () -> Void) {
        self.onDemotion = onDemotion
    }

    var mayRunInline: Bool {
        !isDemoted.load(ordering: .relaxed) && goodCalls.load(ordering: .relaxed) >= Self.trialCalls
    }

    func record(_ duration: TimeAmount) {
        guard duration > Self.limit else {
            let good = goodCalls.load(ordering: .relaxed)
            if good < Self.trialCalls { goodCalls.store(good + 1, ordering: .relaxed) }
            let current = score.load(ordering: .relaxed)
            if current > 0 { score.store(current - 1, ordering: .relaxed) }
            return
        }
        if score.add(Self.weight, ordering: .relaxed).newValue >= Self.tolerance,
            !isDemoted.exchange(true, ordering: .relaxed)
        {
            onDemotion()
        }
    }
}
