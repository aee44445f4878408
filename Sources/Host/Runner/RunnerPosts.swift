// What a runner tells the host: blocks of its arena, and entries on the rings that say what lies there.

import Glibc
import HostCalls
import HostLanes
import Synchronization
import ToolABI

/// Writes answers and notes. Any thread.
final class RunnerPosts: Sendable {
    private let arena: ArenaLender
    private let answers: [AnswerSender]
    private let notes: AnswerSender
    /// Lines of the log that there was no room for.
    private let lost = Atomic<UInt64>(0)

    private static let messageLimit = 16 << 10

    init(_ map: RunnerMap, _ memory: SharedMemory, notes: Int32, loops: [Int32]) {
        arena = ArenaLender(.results, map, memory)
        answers = loops.enumerated().map { AnswerSender(.answers(loop: $0), event: $1, map, memory) }
        self.notes = AnswerSender(.notes, event: notes, map, memory)
    }

    // MARK: Answers

    /// A block, however long it takes: a result cannot be left out.
    private func wait(for size: Int) -> Int {
        while true {
            if let offset = arena.lend(size) { return offset }
            // What it waits for may be in answers that nobody was woken for.
            for lane in answers.indices { wake(lane: lane) }
            usleep(200)
        }
    }

    /// - Parameters:
    ///   - kind: returned or completed.
    ///   - isHeld: whether whoever posts it wakes the host later (``wake(lane:)``).
    func answer(
        _ kind: LaneKind, _ id: tool_call_id, _ call: RunnerCalls.Open, _ result: borrowing PackResult,
        isHeld: Bool = false
    ) {
        var fault = result.fault
        var text = Array((fault ?? result.message).utf8.prefix(Self.messageLimit))
        var size = result.withContent { $0.count }
        if size + text.count > RunnerMap.arena {
            fault = "its result has \(size) bytes; \(RunnerMap.arena) are possible for a pack in a process of its own"
            text = Array((fault ?? "").utf8)
            size = 0
        }
        var entry = LaneEntry(
            kind, code: UInt32(bitPattern: result.status), id: id, ticket: call.ticket, size: UInt64(size),
            more: UInt64(text.count), most: UInt64(result.retryAfterMilliseconds))
        if fault != nil { entry.most |= LaneEntry.isFault }
        if call.hasSpoken { entry.most |= LaneEntry.hasSpoken }
        if size + text.count > 0 {
            let offset = wait(for: size + text.count)
            let block = unsafe arena.address(offset)
            if size > 0 {
                result.withContent { content in
                    unsafe content.withUnsafeBytes { unsafe block.copyMemory(from: $0.baseAddress!, byteCount: size) }
                }
            }
            unsafe text.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress { unsafe (block + size).copyMemory(from: base, byteCount: bytes.count) }
            }
            entry.offset = UInt64(offset)
        }
        if isHeld, answers.indices.contains(call.lane), answers[call.lane].put(entry) { return }
        post(entry, lane: call.lane)
    }

    /// Has the host look at the answers on a lane.
    func wake(lane: Int) {
        guard answers.indices.contains(lane), case .sent = answers[lane].wake() else { _exit(70) }
    }

    func pending(_ id: tool_call_id, _ call: RunnerCalls.Open) {
        post(LaneEntry(.pending, id: id, ticket: call.ticket), lane: call.lane)
    }

    private func post(_ entry: LaneEntry, lane: Int) {
        while !offer(entry, lane: lane) {
            wake(lane: lane)
            usleep(200)
        }
    }

    // MARK: What may be left out

    func progress(_ id: tool_call_id, _ call: RunnerCalls.Open, _ done: Double, _ total: Double, _ text: [UInt8]) {
        var bytes: [UInt8] = []
        for number in [done.bitPattern, total.bitPattern] {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
        bytes += text
        guard let offset = arena.lend(bytes), answers.indices.contains(call.lane) else { return }
        let entry = LaneEntry(
            .progress, id: id, ticket: call.ticket, offset: UInt64(offset), size: UInt64(bytes.count))
        if case .sent = answers[call.lane].send(entry) { return }
        arena.takeBack(offset)
    }

    func log(_ id: tool_call_id, level: Int32, _ texts: [[UInt8]]) {
        let bytes = TextFrame.bytes(texts)
        guard let offset = arena.lend(bytes) else { return lose() }
        let missing = lost.exchange(0, ordering: .relaxed)
        let entry = LaneEntry(
            .log, code: UInt32(bitPattern: level), id: id, offset: UInt64(offset), size: UInt64(bytes.count),
            more: missing)
        if case .sent = notes.send(entry) { return }
        arena.takeBack(offset)
        lost.add(missing, ordering: .relaxed)
        lose()
    }

    func fault(_ text: String) {
        let bytes = TextFrame.bytes([Array(text.utf8)])
        guard let offset = arena.lend(bytes) else { return }
        if case .sent = notes.send(LaneEntry(.fault, offset: UInt64(offset), size: UInt64(bytes.count))) { return }
        arena.takeBack(offset)
    }

    func twice(_ id: tool_call_id) { _ = notes.send(LaneEntry(.twice, id: id)) }

    private func lose() { lost.add(1, ordering: .relaxed) }

    // MARK: Requests, for which nobody waits

    /// - Returns: `false` where there is no room.
    func request(
        _ number: tool_http_id, _ call: RunnerCalls.Open?, _ head: RequestHead, _ body: UnsafeRawBufferPointer
    ) -> Bool {
        let bytes = head.bytes
        guard let start = arena.lend(bytes) else { return false }
        var entry = LaneEntry(
            .request, id: number, ticket: call?.ticket ?? 0, offset: UInt64(start), size: UInt64(bytes.count))
        if body.count > 0 {
            guard let offset = unsafe arena.lend(body) else {
                arena.takeBack(start)
                return false
            }
            (entry.most, entry.more) = (UInt64(offset), UInt64(body.count))
        }
        if offer(entry, lane: call?.lane ?? 0) { return true }
        arena.takeBack(start)
        if entry.more > 0 { arena.takeBack(Int(entry.most)) }
        return false
    }

    /// - Returns: `false` where there is no room.
    func forget(_ number: tool_http_id, lane: Int) -> Bool { offer(LaneEntry(.forget, id: number), lane: lane) }

    /// - Returns: `false` where there is no room.
    func watch(_ url: String) -> Bool {
        let bytes = Array(url.utf8)
        guard let offset = arena.lend(bytes) else { return false }
        if offer(LaneEntry(.watch, offset: UInt64(offset), size: UInt64(bytes.count)), lane: 0) { return true }
        arena.takeBack(offset)
        return false
    }

    /// For the host's log.
    func refused(_ kind: String, _ message: String, for call: tool_call_id) {
        let bytes = TextFrame.bytes([Array(kind.utf8), Array(message.utf8)])
        guard let offset = arena.lend(bytes) else { return }
        let entry = LaneEntry(.refused, id: call, offset: UInt64(offset), size: UInt64(bytes.count))
        if case .sent = notes.send(entry) { return }
        arena.takeBack(offset)
    }

    /// For the host's log.
    func slow(milliseconds: UInt64) { _ = notes.send(LaneEntry(.slow, more: milliseconds)) }

    /// Ends the process where the host cannot be told any more.
    private func offer(_ entry: LaneEntry, lane: Int) -> Bool {
        guard answers.indices.contains(lane) else { _exit(70) }
        switch answers[lane].send(entry) {
        case .sent: return true
        case .full: return false
        case .lost: _exit(70)
        }
    }
}
