// How the process as a whole is, told by those who find out and asked by whoever answers for it.

import Synchronization

/// Whether the host is on its way down, and whether its event loops move.
final class HostState: Sendable {
    private let stopping = Atomic<Bool>(false)
    private let stuck = Atomic<Int>(0)

    /// A signal has asked the host to end: what is open may end, and nothing new should be sent here.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// How many event loops have not moved for a second or more.
    var stuckLoops: Int { stuck.load(ordering: .relaxed) }

    func stop() { stopping.store(true, ordering: .releasing) }

    func set(stuckLoops count: Int) { stuck.store(count, ordering: .relaxed) }
}
