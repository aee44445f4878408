// The processors on which a thread may run.

import CGlibc

/// A set of processors by their numbers, as sched_setaffinity(2) has it.
struct ProcessorSet: Equatable, Sendable {
    /// As many as glibc's cpu_set_t.
    private static let words = 16

    /// A bit for each.
    private var mask = [UInt](repeating: 0, count: words)

    init(_ processors: [Int] = []) {
        for processor in processors where processor >= 0 && processor < mask.count * UInt.bitWidth {
            mask[processor / UInt.bitWidth] |= 1 << UInt(processor % UInt.bitWidth)
        }
    }

    /// Where the calling thread may run; `nil` where the system does not say.
    static var ofThisThread: ProcessorSet? {
        var set = ProcessorSet()
        let isKnown = unsafe set.mask.withUnsafeMutableBufferPointer { mask in
            unsafe get_affinity(0, UInt(mask.count * MemoryLayout<UInt>.stride), mask.baseAddress) >= 0
        }
        return isKnown ? set : nil
    }

    /// The one that the calling thread is running on; -1 where the system does not say.
    static var current: Int { Int(current_processor()) }

    func contains(_ processor: Int) -> Bool {
        guard processor >= 0, processor < mask.count * UInt.bitWidth else { return false }
        return mask[processor / UInt.bitWidth] & (1 << UInt(processor % UInt.bitWidth)) != 0
    }

    /// The first one behind `processor`, in a circle, that `isWanted`.
    func next(after processor: Int, where isWanted: (Int) -> Bool) -> Int? {
        let all = Self.words * UInt.bitWidth
        return (1..<all).lazy.map { (processor + $0) % all }.first { contains($0) && isWanted($0) }
    }

    /// Moves the calling thread here, to go on right away.
    ///
    /// - Returns: whether the system did it.
    func adopt() -> Bool {
        unsafe mask.withUnsafeBufferPointer { mask in
            unsafe set_affinity(0, UInt(mask.count * MemoryLayout<UInt>.stride), mask.baseAddress) == 0
        }
    }
}
