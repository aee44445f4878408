// What a runner says of its calls, and what the host makes of it: each is answered once, and nonsense ends the runner
// alone.

import Glibc
import HostBase
import HostLanes
import NIOCore
import Synchronization
import Testing

@testable import HostCalls
@testable import HostEngines

@Suite(.timeLimit(.minutes(2))) struct RunnerLinkTests {
    /// Sizes that come to more than a number holds, or to more than there is.
    static let sizes: [(size: UInt64, more: UInt64)] = [
        (.max, 1), (1, .max), (.max, .max), (0, .max), (.max, 0), (UInt64(RunnerMap.arena) + 1, 0),
        (UInt64(RunnerMap.arena), 1), (0, 16 << 10 | 1), (101, 0),
    ]

    @Test(arguments: sizes, [LaneKind.returned, .completed, .progress])
    func nothingIsBelievedOfSizes(_ sizes: (size: UInt64, more: UInt64), kind: LaneKind) throws {
        let stage = try RunnerStage()
        let call = try #require(stage.call())
        var entry = LaneEntry(kind, id: call.id, size: sizes.size, more: sizes.more)
        // Of as many bytes it may be, and has no message at all.
        if kind == .progress { entry.size = sizes.size == 101 ? 8 : sizes.size }
        stage.say(entry)
        #expect(stage.violations.count == 1)
        #expect(stage.ends.allSatisfy { $0.isEmpty })
        stage.end()
        #expect(stage.ends.map(\.count) == [1] && stage.desk.openCalls == 0)
    }

    @Test(arguments: sizes, [LaneKind.log, .fault, .refused])
    func nothingIsBelievedOfSizesOfNotes(_ sizes: (size: UInt64, more: UInt64), kind: LaneKind) throws {
        let stage = try RunnerStage()
        let remark = stage.remark(LaneEntry(kind, offset: 4096, size: sizes.size, more: sizes.more))
        #expect(remark != nil)
    }

    @Test func theLongestLineOfALogIsTaken() throws {
        let stage = try RunnerStage()
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: 8192)
        for (count, isNote) in [(1, true), (2, false), (129, true), (131, false)] {
            let bytes = TextFrame.bytes(Array(repeating: text, count: count))
            let remark = stage.remark(LaneEntry(.log, offset: stage.block(bytes), size: UInt64(bytes.count)))
            #expect((remark == nil) == isNote, "\(count)")
        }
    }

    @Test func afterNonsenseNothingIsBelieved() throws {
        let stage = try RunnerStage()
        let call = try #require(stage.call())
        var nonsense = LaneEntry(.pending)
        nonsense.kind = 99
        stage.say(nonsense)
        stage.say(LaneEntry(.returned, id: call.id))
        stage.say(nonsense)
        #expect(stage.violations == ["an entry of kind 99"] && stage.ends.allSatisfy { $0.isEmpty })
        stage.end()
        #expect(stage.ends.map(\.count) == [1])
    }

    @Test func whoKeepsAThreadIsStuckAndNotWhoWaitsBehindIt() throws {
        let stage = try RunnerStage()
        let call = try #require(stage.call())
        let late = call.deadline + .seconds(60)
        func stuck(_ time: NIODeadline) -> String? { stage.link.stuck(longerThan: .seconds(2), at: time)?.tool }
        // A host that stood still has not seen it before.
        #expect(stuck(call.deadline - .nanoseconds(1)) == nil && stuck(late) == nil)
        // It lies on the ring.
        #expect(stuck(late + .seconds(2)) == nil)
        let taken = RingReader(RunnerStage.map.ring(.calls, in: stage.memory)).take()
        #expect(taken?.id == call.id)
        #expect(stuck(late + .seconds(2) - .nanoseconds(1)) == nil && stuck(late + .seconds(2)) == "tool")
        stage.end()
    }

    /// Each of them leaves its place to the next, which is refused as well.
    @Test func asManyAsWaitAreRefusedOneAfterTheOther() throws {
        let stage = try RunnerStage(calls: 40_000, delays: [.minutes(1)])
        for _ in 0..<40_000 { _ = stage.call() }
        stage.end(nil)
        #expect(stage.ends.allSatisfy { $0.count == 1 } && stage.ends.count == 40_000 && stage.desk.openCalls == 0)
    }

    @Test func whatComesAfterTheEndIsNobodysFault() throws {
        let stage = try RunnerStage()
        let call = try #require(stage.call())
        stage.end()
        stage.say(LaneEntry(.returned, id: call.id))
        #expect(stage.violations.isEmpty && stage.ends.map(\.count) == [1])
    }

    /// The ring of calls is full; the runner sees the arguments of a call come, guesses the rest and answers it.
    @Test(arguments: [LaneKind.pending, .returned])
    func aCallThatWasNeverGivenLeavesItsPlaceOnce(kind: LaneKind) throws {
        let stage = try RunnerStage()
        let cells = RunnerStage.map.ring(.calls, in: stage.memory)
        let writer = RingWriter(cells)
        while writer.put(LaneEntry(.call)) {}
        let hasLeft = Atomic(false)
        let isThere = Thread.start("guessing") {
            let block = unsafe stage.memory.start + RunnerStage.map.start(of: .calls)
            // What lies at the beginning may be copied last.
            while unsafe SharedWord(at: block + (1 << 20)).value == 0 {}
            _ = stage.put(LaneEntry(kind, id: 1))
            _ = stage.link.receive(loop: 0)
            hasLeft.store(true, ordering: .releasing)
        }
        try #require(isThere)
        // It takes a while to copy them.
        _ = stage.call([UInt8](repeating: UInt8(ascii: " "), count: 48 << 20))
        while !hasLeft.load(ordering: .acquiring) { sched_yield() }
        // All rings are empty again.
        unsafe memset(stage.memory.start, 0, RunnerStage.map.start(of: .calls))
        let reader = RingReader(cells)
        for _ in 0...RunnerStage.workers { _ = stage.call() }
        for _ in 0..<RunnerStage.workers {
            let entry = reader.take()
            #expect(entry?.kind == LaneKind.call.rawValue)
        }
        let tooMany = reader.take()
        #expect(tooMany == nil)
        stage.end()
        #expect(stage.ends.prefix(1 + RunnerStage.workers).allSatisfy { $0.count == 1 })
    }
}
