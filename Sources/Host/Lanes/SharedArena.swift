// The side of an arena that lends its blocks to the other one, and the side that reads them.

import DequeModule
import HostBase
import NIOConcurrencyHelpers

/// Blocks of an arena that this process hands out for the other one to read. They come back once that has marked them
/// as taken. Any thread.
public final class ArenaLender: Sendable {
    private struct State {
        var space = ArenaSpace(size: RunnerMap.arena)
        /// Blocks that the other side may still read, the oldest first.
        var lent: Deque<Int> = []
    }

    private let arena: RunnerMap.MarkedArena
    private let map: RunnerMap
    private let memory: SharedMemory
    private let state = NIOLockedValueBox(State())

    public init(_ arena: RunnerMap.MarkedArena, _ map: RunnerMap, _ memory: SharedMemory) {
        self.arena = arena
        self.map = map
        self.memory = memory
    }

    /// - Returns: where a block of at least so many bytes begins in the arena; `nil` where there is none at the moment.
    public func lend(_ size: Int) -> Int? {
        state.withLockedValue { state in
            // Nearly always the other side has long read what is the oldest.
            for _ in 0..<4 { guard reclaim(&state) else { break } }
            var offset = state.space.take(size)
            if offset == nil {
                for _ in 0..<state.lent.count where !reclaim(&state) {
                    // Not read yet: behind the others.
                    if let first = state.lent.popFirst() { state.lent.append(first) }
                }
                offset = state.space.take(size)
            }
            if let offset { state.lent.append(offset) }
            return offset
        }
    }

    private func reclaim(_ state: inout State) -> Bool {
        guard let offset = state.lent.first else { return false }
        let mark = map.mark(at: offset, of: arena, in: memory)
        guard mark.value != 0 else { return false }
        mark.set(0)
        state.space.giveBack(offset)
        state.lent.removeFirst()
        return true
    }

    /// The same with these bytes in it.
    public func lend(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let offset = lend(bytes.count) else { return nil }
        if let base = bytes.baseAddress {
            unsafe address(offset).copyMemory(from: base, byteCount: bytes.count)
        }
        return offset
    }

    public func lend(_ bytes: [UInt8]) -> Int? {
        unsafe bytes.withUnsafeBytes { unsafe lend($0) }
    }

    /// The other side never heard of the block.
    public func takeBack(_ offset: Int) { map.mark(at: offset, of: arena, in: memory).set(1) }

    /// Where a block lies in this process.
    @unsafe public func address(_ offset: Int) -> UnsafeMutableRawPointer {
        unsafe memory.start + map.start(of: arena.name) + offset
    }
}

/// The other side's blocks: nothing about them is believed.
public struct ArenaReader: Sendable {
    private let memory: SharedMemory
    private let start: Int

    public init(_ arena: RunnerMap.ArenaName, _ map: RunnerMap, _ memory: SharedMemory) {
        self.memory = memory
        start = map.start(of: arena)
    }

    /// Where bytes lie that the other side names.
    ///
    /// - Returns: `nil` where they are not all in the arena, or begin where no block does.
    @unsafe public func address(_ offset: UInt64, _ size: UInt64) -> UnsafeMutableRawPointer? {
        guard offset <= UInt64(RunnerMap.arena), size <= UInt64(RunnerMap.arena) - offset,
            offset % UInt64(ArenaSpace.unit) == 0
        else { return nil }
        return unsafe memory.start + start + Int(offset)
    }

    /// A copy, made once; what lies there may change at any moment.
    public func copy(_ offset: UInt64, _ size: UInt64) -> [UInt8]? {
        guard let place = unsafe address(offset, size) else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: place, count: Int(size)))
    }
}
