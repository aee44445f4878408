// The way back: a ring that the threads of a runner write, and one event loop of the host reads, which is woken by a
// descriptor.

import Glibc
import HostBase
import Synchronization

/// The runner's side.
public struct AnswerSender: Sendable {
    private let ring: RingWriter
    private let bell: SharedWord
    private let event: Int32
    private let memory: SharedMemory

    /// - Parameter event: the descriptor by which the reader is woken.
    public init(_ name: RunnerMap.RingName, event: Int32, _ map: RunnerMap, _ memory: SharedMemory) {
        self.memory = memory
        self.event = event
        ring = RingWriter(map.ring(name, in: memory))
        bell = map.bell(of: name, in: memory)
    }

    /// Puts an entry there and wakes the reader.
    ///
    /// - Returns: whether there was room, and whether the reader could be woken where it sleeps.
    public func send(_ entry: LaneEntry) -> Outcome { put(entry) ? wake() : .full }

    /// Puts an entry there, which a reader that sleeps does not see before ``wake()``: one wake-up for several of them.
    ///
    /// - Returns: `false` where there is no room.
    public func put(_ entry: LaneEntry) -> Bool { ring.put(entry) }

    /// Wakes the reader where it sleeps.
    ///
    /// - Returns: `sent`, or that it could not be woken.
    public func wake() -> Outcome {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        guard bell.value == 1, bell.exchange(0) == 1 else { return .sent }
        var one: UInt64 = 1
        let count = repeatingInterrupted { unsafe write(event, &one, 8) }
        // Where it has room for no more the reader is awake.
        return count == 8 || errno == EAGAIN ? .sent : .lost
    }

    public enum Outcome: Sendable {
        case sent, full
        /// The descriptor is closed, or another one.
        case lost
    }
}

/// The host's side.
public struct AnswerReceiver: Sendable {
    private let ring: RingReader
    private let bell: SharedWord
    private let memory: SharedMemory

    public init(_ name: RunnerMap.RingName, _ map: RunnerMap, _ memory: SharedMemory) {
        self.memory = memory
        ring = RingReader(map.ring(name, in: memory))
        bell = map.bell(of: name, in: memory)
    }

    /// As many as the ring has: whoever fills it faster than it is read does not keep the reader for ever.
    public var most: Int { ring.capacity }

    /// Whether there is an entry, or was one a moment ago.
    public var hasMore: Bool { ring.hasMore }

    /// The next entry, a copy; `nil` where there is none.
    public func take() -> LaneEntry? { ring.take() }

    /// From now on whoever puts something there wakes the reader.
    ///
    /// - Returns: what came in between; the reader is not asleep then.
    public func rest() -> LaneEntry? {
        _ = bell.exchange(1)
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        guard let entry = ring.take() else { return nil }
        bell.set(0)
        return entry
    }
}
