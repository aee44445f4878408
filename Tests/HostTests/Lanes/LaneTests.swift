// Rings between two sides: nothing is lost, nothing comes twice, and a side that writes nonsense harms nobody but
// itself.

import CGlibc
import Glibc
import HostBase
import Synchronization
import Testing

@testable import HostLanes

@Suite(.timeLimit(.minutes(2))) struct LaneTests {
    private static let map = RunnerMap(loops: 2, calls: 64)

    private static func memory() throws -> SharedMemory { try SharedMemory("lanes", size: map.size) }

    @Test func memoryKeepsItsSize() throws {
        let memory = try Self.memory()
        #expect(ftruncate(memory.descriptor, 0) == -1 && errno == EPERM)
        #expect(ftruncate(memory.descriptor, off_t(memory.size + 4096)) == -1 && errno == EPERM)
        let copy = try SharedMemory(attaching: dup(memory.descriptor), size: memory.size)
        Self.map.bell(of: .notes, in: memory).set(7)
        #expect(Self.map.bell(of: .notes, in: copy).value == 7)
        #expect(throws: FileStatus.Failure.self) {
            try SharedMemory(attaching: dup(memory.descriptor), size: memory.size + 4096)
        }
        // The other process needs none once it has the memory.
        #expect(memory.descriptor >= 0 && copy.descriptor == -1)
        Self.map.bell(of: .notes, in: copy).set(8)
        #expect(Self.map.bell(of: .notes, in: memory).value == 8)
        #expect(memory.held > 0 && memory.held < 1 << 20 && copy.held == 0)
    }

    @Test func wordsAreNoLongerThanTheyMayBe() {
        for (longest, isBroken) in [(Int.max, false), (100, false), (99, true)] {
            var reader = LifeReader()
            reader.longest = longest
            let frame = LifeFrame(.refused, Array(repeating: 1, count: 100))
            reader.append(frame.bytes)
            #expect(reader.next() == (isBroken ? nil : frame))
            #expect(reader.isBroken == isBroken)
        }
    }

    /// Whoever has the other end can take bytes out of it, and let it come to an end.
    @Test func aPipeThatNeverEnds() throws {
        var byte: UInt8 = 0
        for (make, result) in [(DescriptorPair.pipe, 0), (DescriptorPair.endlessPipe, -1)] {
            let pair = try #require(make(1))
            #expect(unsafe write(pair.theirs, "x", 1) == 1)
            #expect(unsafe read(pair.ours, &byte, 1) == 1)
            #expect(unsafe read(pair.ours, &byte, 1) == -1 && errno == EAGAIN)
            pair.closeTheirs()
            #expect(unsafe read(pair.ours, &byte, 1) == result)
            let ours = pair.takeOurs()
            #expect(pair.ours == -1)
            #expect(close(ours) == 0)
        }
    }

    @Test func ringsTakeWhatTheyHaveRoomForInOrder() throws {
        let memory = try Self.memory()
        let cells = Self.map.ring(.answers(loop: 1), in: memory)
        let (writer, reader) = (RingWriter(cells), RingReader(cells))
        for round in 0..<3 as Range<UInt64> {
            var count: UInt64 = 0
            while writer.put(LaneEntry(.pending, id: round << 32 | count)) { count += 1 }
            #expect(count == UInt64(Self.map.callCells))
            for number in 0..<count { try #require(reader.take()?.id == round << 32 | number) }
            #expect(reader.take() == nil)
        }
    }

    @Test func partsOfTheMemoryDoNotOverlap() throws {
        let memory = try Self.memory()
        let rings: [RunnerMap.RingName] = [
            .calls, .hints, .outcomes, .notes, .answers(loop: 0), .answers(loop: 1),
        ]
        for (number, name) in rings.enumerated() {
            let writer = RingWriter(Self.map.ring(name, in: memory))
            while writer.put(LaneEntry(.call, id: UInt64(number))) {}
        }
        for worker in 0..<RunnerMap.mostWorkers { Self.map.bed(ofWorker: worker, in: memory).set(.max) }
        for name in rings { Self.map.bell(of: name, in: memory).set(.max) }
        for name in [rings[1], rings[2]] { Self.map.bed(ofReaderOf: name, in: memory).set(.max) }
        Self.map.sleepers(in: memory).set(.max)
        let marked: [RunnerMap.MarkedArena] = [.outcomes, .results]
        for arena in marked {
            for offset in [0, RunnerMap.arena - ArenaSpace.unit] {
                Self.map.mark(at: offset, of: arena, in: memory).set(UInt32(arena.rawValue) + 1)
            }
        }
        let arenas: [RunnerMap.ArenaName] = [.calls, .outcomes, .results]
        for (number, name) in arenas.enumerated() {
            let place = unsafe memory.start + Self.map.start(of: name)
            for offset in [0, RunnerMap.arena - 1] {
                unsafe place.storeBytes(of: UInt8(number + 1), toByteOffset: offset, as: UInt8.self)
            }
        }
        for (number, name) in arenas.enumerated() {
            let arena = ArenaReader(name, Self.map, memory)
            #expect(arena.copy(0, 1) == [UInt8(number + 1)])
            #expect(arena.copy(0, UInt64(RunnerMap.arena))?.last == UInt8(number + 1))
        }
        for arena in marked {
            #expect(Self.map.mark(at: 0, of: arena, in: memory).value == UInt32(arena.rawValue) + 1)
        }
        for (number, name) in rings.enumerated() {
            let reader = RingReader(Self.map.ring(name, in: memory))
            var count = 0
            while let entry = reader.take() {
                try #require(entry == LaneEntry(.call, id: UInt64(number)))
                count += 1
            }
            #expect(count == Self.map.callCells)
        }
    }

    @Test func theLargestMapHasRoomForItsBells() throws {
        let map = RunnerMap(loops: RunnerMap.mostLoops, calls: RunnerMap.mostCalls)
        let memory = try SharedMemory("toolhost-test", size: map.size)
        let last = RunnerMap.RingName.answers(loop: map.loops - 1)
        let writers: [RingWriter] = [RunnerMap.RingName.calls, last].map { RingWriter(map.ring($0, in: memory)) }
        for writer in writers { #expect(writer.put(LaneEntry(.call, id: 1))) }
        map.bed(ofWorker: RunnerMap.mostWorkers - 1, in: memory).set(7)
        for loop in 0..<map.loops { map.bell(of: .answers(loop: loop), in: memory).set(.max) }
        map.bell(of: .notes, in: memory).set(.max)
        map.mark(at: RunnerMap.arena - ArenaSpace.unit, of: .results, in: memory).set(1)
        #expect(map.bed(ofWorker: RunnerMap.mostWorkers - 1, in: memory).value == 7)
        for name in [RunnerMap.RingName.calls, last] {
            let reader = RingReader(map.ring(name, in: memory))
            #expect(reader.take() == LaneEntry(.call, id: 1) && reader.take() == nil)
        }
        #expect(map.start(of: .results) + RunnerMap.arena == map.size)
    }

    @Test func whatNobodyHasTakenIsKnown() throws {
        let memory = try Self.memory()
        let sender = CallSender(Self.map, memory)
        let receiver = CallReceiver(Self.map, memory)
        #expect(sender.untaken.isEmpty)
        // More than once around.
        for id in 1...UInt64(3 * Self.map.callCells) {
            #expect(sender.put(LaneEntry(.call, id: id)))
            if id > 3 { #expect(receiver.next(worker: 0).id == id - 3) }
            #expect(sender.untaken == Set(id - min(2, id - 1)...id))
        }
    }

    @Test func callsReachWorkersThatSleep() throws {
        let memory = try Self.memory()
        let sender = CallSender(Self.map, memory)
        let receiver = CallReceiver(Self.map, memory)
        let seen = Mutex<[UInt64: Int]>([:])
        let (workers, senders, each) = (4, 3, 20_000 as UInt64)
        let left = Atomic<Int>(workers)
        for worker in 0..<workers {
            let isThere =
                Thread.start("lane-worker") {
                    var mine: [UInt64] = []
                    while true {
                        let entry = (worker % 2 == 0 ? receiver.takeSoon() : nil) ?? receiver.next(worker: worker)
                        if entry.id == 0 { break }
                        mine.append(entry.id)
                    }
                    seen.withLock { seen in for id in mine { seen[id, default: 0] += 1 } }
                    left.subtract(1, ordering: .releasing)
                }
            try #require(isThere)
        }
        let done = Atomic<Int>(0)
        for number in 0..<senders {
            let isThere =
                Thread.start("lane-sender") {
                    for count in 1...each {
                        while !sender.put(LaneEntry(.call, id: UInt64(number) << 32 | count)) { sched_yield() }
                        sender.wake()
                        if count % 64 == 0 { usleep(50) }
                    }
                    done.add(1, ordering: .releasing)
                }
            try #require(isThere)
        }
        while done.load(ordering: .acquiring) < senders { usleep(1000) }
        for _ in 0..<workers {
            while !sender.put(LaneEntry(.call)) { sched_yield() }
            sender.wake()
        }
        while left.load(ordering: .acquiring) > 0 { usleep(1000) }
        seen.withLock { seen in
            #expect(seen.count == senders * Int(each) && seen.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func answersWakeALoopThatRests() throws {
        let memory = try Self.memory()
        let event = make_event(0, Int32(event_does_not_block))
        try #require(event >= 0)
        defer { close(event) }
        let sender = AnswerSender(.answers(loop: 0), event: event, Self.map, memory)
        let receiver = AnswerReceiver(.answers(loop: 0), Self.map, memory)
        let count = 50_000 as UInt64
        let isThere =
            Thread.start("lane-answers") {
                for id in 1...count {
                    while sender.send(LaneEntry(.returned, id: id)) == .full { sched_yield() }
                    if id % 128 == 0 { usleep(20) }
                }
            }
        try #require(isThere)
        var expected = 1 as UInt64
        while expected <= count {
            while let entry = receiver.take() ?? receiver.rest() {
                try #require(entry.id == expected)
                expected += 1
            }
            if expected > count { break }
            var entry = pollfd(fd: event, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&entry, 1, 10_000)
            try #require(count == 1, "nobody rang")
            var number: UInt64 = 0
            _ = unsafe read(event, &number, 8)
        }
        #expect(receiver.rest() == nil)
    }

    @Test func whoCannotBeWokenIsSaid() throws {
        let memory = try Self.memory()
        let sender = AnswerSender(.notes, event: -1, Self.map, memory)
        let receiver = AnswerReceiver(.notes, Self.map, memory)
        #expect(sender.send(LaneEntry(.log)) == .sent)
        #expect(receiver.take() != nil && receiver.rest() == nil)
        #expect(sender.send(LaneEntry(.log)) == .lost)
    }

    /// The other side writes anything anywhere: neither side of ours traps, or works for ever.
    @Test func nonsenseEndsNothing() throws {
        let memory = try Self.memory()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let sender = CallSender(Self.map, memory)
            let hints = HintSender(.hints, Self.map, memory)
            let answers = AnswerReceiver(.answers(loop: 0), Self.map, memory)
            let arena = ArenaReader(.results, Self.map, memory)
            let words = memory.size - 3 * RunnerMap.arena
            for _ in 0..<2_000 {
                let place = Int.random(in: 0..<words / 8, using: &random) * 8
                let value = Bool.random(using: &random) ? UInt64.random(in: 0..<8) : UInt64.random(in: 0 ... .max)
                unsafe memory.start.storeBytes(of: value, toByteOffset: place, as: UInt64.self)
            }
            for id in 0..<2_000 as Range<UInt64> {
                _ = sender.put(LaneEntry(.call, id: id))
                sender.wake()
                sender.nudge()
                _ = hints.send(LaneEntry(.cancel, id: id))
            }
            for _ in 0..<answers.most {
                guard let entry = answers.take() else { break }
                _ = arena.copy(entry.offset, min(entry.size, 100))
            }
            _ = answers.rest()
        }
    }

    @Test(arguments: [
        (0 as UInt64, 10 as UInt64, true), (4096, 4096, true), (1, 1, false), (UInt64(RunnerMap.arena), 0, true),
        (UInt64(RunnerMap.arena), 1, false), (0, UInt64(RunnerMap.arena) + 1, false), (.max, 1, false),
        (4096, .max, false), (.max - 4095, 8192, false),
    ])
    func whatLiesOutsideIsNotRead(offset: UInt64, size: UInt64, isInside: Bool) throws {
        let arena = ArenaReader(.results, Self.map, try Self.memory())
        #expect((unsafe arena.address(offset, size) != nil) == isInside)
    }
}
