// One life of a runner that does what an input says, against the host's own engine, desk and link.

import HostOutbound
import NIOCore
import NIOEmbedded
import Synchronization
import ToolABI

@testable import HostCaller
@testable import HostCalls
@testable import HostEngines
@testable import HostLanes

/// Whatever the runner writes: the host goes on, each call is answered once, by what was written about this very call,
/// and after something that no runner says nothing is believed any more.
struct FuzzedLife {
    /// What came to the callers, by the calls' numbers.
    private final class Record: Sendable {
        let ends = Mutex<[[CallEnd]]>([])
        /// That the link has told.
        let violations = Atomic(0)

        var answered: [Int] { ends.withLock { $0.map(\.count) } }
    }

    private static let mostCalls = 24
    private static let mostSteps = 200

    private let stage = FuzzedStage.shared
    private let record = Record()
    private let link: RunnerLink
    private let notes: RunnerNotes
    private let rings: [RingWriter]
    private var ids: [tool_call_id] = []
    private var calls: [Call?] = []
    /// Nothing was written to the rings but whole entries.
    private var isTidy = true

    /// - Parameter services: whether it was given http/1.
    private init(services: Bool) {
        FuzzedMemory.clear()
        let (map, memory) = (FuzzedMemory.map, FuzzedMemory.memory)
        _ = stage.engine.restartsByHand()
        guard stage.engine.begins() else { fatalError("the engine does not begin") }
        let broken = { @Sendable [record] (_: RunnerLink.Violation) -> Void in
            record.violations.add(1, ordering: .relaxed)
        }
        link = RunnerLink(
            map: map, memory: memory, loops: stage.engine.loops, pack: "fuzzed",
            requests: services ? stage.engine.requests(map, memory, broken: broken) : nil,
            desk: { [stage] in stage.desk }, broken: broken)
        notes = RunnerNotes(link, stage.engine)
        rings = [.answers(loop: 0), .answers(loop: 1), .notes].map { RingWriter(map.ring($0, in: memory)) }
        stage.engine.runs(link)
    }

    static func run(_ bytes: [UInt8], services: Bool) {
        var life = FuzzedLife(services: services)
        var input = FuzzInput(bytes)
        for _ in 0..<mostSteps where !input.isEmpty { life.step(&input) }
        life.end()
    }

    // MARK: Steps

    private mutating func step(_ input: inout FuzzInput) {
        switch input.byte() % 12 {
        case 0, 1: call(input.byte())
        case 2, 3, 4: answer(&input)
        case 5: note(&input)
        case 6: write(&input)
        case 7: fill(&input)
        case 8: receive(Int(input.byte()) % 2)
        case 9: cancel(input.byte())
        case 10: passTime(input.byte())
        default: look()
        }
    }

    private mutating func call(_ choice: UInt8) {
        guard ids.count < Self.mostCalls else { return }
        let index = record.ends.withLock { ends -> Int in
            ends.append([])
            return ends.count - 1
        }
        let tool = stage.tools[Int(choice) % stage.tools.count]
        let listener: CallDetails.ProgressReceiver = { _, _, _ in }
        let details = CallDetails(
            requestID: "r\(index)", principal: Principal(clientID: "c", clientIssuer: "i", scopes: []),
            onProgress: choice < 128 ? nil : listener)
        let call = stage.pipeline.start(
            tool, arguments: Array("{}".utf8), context: details, on: stage.loops[Int(choice) / 16 % 2]
        ) { [record] end in record.ends.withLock { $0[index].append(end) } }
        calls.append(call)
        ids.append(call?.id ?? 0)
    }

    /// An entry about a call or a request.
    private mutating func answer(_ input: inout FuzzInput) {
        let loop = Int(input.byte()) % 2
        let kinds: [LaneKind] = [.pending, .returned, .returned, .completed, .progress, .request, .forget, .watch]
        let choice = input.byte()
        let kind = choice < 240 ? kinds[Int(choice) % kinds.count].rawValue : UInt32(input.plain(4))
        let entry = entry(of: kind, &input)
        _ = rings[loop].put(entry)
        if input.byte() < 128 { receive(loop, about: entry) }
    }

    private mutating func note(_ input: inout FuzzInput) {
        let kinds: [LaneKind] = [.log, .fault, .twice, .refused, .slow]
        let choice = input.byte()
        let kind = choice < 240 ? kinds[Int(choice) % kinds.count].rawValue : UInt32(input.plain(4))
        _ = rings[2].put(entry(of: kind, &input))
        if input.byte() < 128 { _ = notes.read() }
    }

