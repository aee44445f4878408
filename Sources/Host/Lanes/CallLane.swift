// The way of calls into a runner: a ring that many threads of the host write, and many workers read, who sleep where
// there is nothing to do.

import Glibc
import HostBase
import Synchronization

/// The host's side: puts a call there, and wakes the first worker that sleeps, whose memory is the warmest.
public struct CallSender: Sendable {
    private let ring: RingWriter
    private let map: RunnerMap
    private let memory: SharedMemory

    public init(_ map: RunnerMap, _ memory: SharedMemory) {
        self.map = map
        self.memory = memory
        ring = RingWriter(map.ring(.calls, in: memory))
    }

    /// Puts a call there. Nobody is woken for it before ``wake()``: one wake-up for all calls that an event loop has
    /// read at once.
    ///
    /// - Returns: `false` where there is no room.
    public func put(_ entry: LaneEntry) -> Bool { ring.put(entry) }

    /// The calls that nobody has taken up, as far as the runner says, which may say anything.
    public var untaken: Set<UInt64> { Set(ring.unread.map(\.id)) }

    /// Has one worker look, who wakes others where it does not get to the rest itself.
    public func wake() { map.wakeWorker(in: memory) }

    /// Wakes one more where the latest call has not been taken.
    public func nudge() {
        if ring.isUnread { wake() }
    }
}

extension RunnerMap {
    /// How often a sleeper is looked for that somebody else wakes first, or that the other side only pretends to be.
    private static let attempts = 4

    /// Wakes the first worker that sleeps.
    fileprivate func wakeWorker(in memory: SharedMemory) {
        // Whoever goes to sleep says so before it looks a last time; so one of the two sees the other.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        let sleepers = sleepers(in: memory)
        for _ in 0..<Self.attempts {
            let asleep = sleepers.value
            let first = asleep & (~asleep &+ 1)
            if first == 0 { break }
            // No longer in the list, so that the next one wakes another.
            guard sleepers.remove(first) != 0 else { continue }
            let bed = bed(ofWorker: first.trailingZeroBitCount, in: memory)
            bed.set(1)
            bed.wake()
            break
        }
    }
}

/// The runner's side.
public struct CallReceiver: Sendable {
    private let ring: RingReader
    private let map: RunnerMap
    private let memory: SharedMemory

    public init(_ map: RunnerMap, _ memory: SharedMemory) {
        self.map = map
        self.memory = memory
        ring = RingReader(map.ring(.calls, in: memory))
    }

    /// Has another worker take up what is there besides.
    public func share() {
        if ring.hasMore { map.wakeWorker(in: memory) }
    }

    /// The next call; `nil` where there is none.
    public func take() -> LaneEntry? { ring.take() }

    /// How often others have a turn.
    private static let turns = 3

    /// The next call, where there is one once others have had a turn on this processor; `nil` where there is none.
    ///
    /// Whoever is busy need not be woken, and finds several calls in place of one: with 256 connections on two
    /// processors the rate was 0.5 of that inside the host without this, and is 0.9 with it. With one call at a time
    /// there is nothing to win, and a process that computes would have its whole turn first; so only a worker asks that
    /// has found more than one.
    public func takeSoon() -> LaneEntry? {
        for _ in 0..<Self.turns {
            sched_yield()
            if let entry = ring.take() { return entry }
        }
        return nil
    }

    /// The next call; sleeps until there is one.
    ///
    /// - Parameter worker: the number of the calling thread, which no other one has.
    public func next(worker: Int) -> LaneEntry {
        let sleepers = map.sleepers(in: memory)
        let bed = map.bed(ofWorker: worker, in: memory)
        while true {
            if let entry = ring.take() { return entry }
            bed.set(0)
            sleepers.insert(1 << UInt64(worker))
            // Whoever puts a call there does so before it looks for sleepers, with the same between.
            atomicMemoryFence(ordering: .sequentiallyConsistent)
            if let entry = ring.take() {
                // Where somebody took it from the list it is woken for nothing later, which harms nobody.
                _ = sleepers.remove(1 << UInt64(worker))
                return entry
            }
            while bed.value == 0 { bed.wait(while: 0) }
        }
    }
}
