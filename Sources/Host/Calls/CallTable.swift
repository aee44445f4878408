// The open calls by number, so that a late or a wrong number finds nothing instead of freed memory.

import NIOCore
import Synchronization
import ToolABI

/// Every call that a pack has not settled. Numbers are never used twice.
public final class CallTable: Sendable {
    private struct Shard: ~Copyable, Sendable {
        let calls = Mutex<[tool_call_id: Call]>([:])
    }

    private final class ShardBox: Sendable {
        let shard = Shard()
    }

    private let shards = (0..<16).map { _ in ShardBox() }
    private let last = Atomic<UInt64>(0)

    private let deadlines: [DeadlineLine]
    /// Of event loops that nobody named beforehand.
    private let furtherDeadlines = Mutex<[ObjectIdentifier: DeadlineLine]>([:])

    /// - Parameter loops: those that calls are started on.
    public init(loops: [any EventLoop] = []) {
        deadlines = loops.map { DeadlineLine($0) }
    }

    /// The deadlines of the calls that an event loop has started.
    func deadlines(of eventLoop: any EventLoop) -> DeadlineLine {
        if let line = deadlines.first(where: { $0.eventLoop === eventLoop }) { return line }
        return furtherDeadlines.withLock { lines in
            let line = lines[ObjectIdentifier(eventLoop)] ?? DeadlineLine(eventLoop)
            lines[ObjectIdentifier(eventLoop)] = line
            return line
        }
    }

    func nextID() -> tool_call_id {
        last.add(1, ordering: .relaxed).newValue
    }

    /// Whether the number was ever given to a call.
    public func wasIssued(_ id: tool_call_id) -> Bool {
        id > 0 && id <= last.load(ordering: .relaxed)
    }

    func insert(_ call: Call) {
        shards[Int(call.id % 16)].shard.calls.withLock { $0[call.id] = call }
    }

    func remove(_ id: tool_call_id) {
        // The last reference must not go away under the lock.
        let call = shards[Int(id % 16)].shard.calls.withLock { $0.removeValue(forKey: id) }
        _ = consume call
    }

    /// An open call of one pack: another pack's number finds nothing.
    public func call(_ id: tool_call_id, of log: PackLog) -> Call? {
        let call = shards[Int(id % 16)].shard.calls.withLock { $0[id] }
        return call?.tool.desk.log === log ? call : nil
    }

    /// All open calls of a pack.
    func all(of desk: PackDesk) -> [Call] {
        shards.flatMap { box in
            box.shard.calls.withLock { calls in calls.values.filter { $0.tool.desk === desk } }
        }
    }

    /// How many open calls of a pack had their deadline before `time`.
    func overdue(of desk: PackDesk, since time: NIODeadline) -> Int {
        all(of: desk).count { $0.deadline < time }
    }
}