    private func entry(of kind: UInt32, _ input: inout FuzzInput) -> LaneEntry {
        let which = Int(input.byte())
        var entry = LaneEntry(.pending)
        entry.kind = kind
        let id = ids.isEmpty ? 0 : ids[which % ids.count]
        entry.id = input.number(or: kind == LaneKind.request.rawValue ? UInt64(which) : id)
        // Tickets are given out from the first one on.
        entry.ticket = input.number(or: UInt64(which % 8))
        entry.code = UInt32(truncatingIfNeeded: input.number(or: 0))
        entry.offset = input.number(or: UInt64(which % FuzzedMemory.blocks * ArenaSpace.unit))
        entry.size = input.number(or: 32)
        entry.more = input.number(or: 0)
        entry.most = input.number(or: 0)
        return entry
    }

    /// A number where the rings, the marks, the bells and the sleepers are.
    private mutating func write(_ input: inout FuzzInput) {
        isTidy = false
        let place = Int(input.plain(3)) % (FuzzedMemory.numbers / 8) * 8
        let value = input.number(or: 1)
        unsafe FuzzedMemory.memory.start.storeBytes(of: value, toByteOffset: place, as: UInt64.self)
    }

    private func fill(_ input: inout FuzzInput) {
        let block = Int(input.byte()) % FuzzedMemory.blocks
        let place = FuzzedMemory.map.start(of: .results) + block * ArenaSpace.unit
        let bytes = input.bytes(Int(input.byte()))
        unsafe bytes.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress {
                unsafe (FuzzedMemory.memory.start + place).copyMemory(from: base, byteCount: bytes.count)
            }
        }
    }

    private func cancel(_ choice: UInt8) {
        guard !calls.isEmpty, let call = calls[Int(choice) % calls.count] else { return }
        stage.desk.abandon(call)
    }

    /// What the event loops do meanwhile; some deadlines pass.
    private func passTime(_ choice: UInt8) {
        for loop in stage.loops { loop.run() }
        guard choice < 32, !calls.isEmpty, let call = calls[Int(choice) % calls.count] else { return }
        for loop in stage.loops { loop.advanceTime(to: call.deadline) }
    }

    private func look() {
        link.nudge()
        _ = link.isIdle
        _ = link.stuck(longerThan: .zero, at: .now() + .hours(1))
    }

    // MARK: Promises

    /// - Parameter entry: the one that was written last.
    private func receive(_ loop: Int, about entry: LaneEntry? = nil) {
        let before = (record.answered, record.violations.load(ordering: .relaxed))
        let open = Set(calls.compactMap(\.self).filter { !$0.isSettled }.map(\.id))
        while link.receive(loop: loop).mayHaveMore {}
        let violations = record.violations.load(ordering: .relaxed)
        if before.1 > 0, violations > before.1 { fatalError("a runner that is about to end is told of again") }
        guard isTidy, let entry, violations == before.1 else { return }
        let ends: [LaneKind] = [.returned, .completed]
        if let kind = LaneKind(rawValue: entry.kind), ends.contains(kind), before.1 == 0, !open.contains(entry.id) {
            // One that has answered already may be settled, and cannot be again.
            fatalError("an answer was believed about a call that was not open")
        }
    }

    private func end() {
        link.settleAnswers()
        _ = notes.read()
        let isBroken = record.violations.load(ordering: .relaxed) > 0
        let cause: RunnerEnd.Cause = isBroken ? .nonsense("") : .asked
        _ = stage.engine.ended(link, RunnerEnd(way: .unknown, cause: cause, uptime: .zero), culprit: nil)
        // Calls that waited for a place wait for the next start for a while, and others behind them.
        for _ in 0...Self.mostCalls {
            for loop in stage.loops { loop.advanceTime(to: .now() + .seconds(5)) }
        }
        let (answered, violations) = (record.answered, record.violations.load(ordering: .relaxed))
        precondition(answered.allSatisfy { $0 == 1 }, "calls were answered \(answered) times")
        precondition(stage.desk.openCalls == 0, "\(stage.desk.openCalls) calls are still open")
        precondition(stage.pipeline.calls.all(of: stage.desk).isEmpty, "a call is kept")
        for loop in 0..<2 { _ = link.receive(loop: loop) }
        precondition(record.answered == answered, "something is believed after the end")
        precondition(record.violations.load(ordering: .relaxed) == violations, "something is told after the end")
    }
}
