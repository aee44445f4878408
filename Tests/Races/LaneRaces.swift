// Both sides of the memory that host and runner share, in one process, for ThreadSanitizer: many threads of each, that
// lend blocks to each other, sleep, are woken, and call off what is under way.
//
// Nothing here takes the lock in Swift's Mutex, which ThreadSanitizer does not know. It sees what the two sides have in
// common ordered by the numbers of the rings' cells and by the marks of blocks, or not at all.

import CGlibc
import Glibc
import HostBase
import HostLanes
import NIOConcurrencyHelpers
import Synchronization

/// Calls go to a few workers and come back as they should; some are called off meanwhile.
@main
final class LaneRaces: Sendable {
    private static let map = RunnerMap(loops: 2, calls: 64)
    private static let callers = 3
    private static let workers = 5

    /// What the host knows of a call.
    private struct Open {
        var offset: Int
        var size: Int
    }

    private struct Books {
        var space = ArenaSpace(size: RunnerMap.arena)
        var open: [UInt64: Open] = [:]
    }

    private let memory: SharedMemory
    private let each: UInt64
    private let books = NIOLockedValueBox(Books())
    private let calls: CallSender
    private let hints: HintSender
    private let ends: HintSender
    private let endBlocks: ArenaLender
    private let events: [Int32]
    private let posts: [AnswerSender]
    private let results: ArenaLender
    private let arguments: ArenaReader
    private let settled = Atomic<UInt64>(0)
    private let told = Atomic<UInt64>(0)
    private let calledOff = Atomic<UInt64>(0)

    private init(each: UInt64) throws {
        let map = Self.map
        let (memory, events) = (try SharedMemory("races", size: map.size), (0..<2).map { _ in make_event(0, 0) })
        (self.memory, self.events, self.each) = (memory, events, each)
        calls = CallSender(map, memory)
        hints = HintSender(.hints, map, memory)
        ends = HintSender(.outcomes, map, memory)
        endBlocks = ArenaLender(.outcomes, map, memory)
        posts = (0..<2).map { AnswerSender(.answers(loop: $0), event: events[$0], map, memory) }
        results = ArenaLender(.results, map, memory)
        arguments = ArenaReader(.calls, map, memory)
    }

    static func main() throws {
        let each = CommandLine.arguments.dropFirst().first.flatMap { UInt64($0) } ?? 5000
        let races = try LaneRaces(each: each)
        races.run()
        let all = UInt64(callers) * each
        print("\(all) calls, \(races.calledOff.load(ordering: .relaxed)) seen as called off, \(all) ends of requests")
    }

    private func run() {
        let all = UInt64(Self.callers) * each
        let receiver = CallReceiver(Self.map, memory)
        for worker in 0..<Self.workers { start { self.work(worker, receiver) } }
        start { self.listen() }
        start { self.takeEnds() }
        for loop in 0..<2 { start { self.receive(loop) } }
        for caller in 0..<Self.callers { start { self.call(UInt64(caller)) } }
        while settled.load(ordering: .acquiring) < all || told.load(ordering: .acquiring) < all { usleep(1000) }
        precondition(books.withLockedValue { $0.open.isEmpty && $0.space.isEmpty }, "a block is still in use")
    }

    private func start(_ body: @escaping @Sendable () -> Void) {
        precondition(Thread.start("race", body), "there is no thread")
    }

