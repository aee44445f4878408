// The way of what a runner is told beside its calls: a ring with one reader, who sleeps where there is nothing.

import HostBase
import Synchronization

/// The host's side of a ring with one reader.
public struct HintSender: Sendable {
    private let ring: RingWriter
    private let bed: SharedWord
    private let memory: SharedMemory

    /// - Parameter name: of hints or of outcomes.
    public init(_ name: RunnerMap.RingName, _ map: RunnerMap, _ memory: SharedMemory) {
        self.memory = memory
        ring = RingWriter(map.ring(name, in: memory))
        bed = map.bed(ofReaderOf: name, in: memory)
    }

    /// - Returns: `false` where there is no room.
    public func send(_ entry: LaneEntry) -> Bool {
        guard ring.put(entry) else { return false }
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        if bed.value == 1, bed.exchange(0) == 1 { bed.wake() }
        return true
    }
}

/// The runner's side.
public struct HintReceiver: Sendable {
    private let ring: RingReader
    private let bed: SharedWord
    private let memory: SharedMemory

    /// - Parameter name: of hints or of outcomes.
    public init(_ name: RunnerMap.RingName, _ map: RunnerMap, _ memory: SharedMemory) {
        self.memory = memory
        ring = RingReader(map.ring(name, in: memory))
        bed = map.bed(ofReaderOf: name, in: memory)
    }

    /// The next entry; sleeps until there is one. One thread.
    public func next() -> LaneEntry {
        while true {
            if let entry = next(unless: { false }) { return entry }
        }
    }

    /// The next entry; sleeps until there is one, or until it is woken for something else. One thread.
    ///
    /// - Parameter hasOther: whether this process has something else to do for this thread.
    public func next(unless hasOther: () -> Bool) -> LaneEntry? {
        while true {
            if let entry = ring.take() { return entry }
            if hasOther() { return nil }
            _ = bed.exchange(1)
            atomicMemoryFence(ordering: .sequentiallyConsistent)
            if let entry = ring.take() {
                bed.set(0)
                return entry
            }
            if hasOther() {
                bed.set(0)
                return nil
            }
            while bed.value == 1 { bed.wait(while: 1) }
        }
    }

    /// Wakes the reader for something of this process's own, which is there already. Any thread.
    public func wake() {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        if bed.value == 1, bed.exchange(0) == 1 { bed.wake() }
    }
}
