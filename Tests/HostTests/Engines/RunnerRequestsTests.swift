// What a runner says of requests, and what the host makes of it: nothing of it is believed, and no outcome is lost.

import CGlibc
import HostLanes
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing
import ToolABI

@testable import HostEngines
@testable import HostOutbound

/// A runner that says whatever the test wants.
private final class Liar: Sendable {
    /// 512 cells.
    static let map = RunnerMap(loops: 1, calls: 1)

    let link: RunnerLink
    private let memory: SharedMemory
    private let blocks: ArenaLender
    private let ring: RingWriter
    private let outcomes: HintReceiver
    private let violations = Violations()

    /// - Parameter isServed: whether anything is sent for packs.
    init(isServed: Bool = true) throws {
        let (map, memory) = (Self.map, try SharedMemory("liar", size: Self.map.size))
        self.memory = memory
        blocks = ArenaLender(.results, map, memory)
        ring = RingWriter(map.ring(.answers(loop: 0), in: memory))
        outcomes = HintReceiver(.outcomes, map, memory)
        let outbound = Outbound(
            settings: try .of(["NEXTJS_URL": "http://localhost:9"]), group: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let requests = PackRequests(
            packID: "test", policy: outbound.policy(for: OutboundRules()), outbound: outbound, call: { _ in nil })
        let broken = { @Sendable [violations] (violation: RunnerLink.Violation) in violations.add(violation.text) }
        link = RunnerLink(
            map: map, memory: memory, loops: [outbound.eventLoop], pack: "test",
            requests: isServed ? RunnerRequests(requests, map, memory, broken: broken) : nil, desk: { nil },
            broken: broken)
    }

    private final class Violations: Sendable {
        private let texts = Mutex<[String]>([])
        func add(_ text: String) { texts.withLock { $0.append(text) } }
        var all: [String] { texts.withLock(\.self) }
    }

    var broken: [String] { violations.all }

    func say(_ entry: LaneEntry) {
        let hasRoom = ring.put(entry)
        #expect(hasRoom)
        _ = link.receive(loop: 0)
    }

    /// A block with these bytes.
    func block(_ bytes: [UInt8]) -> UInt64 { UInt64(blocks.lend(bytes) ?? -1) }

    /// Asks for what is not permitted, which the host says at once.
    func ask(_ number: UInt64, call: UInt64 = 0) {
        let head = RequestHead(method: "GET", url: "http://elsewhere/", call: call).bytes
        say(LaneEntry(.request, id: number, offset: block(head), size: UInt64(head.count)))
    }

    /// The next outcome, however long it takes.
    func next() throws -> (number: UInt64, status: tool_status) {
        let entry = outcomes.next()
        let bytes = ArenaReader(.outcomes, Self.map, memory).copy(entry.offset, entry.size)
        Self.map.mark(at: Int(entry.offset), of: .outcomes, in: memory).set(1)
        return (entry.id, try #require(bytes.flatMap { ResponseHead($0) }).status)
    }

    /// Whether the host has given all blocks back.
    var hasAllBlocks: Bool {
        guard let whole = blocks.lend(RunnerMap.arena) else { return false }
        blocks.takeBack(whole)
        return true
    }
}

@Suite(.timeLimit(.minutes(2))) struct RunnerRequestsTests {
    private static let good = RequestHead(method: "GET", url: "http://localhost:9/")

    @Test func whatMayNotBeSentIsSaidOnce() throws {
        let runner = try Liar()
        for number in 1...3 as ClosedRange<UInt64> {
            runner.ask(number)
            #expect(try runner.next() == (number, TOOL_E_DENIED))
        }
        #expect(runner.broken.isEmpty && runner.hasAllBlocks)
    }

    @Test func aRequestForACallThatTheRunnerHasNotIsCancelled() throws {
        let runner = try Liar()
        runner.ask(1, call: 17)
        #expect(try runner.next() == (1, TOOL_E_CANCELLED))
        #expect(runner.broken.isEmpty)
    }

    /// Entries that no runner sends.
    @Test(arguments: [
        (LaneEntry(.request, id: 0), good.bytes), (LaneEntry(.request, id: 1), [0]),
        (LaneEntry(.request, id: 1, size: .max), good.bytes), (LaneEntry(.request, id: 1, offset: 1), good.bytes),
        (LaneEntry(.request, id: 1, offset: .max), good.bytes),
        (LaneEntry(.request, id: 1, more: 64 << 20 + 1), good.bytes),
        (LaneEntry(.request, id: 1, more: .max, most: .max), good.bytes),
        (LaneEntry(.request, id: 1, more: 2, most: UInt64(RunnerMap.arena)), good.bytes),
        (LaneEntry(.request, id: 1, more: 2, most: 7), good.bytes), (LaneEntry(.watch), Array("nonsense".utf8)),
        (LaneEntry(.watch), [0xFF]), (LaneEntry(.watch), Array("http://elsewhere/".utf8)),
        (LaneEntry(.watch, size: .max), Array("http://localhost:9/".utf8)),
    ])
    func nothingIsBelieved(entry: LaneEntry, bytes: [UInt8]) throws {
        let runner = try Liar()
        var entry = entry
        let block = runner.block(bytes)
        if entry.offset == 0 { entry.offset = block }
        if entry.size == 0 { entry.size = UInt64(bytes.count) }
        runner.say(entry)
        #expect(runner.broken.count == 1)
    }

    @Test func aNumberIsUsedOnce() throws {
        let runner = try Liar()
        for expected in [0, 1] {
            // Nothing listens there, so that it stays open for a while.
            let head = Self.good.bytes
            runner.say(LaneEntry(.request, id: 1, offset: runner.block(head), size: UInt64(head.count)))
            #expect(runner.broken.count == expected)
        }
        _ = runner.link.end()
    }

    @Test func aServiceThatItWasNotGivenIsNotUsed() throws {
        for kind in [.request, .forget, .watch] as [LaneKind] {
            let runner = try Liar(isServed: false)
            runner.say(LaneEntry(kind, id: 1))
            #expect(runner.broken.count == 1)
        }
    }

    /// More than the ring has room for.
    @Test func outcomesWaitForRoom() throws {
        let runner = try Liar()
        let numbers = Array(1...900 as ClosedRange<UInt64>)
        for number in numbers { runner.ask(number) }
        let told = try numbers.map { _ in try runner.next() }
        #expect(told.map(\.number).sorted() == numbers && told.allSatisfy { $0.status == TOOL_E_DENIED })
        #expect(runner.broken.isEmpty && runner.hasAllBlocks)
    }

    @Test func aRunnerThatTakesNoOutcomesIsEnded() async throws {
        let runner = try Liar()
        var number: UInt64 = 0
        while runner.broken.isEmpty {
            number += 1
            runner.ask(number)
            try #require(number < 100_000)
            await Task.yield()
        }
        #expect(number > UInt64(RequestCheck.openLimit))
    }

    @Test func afterItsEndNobodyIsTold() throws {
        let runner = try Liar()
        for number in 1...600 as ClosedRange<UInt64> { runner.ask(number) }
        _ = runner.link.end()
        runner.ask(601)
        #expect(runner.broken.isEmpty)
    }
}
