// What an arena hands out never overlaps, and comes back whole.

import Testing

@testable import HostLanes

@Suite struct ArenaSpaceTests {
    private static let unit = ArenaSpace.unit

    @Test func blocksAreOfPowersOfTwoAndBeginAtMultiples() throws {
        var space = ArenaSpace(size: 8 * Self.unit)
        let (first, second) = (space.take(1), space.take(Self.unit * 3))
        let (small, large) = (try #require(first), try #require(second))
        #expect(small % Self.unit == 0 && large % (4 * Self.unit) == 0 && space.used == 5 * Self.unit)
        for size in [4 * Self.unit, 8 * Self.unit + 1, -1] {
            let none = space.take(size)
            #expect(none == nil)
        }
        let back = space.giveBack(large)
        let again = space.take(4 * Self.unit)
        #expect(back == 4 * Self.unit && again == large)
    }

    @Test(arguments: [-4096, 1, 4095, 4096, 2 * 4096, 8 * 4096, Int.max])
    func whatIsNotInUseIsNotTakenBack(offset: Int) throws {
        var space = ArenaSpace(size: 8 * Self.unit)
        let taken = space.take(1)
        let block = try #require(taken)
        let size = space.giveBack(offset)
        #expect(offset == block || size == nil)
        #expect(offset == block || space.used == Self.unit)
    }

    @Test func nothingComesBackTwice() throws {
        var space = ArenaSpace(size: 2 * Self.unit)
        let taken = space.take(1)
        let block = try #require(taken)
        let (once, twice) = (space.giveBack(block), space.giveBack(block))
        #expect(once != nil && twice == nil && space.isEmpty)
    }

    @Test func whatCameBackLastIsHandedOutNext() throws {
        var space = ArenaSpace(size: 8 * Self.unit)
        let taken = (0..<4).map { _ in space.take(1) }
        let blocks = try taken.map { try #require($0) }
        for block in blocks { space.giveBack(block) }
        let again = (0..<4).map { _ in space.take(1) }
        #expect(again == blocks.reversed())
    }

    @Test func whatIsKeptIsJoinedForALargerOne() throws {
        var space = ArenaSpace(size: 256 * Self.unit)
        let small = (0..<256).compactMap { _ in space.take(1) }
        let none = space.take(1)
        #expect(small.count == 256 && none == nil)
        for block in small { space.giveBack(block) }
        let whole = space.take(256 * Self.unit)
        #expect(whole == 0)
        let twice = space.giveBack(Self.unit)
        #expect(twice == nil)
    }

    @Test func anyOrderLeavesTheWhole() throws {
        var random = SystemRandomNumberGenerator()
        var space = ArenaSpace(size: 256 * Self.unit)
        var held: [(start: Int, size: Int)] = []
        for _ in 0..<20_000 {
            if held.count < 60, Bool.random(using: &random) {
                let size = Int.random(in: 0...(9 * Self.unit), using: &random)
                guard let start = space.take(size) else { continue }
                #expect(start >= 0 && start + size <= 256 * Self.unit)
                for other in held {
                    try #require(start + max(size, 1) <= other.start || other.start + max(other.size, 1) <= start)
                }
                held.append((start, size))
            } else if !held.isEmpty {
                let one = held.remove(at: Int.random(in: 0..<held.count, using: &random))
                let size = space.giveBack(one.start)
                try #require(size != nil)
            }
        }
        for one in held { space.giveBack(one.start) }
        let whole = space.take(256 * Self.unit)
        #expect(whole == 0)
    }
}
