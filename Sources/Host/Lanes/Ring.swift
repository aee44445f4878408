// A queue of entries in shared memory, of fixed length, which many threads of one process write and many of another
// one read.

import Synchronization

/// The cells of a ring: each a number that says whose turn it is, and an entry.
///
/// The queue is that of Dmitry Vyukov ("Bounded MPMC queue"), with turns counted by rounds, so that memory of zeros is
/// an empty ring: in round n a cell whose number is 2n may be written, and read where it is 2n + 1. Each side keeps for
/// itself where it is in line. So whatever the other one writes, it can only make a ring look full or empty, or fill it
/// with nonsense.
@safe public struct RingCells: Sendable {
    /// Bytes of a cell, those of a cache line.
    public static let cellSize = 64

    /// In shared memory, which whoever has this keeps.
    private nonisolated(unsafe) let start: UnsafeMutableRawPointer
    private let mask: UInt64
    private let bits: UInt64

    var count: Int { Int(mask) + 1 }

    /// - Parameters:
    ///   - start: of `count` cells, at a multiple of 64.
    ///   - count: a power of two.
    @unsafe public init(at start: UnsafeMutableRawPointer, count: Int) {
        precondition(count > 0 && count & (count - 1) == 0, "a ring has a power of two of cells")
        unsafe self.start = start
        mask = UInt64(count - 1)
        bits = UInt64(count.trailingZeroBitCount)
    }

    /// The number of a cell that may be written at this place in line.
    @inline(__always)
    fileprivate func turn(_ place: UInt64) -> UInt64 { (place >> bits) << 1 }

    @inline(__always)
    private func cell(_ place: UInt64) -> UnsafeMutableRawPointer {
        unsafe start + Int(place & mask) * Self.cellSize
    }

    @inline(__always)
    fileprivate func number(_ place: UInt64) -> SharedNumber { unsafe SharedNumber(at: cell(place)) }

    @inline(__always)
    fileprivate func write(_ entry: LaneEntry, at place: UInt64) {
        unsafe (cell(place) + 8).storeBytes(of: entry, as: LaneEntry.self)
        number(place).set(turn(place) &+ 1)
    }

    fileprivate func entry(at place: UInt64) -> LaneEntry {
        unsafe (cell(place) + 8).loadUnaligned(as: LaneEntry.self)
    }

    @inline(__always)
    fileprivate func take(at place: UInt64) -> LaneEntry {
        let entry = unsafe (cell(place) + 8).loadUnaligned(as: LaneEntry.self)
        number(place).set(turn(place) &+ 2)
        return entry
    }
}

/// The side of a ring that writes. Any thread.
public final class RingWriter: Sendable {
    private let cells: RingCells
    private let next = Atomic<UInt64>(0)
    /// How often a place is looked for that somebody else takes first, or that the other side says is taken.
    private static let attempts = 64

    public init(_ cells: RingCells) {
        self.cells = cells
    }

    /// Whether the latest entry has not been read yet, as far as the other side says.
    public var isUnread: Bool {
        let last = next.load(ordering: .relaxed) &- 1
        return last != .max && cells.number(last).value == cells.turn(last) &+ 1
    }

    /// The entries that have not been read, as far as the other side says, which may have changed them as well.
    public var unread: [LaneEntry] {
        let end = next.load(ordering: .relaxed)
        return (end - min(end, UInt64(cells.count))..<end).compactMap { place in
            cells.number(place).value == cells.turn(place) &+ 1 ? cells.entry(at: place) : nil
        }
    }

    /// - Returns: `false` where the ring is full, or its other side has made it unusable.
    public func put(_ entry: LaneEntry) -> Bool {
        for _ in 0..<Self.attempts {
            let place = next.load(ordering: .relaxed)
            let (number, turn) = (cells.number(place).value, cells.turn(place))
            if number == turn {
                guard next.weakCompareExchange(expected: place, desired: place &+ 1, ordering: .relaxed).exchanged
                else { continue }
                cells.write(entry, at: place)
                return true
            }
            // Not read yet.
            if number < turn { return false }
        }
        return false
    }
}

/// The side of a ring that reads. Any thread.
public final class RingReader: Sendable {
    private let cells: RingCells
    private let next = Atomic<UInt64>(0)
    private static let attempts = 64

    /// How many entries it has at most.
    public var capacity: Int { cells.count }

    public init(_ cells: RingCells) {
        self.cells = cells
    }

    /// Whether there is an entry, or was one a moment ago.
    public var hasMore: Bool {
        let place = next.load(ordering: .relaxed)
        return cells.number(place).value == cells.turn(place) &+ 1
    }

    /// The next entry, as it was when it was looked at; `nil` where there is none.
    public func take() -> LaneEntry? {
        for _ in 0..<Self.attempts {
            let place = next.load(ordering: .relaxed)
            guard cells.number(place).value == cells.turn(place) &+ 1 else {
                // Somebody else may have been quicker.
                if next.load(ordering: .relaxed) == place { return nil }
                continue
            }
            if next.weakCompareExchange(expected: place, desired: place &+ 1, ordering: .relaxed).exchanged {
                return cells.take(at: place)
            }
        }
        return nil
    }
}
