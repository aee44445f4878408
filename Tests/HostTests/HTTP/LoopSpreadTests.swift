import NIOCore
import Testing

@testable import HostHTTP

@Suite("Places of event loops")
struct LoopSpreadTests {
    private let now = NIODeadline.uptimeNanoseconds(5_000_000_000)

    private func seen(_ processor: Int, ago: TimeAmount = .zero) -> LoopSpread.Sighting {
        LoopSpread.Sighting(processor: processor, time: now - ago)
    }

    private func refuge(_ processor: Int, _ others: [LoopSpread.Sighting], _ allowed: [Int]) -> Int? {
        LoopSpread.refuge(from: processor, others, ProcessorSet(allowed), at: now)
    }

    @Test("A loop that is alone stays")
    func alone() {
        #expect(refuge(0, [], [0, 1]) == nil)
        #expect(refuge(0, [seen(1), seen(2)], [0, 1, 2, 3]) == nil)
    }

    @Test("A loop beside another moves to the next processor on which none is")
    func moves() {
        #expect(refuge(0, [seen(0)], [0, 1]) == 1)
        #expect(refuge(1, [seen(1)], [0, 1]) == 0)
        #expect(refuge(1, [seen(2), seen(1), seen(3)], [0, 1, 2, 3, 4]) == 4)
        #expect(refuge(3, [seen(3), seen(4)], [1, 2, 3, 4]) == 1)
    }

    @Test("It stays where it may not go elsewhere, or where loops are everywhere")
    func nowhere() {
        #expect(refuge(0, [seen(0)], [0]) == nil)
        #expect(refuge(0, [seen(0), seen(1)], [0, 1]) == nil)
    }

    @Test("What was seen long ago does not count")
    func memory() {
        let long = LoopSpread.memory
        #expect(refuge(0, [seen(0, ago: long)], [0, 1]) == nil)
        #expect(refuge(0, [seen(0, ago: long - .microseconds(1))], [0, 1]) == 1)
        #expect(refuge(0, [seen(0), seen(1, ago: long)], [0, 1]) == 1)
    }

    @Test("A sighting fits a word", arguments: [0, 1, 63, 64, 4095])
    func word(processor: Int) {
        let sighting = seen(processor)
        #expect(LoopSpread.Sighting(sighting.word) == sighting)
        let moment = seen(processor, ago: .nanoseconds(1))
        #expect(LoopSpread.Sighting(moment.word) == seen(processor, ago: .microseconds(1)))
    }

    @Test("After a move a thread may run wherever it might before")
    func untied() throws {
        let before = try #require(ProcessorSet.ofThisThread)
        #expect(before.contains(ProcessorSet.current))
        for round in 0..<100 {
            // Both loops are this thread, which is mostly where it was a moment ago.
            let places = LoopSpread(loops: 2)
            let time = now + .milliseconds(Int64(round))
            #expect(places.look(0, at: time))
            #expect(places.look(1, at: time))
            #expect(ProcessorSet.ofThisThread == before)
        }
    }

    @Test("A set of processors")
    func processors() {
        let set = ProcessorSet([0, 3, 64, 1023, 1024, -1])
        #expect([0, 3, 64, 1023].allSatisfy(set.contains))
        #expect(![1, 2, 63, 65, 1024, -1].contains(where: set.contains))
        #expect(set.next(after: 3) { _ in true } == 64)
        #expect(set.next(after: 1023) { _ in true } == 0)
        #expect(set.next(after: 3) { $0 < 3 } == 0)
        #expect(ProcessorSet([3]).next(after: 3) { _ in true } == nil)
    }
}
