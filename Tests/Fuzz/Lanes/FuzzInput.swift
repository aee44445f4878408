// What libFuzzer came up with, read as what a runner does: one after the other, until nothing is left.

import HostLanes

/// Bytes that stand for steps and numbers. Whatever is missing at the end is 0.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func plain(_ count: Int) -> UInt64 { bytes(count).reduce(0) { $0 << 8 | UInt64($1) } }

    /// A number as it should be, or one that is hard on whoever calculates with it.
    mutating func number(or right: UInt64) -> UInt64 {
        let kind = byte()
        switch kind {
        case 0..<128: return right
        case 128..<144: return 0
        case 144..<160: return .max - plain(1)
        case 160..<176: return UInt64(RunnerMap.arena) &- plain(1)
        case 176..<192: return UInt64(RunnerMap.arena) &+ plain(1)
        case 192..<208: return plain(1) * UInt64(ArenaSpace.unit)
        case 208..<224: return plain(1)
        case 224..<240: return plain(2)
        case 240..<248: return right &+ plain(1)
        default: return plain(8)
        }
    }
}
