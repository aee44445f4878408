// How much a pack's process may make the host do by waking it.

import NIOCore
import Testing

@testable import HostEngines

@Suite struct WakeBudgetTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// Spends until there is nothing left.
    ///
    /// - Returns: how often that went well, and for how long nobody looks then.
    private func exhaust(_ budget: inout WakeBudget, at now: NIODeadline) -> (Int, TimeAmount) {
        var count = 0
        while true {
            if let pause = budget.spend(at: now) { return (count, pause) }
            count += 1
        }
    }

    /// What is there after so long, and after so much was worth it.
    @Test(arguments: [
        (0, 0, 0), (1, 0, 0), (2, 0, 1), (10, 0, 9), (0, 10, 9), (5, 5, 9), (10_000, 0, 255), (0, 999, 255),
    ])
    func comesBack(milliseconds: Int64, earned: Int, count: Int) {
        var budget = WakeBudget(at: start)
        #expect(exhaust(&budget, at: start) == (WakeBudget.most - 1, WakeBudget.shortestPause))
        for _ in 0..<earned { budget.earn() }
        #expect(exhaust(&budget, at: start + .milliseconds(milliseconds)).0 == count)
    }

    @Test func partsOfATimeAreNotLost() {
        var budget = WakeBudget(at: start)
        _ = exhaust(&budget, at: start)
        for step in 1...5 {
            budget.earn()
            _ = budget.spend(at: start + .microseconds(Int64(step) * 900))
        }
        // Four and a half milliseconds.
        #expect(exhaust(&budget, at: start + .microseconds(4500)).0 == 3)
    }

    @Test func whoeverSpendsMuchIsNotHeardForLonger() {
        for (count, pause) in [(256, 5), (260, 5), (266, 11), (300, 45), (10_000, 257)] {
            var budget = WakeBudget(at: start)
            #expect(budget.spend(count, at: start) == .milliseconds(Int64(pause)))
            #expect(budget.spend(at: start + .milliseconds(Int64(pause) + 1)) == nil)
        }
    }

    /// Wakes as often as it may, for so many milliseconds.
    private func spendAll(_ budget: inout WakeBudget, from begin: NIODeadline, for milliseconds: Int64) -> NIODeadline {
        var now = begin
        while now < begin + .milliseconds(milliseconds) { now = now + exhaust(&budget, at: now).1 }
        return now
    }

    @Test func whoeverGoesOnIsEndless() {
        var budget = WakeBudget(at: start)
        let now = spendAll(&budget, from: start, for: 2990)
        #expect(!budget.isEndless(at: now))
        #expect(budget.isEndless(at: spendAll(&budget, from: now, for: 20)))
    }

    @Test func whoeverRestsInBetweenIsNot() {
        var budget = WakeBudget(at: start)
        var now = start
        for _ in 0..<10 {
            now = spendAll(&budget, from: now, for: 2000) + .milliseconds(200)
            #expect(budget.spend(at: now) == nil && !budget.isEndless(at: now))
        }
    }

    @Test func whoeverHasAReasonIsNeverStopped() {
        var budget = WakeBudget(at: start)
        // Every wake-up for something may be followed by one for nothing.
        for _ in 0..<100_000 {
            budget.earn()
            #expect(budget.spend(at: start) == nil)
        }
    }
}