    /// A byte of a call's arguments, or of its result.
    private static func byte(_ id: UInt64, _ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: id &* 31 &+ UInt64(place))
    }

    // MARK: The host

    /// Where a call's arguments begin; before them lies the word by which it is called off.
    private static let head = 8

    private func call(_ caller: UInt64) {
        for count in 1...each {
            let id = caller << 32 | count
            let size = Self.head + Int(count % 5000)
            let offset = wait { self.books.withLockedValue { books in self.take(id, size, &books) } }
            let place = unsafe memory.start + Self.map.start(of: .calls) + offset
            unsafe SharedWord(at: place).set(0)
            for index in Self.head..<size {
                unsafe place.storeBytes(of: Self.byte(id, index), toByteOffset: index, as: UInt8.self)
            }
            let entry = LaneEntry(
                .call, id: id, offset: UInt64(offset), size: UInt64(size), most: UInt64(count % 2))
            wait { self.calls.put(entry) ? true : nil }
            if count % 3 == 0 { calls.wake() } else { calls.nudge() }
            if count % 4 == 0 { callOff(id) }
            end(id)
        }
        calls.wake()
    }

    private func take(_ id: UInt64, _ size: Int, _ books: inout Books) -> Int? {
        guard books.open.count < Self.map.calls, let offset = books.space.take(size) else { return nil }
        books.open[id] = Open(offset: offset, size: size)
        return offset
    }

    /// Nobody waits for it any more.
    private func callOff(_ id: UInt64) {
        books.withLockedValue { books in
            guard let open = books.open[id] else { return }
            unsafe SharedWord(at: memory.start + Self.map.start(of: .calls) + open.offset).set(1)
        }
        _ = hints.send(LaneEntry(.cancel, id: id))
    }

    /// A request has ended.
    private func end(_ id: UInt64) {
        let bytes = (0..<16).map { Self.byte(id, $0) }
        let offset = wait { self.endBlocks.lend(bytes) }
        let entry = LaneEntry(.outcome, id: id, offset: UInt64(offset), size: 16)
        wait { self.ends.send(entry) ? true : nil }
    }

    private func receive(_ loop: Int) {
        let lane = AnswerReceiver(.answers(loop: loop), Self.map, memory)
        let arena = ArenaReader(.results, Self.map, memory)
        while true {
            guard let entry = lane.take() ?? lane.rest() else {
                var count: UInt64 = 0
                _ = unsafe read(events[loop], &count, 8)
                continue
            }
            let bytes = arena.copy(entry.offset, entry.size)
            Self.map.mark(at: Int(entry.offset), of: .results, in: memory).set(1)
            let open = books.withLockedValue { books in
                let open = books.open.removeValue(forKey: entry.id)
                if let open { books.space.giveBack(open.offset) }
                return open
            }
            guard let bytes, let open, bytes.count == open.size - Self.head else { fatalError("a wrong answer") }
            precondition(bytes.indices.allSatisfy { bytes[$0] == Self.byte(entry.id, $0 + Self.head) })
            settled.add(1, ordering: .releasing)
        }
    }

    // MARK: The runner

    private func work(_ number: Int, _ receiver: CallReceiver) {
        while true {
            let entry = (number % 2 == 0 ? receiver.takeSoon() : nil) ?? receiver.next(worker: number)
            receiver.share()
            guard let block = unsafe arguments.address(entry.offset, entry.size) else { fatalError("a wrong call") }
            if unsafe SharedWord(at: block).value != 0 { calledOff.add(1, ordering: .relaxed) }
            let content = unsafe UnsafeRawBufferPointer(
                start: block + Self.head, count: Int(entry.size) - Self.head)
            let offset = wait { unsafe self.results.lend(content) }
            let answer = LaneEntry(
                .returned, id: entry.id, offset: UInt64(offset), size: UInt64(content.count))
            wait { self.posts[Int(entry.most)].send(answer) == .full ? nil : true }
        }
    }

    private func listen() {
        let receiver = HintReceiver(.hints, Self.map, memory)
        while true { precondition(receiver.next().kind == LaneKind.cancel.rawValue) }
    }

    private func takeEnds() {
        let receiver = HintReceiver(.outcomes, Self.map, memory)
        let arena = ArenaReader(.outcomes, Self.map, memory)
        while true {
            let entry = receiver.next()
            let bytes = arena.copy(entry.offset, entry.size)
            Self.map.mark(at: Int(entry.offset), of: .outcomes, in: memory).set(1)
            precondition(bytes == (0..<16).map { Self.byte(entry.id, $0) }, "a wrong end of a request")
            told.add(1, ordering: .releasing)
        }
    }

    /// Tries until there is room.
    @discardableResult
    private func wait<Value>(_ attempt: () -> Value?) -> Value {
        while true {
            if let value = attempt() { return value }
            calls.wake()
            sched_yield()
        }
    }
}
