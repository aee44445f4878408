// A tool earns its place on the event loop, keeps it through a hiccup and loses it for good.

import Dispatch
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

    /// Calls that use the processor all the time, looked at where the judge wants it.
    private func record(_ judge: InlineJudge, _ times: Int, _ duration: TimeAmount) {
        for _ in 0..<times {
            judge.record(duration, judge.wantsUsage ? ThreadUsage(processorTime: duration, waits: 0) : nil)
        }
    }

    @Test func aNewToolIsTriedOnTheWorkersFirst() {
        let (judge, _) = judge()
        record(judge, 15, .microseconds(10))
        #expect(!judge.mayRunInline)
        record(judge, 1, .microseconds(10))
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
            record(judge, 1, .milliseconds(30))
        }
        #expect(judge.mayRunInline)
        #expect(demotions.count.load(ordering: .relaxed) == 0)
    }

    @Test func repeatedOverrunsDemoteForGood() {
        let (judge, demotions) = judge()
        record(judge, 100, .microseconds(20))
        // The first one only raises suspicion.
        record(judge, 8, .milliseconds(2))
        #expect(judge.mayRunInline)
        record(judge, 1, .milliseconds(2))
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

    /// A tool that is interrupted by whatever else the machine runs has done nothing wrong.
    @Test func timeThatTheMachineTookIsNotHeldAgainstTheTool() {
        let (judge, demotions) = judge()
        record(judge, 16, .microseconds(20))
        for _ in 0..<1000 {
            let usage = judge.wantsUsage ? ThreadUsage(processorTime: .microseconds(20), waits: 0) : nil
            judge.record(.milliseconds(8), usage)
        }
        #expect(judge.mayRunInline)
        #expect(demotions.count.load(ordering: .relaxed) == 0)
    }

    /// Sleeping and waiting for locks or disks takes no processor time, and holds the loop all the same.
    @Test func aToolThatWaitsIsDemoted() {
        let (judge, demotions) = judge()
        record(judge, 16, .microseconds(20))
        for _ in 0..<9 {
            let usage = judge.wantsUsage ? ThreadUsage(processorTime: .microseconds(20), waits: 1) : nil
            judge.record(.milliseconds(8), usage)
        }
        #expect(!judge.mayRunInline)
        #expect(demotions.count.load(ordering: .relaxed) == 1)
    }

    /// Looking at the thread is a system call, so only suspicion pays for it.
    @Test func suspicionEnds() {
        let (judge, _) = judge()
        #expect(judge.wantsUsage)
        record(judge, 16, .microseconds(20))
        #expect(!judge.wantsUsage)
        record(judge, 1, .milliseconds(2))
        #expect(judge.wantsUsage)
        record(judge, 63, .microseconds(20))
        #expect(judge.wantsUsage)
        record(judge, 1, .microseconds(20))
        #expect(!judge.wantsUsage)
    }

    /// Finer than a tick of the system, which may be longer than what counts as an overrun.
    @Test func aThreadKnowsWhatItUsed() {
        let (began, before) = (NIODeadline.now(), ThreadUsage.now)
        let middle = ThreadUsage.now
        #expect(middle.processorTime > before.processorTime)
        #expect(middle.processorTime - before.processorTime <= NIODeadline.now() - began)
    }

    @Test func aThreadKnowsThatItWaited() {
        let before = ThreadUsage.now
        // The other thread may be there first, but not every time.
        for _ in 0..<10_000 where ThreadUsage.now.waits == before.waits {
            let turn = DispatchSemaphore(value: 0)
            DispatchQueue.global().async { turn.signal() }
            turn.wait()
        }
        #expect((ThreadUsage.now - before).waits > 0)
    }
}
