// A tool earns its place on the event loop, keeps it through a hiccup and loses it for good.

import NIOCore
import Synchronization
import Testing

@testable import ToolHost

@Suite struct InlineJudgeTests {
    private final class Demotions: Sendable {
        let count = Atomic<Int>(0)
    }

    private func judge() -> (InlineJudge, Demotions) {
        let demotions = Demotions()
        return (InlineJudge { demotions.count.add(1, ordering: .relaxed) }, demotions)
    }

    private func record(_ judge: InlineJudge, _ times: Int, _ duration: TimeAmount) {
        for _ in 0..<times { judge.record(duration) }
    }

    @Test func aNewToolIsTriedOnTheWorkersFirst() {
        let (judge, _) = judge()
        record(judge, 15, .microseconds(10))
        #expect(!judge.mayRunInline)
        judge.record(.microseconds(10))
        #expect(judge.mayRunInline)
    }

    @Test func aToolThatIsAlwaysSlowNeverRunsInline() {
        let (judge, demotions) = judge()
        record(judge, 100, .milliseconds(5))
        #expect(!judge.mayRunInline)
        #expect(demotions.count.load(ordering: .relaxed) == 1)
    }

    @Test func oneOverrunAmongManyIsForgiven() {
        let (judge, demotions) = judge()
        for _ in 0..<100 {
            record(judge, 50, .microseconds(20))
            judge.record(.milliseconds(30))
        }
        #expect(judge.mayRunInline)
        #expect(demotions.count.load(ordering: .relaxed) == 0)
    }

    @Test func repeatedOverrunsDemoteForGood() {
        let (judge, demotions) = judge()
        record(judge, 100, .microseconds(20))
        record(judge, 8, .milliseconds(2))
        #expect(!judge.mayRunInline)
        record(judge, 1000, .microseconds(20))
        #expect(!judge.mayRunInline)
        #expect(demotions.count.load(ordering: .relaxed) == 1)
    }

    @Test func exactlyOneMillisecondIsNoOverrun() {
        let (judge, demotions) = judge()
        record(judge, 200, .milliseconds(1))
        #expect(judge.mayRunInline)
        #expect(demotions.count.load(ordering: .relaxed) == 0)
    }
}
