// How the process as a whole is, told by those who find out and asked by whoever answers for it.

import SignalPipe
import Synchronization

/// Whether the host is on its way down, whether its event loops move, and whether it takes new connections.
public final class HostState: Sendable {
    private let stopping = Atomic<Bool>(false)
    private let stuck = Atomic<Int>(0)
    private let refusing = Atomic<Bool>(false)

    public init() {}

    /// A signal has asked the host to end: what is open may end, and nothing new should be sent here.
    public var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// How many event loops have not moved for a second or more.
    public var stuckLoops: Int { stuck.load(ordering: .relaxed) }

    /// The host can be of no use any more: it stops in order, as a failure.
    func giveUp() { signal_pipe_give_up() }

    public func stop() { stopping.store(true, ordering: .releasing) }

    /// New connections are refused: there is no descriptor or no memory for them.
    public var refusesConnections: Bool { refusing.load(ordering: .relaxed) }

    func set(refusesConnections isRefusing: Bool) { refusing.store(isRefusing, ordering: .relaxed) }

    public func set(stuckLoops count: Int) { stuck.store(count, ordering: .relaxed) }
}
