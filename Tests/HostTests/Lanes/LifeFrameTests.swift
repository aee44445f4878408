// Messages about a runner's life come out as they went in, however they are cut; whatever is none ends the reading.

import Testing

@testable import HostLanes

@Suite struct LifeFrameTests {
    private static let frames = [
        LifeFrame(.described, [1, 2, 3]), LifeFrame(.started), LifeFrame(.refused, text: "ü"), LifeFrame(.stopped),
        LifeFrame(.described, Array(repeating: 7, count: 300)),
    ]

    @Test(arguments: [1, 2, 5, 7, 100, 1000])
    func theyComeOutHoweverTheyAreCut(size: Int) {
        let bytes = Self.frames.flatMap(\.bytes)
        var reader = LifeReader()
        var seen: [LifeFrame] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.append(bytes[start..<min(start + size, bytes.count)])
            while let frame = reader.next() { seen.append(frame) }
        }
        #expect(seen == Self.frames && !reader.isBroken)
    }

    @Test(arguments: [
        [0, 0, 0, 0, 0], [3, 0, 0, 0, 0], [66, 65, 0, 0, 0], [67, 1, 0, 1, 0], [65, 1, 0, 0, 4],
        [68, 0xFF, 0xFF, 0xFF, 0xFF],
    ])
    func whatIsNoneEndsTheReading(bytes: [UInt8]) {
        var reader = LifeReader()
        reader.append(LifeFrame(.started).bytes + bytes)
        #expect(reader.next() == LifeFrame(.started))
        #expect(reader.next() == nil && reader.isBroken)
        reader.append(LifeFrame(.started).bytes)
        #expect(reader.next() == nil)
    }

    @Test(arguments: [(66, 64), (67, 64 << 10), (65, 64 << 20)])
    func theLongestOfEachKindIsTaken(kind: UInt8, count: Int) {
        var reader = LifeReader()
        reader.append([kind] + (0..<4).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) })
        #expect(reader.next() == nil && !reader.isBroken)
    }
}
