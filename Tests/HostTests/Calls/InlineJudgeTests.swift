// A tool earns its place on the event loop, keeps it through a hiccup and loses it for good.

import Dispatch
import NIOCore
import Synchronization
import Testing

@testable import HostCalls

@Suite struct InlineJudgeTests {
    /// A judge, and calls for it that come one after the other.
    private final class Trial {
        private final class Count: Sendable {
            let value = Atomic<Int>(0)
        }

        let judge: InlineJudge
        private let count: Count
        private(set) var now = NIODeadline.uptimeNanoseconds(1)

        init() {
            let count = Count()
            self.count = count
            judge = InlineJudge { count.value.add(1, ordering: .relaxed) }
        }

        var demotions: Int { count.value.load(ordering: .relaxed) }

        /// Calls that use the processor all the time.
        func record(_ times: Int, _ duration: TimeAmount) {
            for _ in 0..<times { record(duration, ThreadUsage(processorTime: duration, waits: 0)) }
        }

        /// - Parameter usage: found where the judge wants it.
        func record(_ duration: TimeAmount, _ usage: ThreadUsage) {
            let start = now
            now = start + duration
            judge.record(from: start, to: now, judge.wantsUsage ? usage : nil)
        }
    }

    @Test func aNewToolIsTriedOnTheWorkersFirst() {
        let trial = Trial()
        trial.record(15, .microseconds(10))
        #expect(!trial.judge.mayRunInline)
        trial.record(1, .microseconds(10))
        #expect(trial.judge.mayRunInline)
    }

    @Test func aToolThatIsAlwaysSlowNeverRunsInline() {
        let trial = Trial()
        trial.record(100, .milliseconds(5))
        #expect(!trial.judge.mayRunInline)
        #expect(trial.demotions == 1)
    }

    @Test func oneOverrunAmongManyIsForgiven() {
        let trial = Trial()
        for _ in 0..<100 {
            trial.record(50, .microseconds(20))
            trial.record(1, .milliseconds(30))
        }
        #expect(trial.judge.mayRunInline)
        #expect(trial.demotions == 0)
    }

    @Test func repeatedOverrunsDemoteForGood() {
        let trial = Trial()
        trial.record(100, .microseconds(20))
        // The first one only raises suspicion.
        trial.record(8, .milliseconds(2))
        #expect(trial.judge.mayRunInline)
        trial.record(1, .milliseconds(2))
        #expect(!trial.judge.mayRunInline)
        trial.record(1000, .microseconds(20))
        #expect(!trial.judge.mayRunInline)
        #expect(trial.demotions == 1)
    }

    /// With several event loops the good calls on the others would make up for it.
    @Test func callsThatUseTheProcessorTooLongAtTheSameTimeAllCount() {
        let trial = Trial()
        trial.record(17, .microseconds(20))
        let start = trial.now
        let usage = ThreadUsage(processorTime: .milliseconds(5), waits: 1)
        for _ in 0..<8 { trial.judge.record(from: start, to: start + .milliseconds(5), usage) }
        #expect(!trial.judge.mayRunInline)
    }

    @Test func callsBesideOneThatWaitedDoNotSpeakForTheTool() {
        let trial = Trial()
        trial.record(17, .microseconds(20))
        let usage = ThreadUsage(processorTime: .zero, waits: 1)
        var start = trial.now
        for _ in 0..<8 {
            let end = start + .milliseconds(5)
            trial.judge.record(from: start, to: end, usage)
            for _ in 0..<20 { trial.judge.record(from: start + .milliseconds(1), to: start + .milliseconds(1), nil) }
            start = end
        }
        #expect(!trial.judge.mayRunInline)
    }

    @Test func exactlyOneMillisecondIsNoOverrun() {
        let trial = Trial()
        trial.record(200, .milliseconds(1))
        #expect(trial.judge.mayRunInline)
        #expect(trial.demotions == 0)
    }

    /// A tool that is interrupted by whatever else the machine runs has done nothing wrong.
    @Test func timeThatTheMachineTookIsNotHeldAgainstTheTool() {
        let trial = Trial()
        trial.record(16, .microseconds(20))
        for _ in 0..<1000 {
            trial.record(.milliseconds(8), ThreadUsage(processorTime: .microseconds(20), waits: 0))
        }
        #expect(trial.judge.mayRunInline)
        #expect(trial.demotions == 0)
    }

    /// Sleeping and waiting for locks or disks takes no processor time, and holds the loop all the same.
    @Test func aToolThatWaitsIsDemoted() {
        let trial = Trial()
        trial.record(16, .microseconds(20))
        for _ in 0..<9 {
            trial.record(.milliseconds(8), ThreadUsage(processorTime: .microseconds(20), waits: 1))
        }
        #expect(!trial.judge.mayRunInline)
        #expect(trial.demotions == 1)
    }

    /// One thread was interrupted where the others wait for it.
    @Test func callsThatOverrunTogetherCountOnce() {
        let trial = Trial()
        trial.record(17, .milliseconds(2))
        #expect(trial.demotions == 1)
        let other = Trial()
        other.record(16, .microseconds(20))
        let waited = ThreadUsage(processorTime: .microseconds(20), waits: 1)
        for _ in 0..<7 {
            other.record(.milliseconds(4), waited)
            for _ in 0..<99 {
                other.judge.record(from: other.now - .milliseconds(4), to: other.now - .microseconds(1), waited)
            }
        }
        #expect(other.judge.mayRunInline)
        other.record(1, .milliseconds(4))
        #expect(other.demotions == 1)
    }

    /// Looking at the thread is a system call, so only suspicion pays for it.
    @Test func suspicionEnds() {
        let trial = Trial()
        #expect(trial.judge.wantsUsage)
        trial.record(16, .microseconds(20))
        #expect(!trial.judge.wantsUsage)
        trial.record(1, .milliseconds(2))
        #expect(trial.judge.wantsUsage)
        trial.record(63, .microseconds(20))
        #expect(trial.judge.wantsUsage)
        trial.record(1, .microseconds(20))
        #expect(!trial.judge.wantsUsage)
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
