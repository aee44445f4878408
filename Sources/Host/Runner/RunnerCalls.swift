// The open calls of a runner by number, so that a late or a wrong number finds nothing.

import Glibc
import HostCaller
import HostLanes
import NIOConcurrencyHelpers
import ToolABI

/// Every call that the pack has not settled. Any thread.
final class RunnerCalls: Sendable {
    struct Open {
        var ticket: UInt64
        /// The ring on which it is answered.
        var lane: Int
        /// The most bytes of its result.
        var limit: Int
        var deadline: Int64
        var wantsProgress: Bool
        /// What the host says of it.
        var word: SharedWord
        /// `invoke` has not come back.
        var isInside = true
        var isCompleted = false
        /// There are lines of the log about it.
        var hasSpoken = false
    }

    private let blocks: ArenaReader
    private let open = NIOLockedValueBox<[tool_call_id: Open]>([:])

    init(_ map: RunnerMap, _ memory: SharedMemory) {
        blocks = ArenaReader(.calls, map, memory)
    }

    /// A call has come.
    ///
    /// - Returns: what the pack is given of it.
    func begin(_ entry: LaneEntry, bind: (UnsafeMutableRawPointer) -> UnsafePointer<tool_call>) -> UnsafePointer<
        tool_call
    >? {
        guard let block = unsafe blocks.address(entry.offset, entry.size) else { return nil }
        let call = unsafe bind(block)
        let one = unsafe Open(
            ticket: entry.ticket, lane: entry.lane, limit: Int(clamping: entry.more),
            deadline: call.pointee.deadline_ns, wantsProgress: call.pointee.flags & TOOL_CALL_WANTS_PROGRESS != 0,
            word: SharedWord(at: block + BlockLayout.word))
        open.withLockedValue { $0[entry.id] = one }
        return unsafe call
    }

    /// What is to be told of a call whose `invoke` came back.
    enum Return {
        case pending(Open)
        case returned(Open)
        /// It was completed before, and now there is a result once more.
        case twice(Open)
    }

    func cameBack(_ id: tool_call_id, isPending: Bool) -> Return? {
        open.withLockedValue { calls in
            guard var one = calls[id] else { return nil }
            if isPending, !one.isCompleted {
                one.isInside = false
                calls[id] = one
                return .pending(one)
            }
            calls[id] = nil
            if !one.isCompleted { return .returned(one) }
            return isPending ? .pending(one) : .twice(one)
        }
    }

    /// - Returns: the call that is completed now; `nil` where none is open.
    func complete(_ id: tool_call_id) -> Open? {
        open.withLockedValue { calls in
            guard let one = calls[id], !one.isCompleted else { return nil }
            if one.isInside { calls[id]?.isCompleted = true } else { calls[id] = nil }
            return one
        }
    }

    /// A line of the log is about a call.
    func speaks(_ id: tool_call_id) {
        open.withLockedValue { $0[id]?.hasSpoken = true }
    }

    /// A call that the pack has not settled.
    func call(_ id: tool_call_id) -> Open? {
        open.withLockedValue { $0[id] }.flatMap { $0.isCompleted ? nil : $0 }
    }

    /// What `cancelled` answers.
    func standing(of id: tool_call_id) -> tool_status {
        guard let one = call(id) else { return TOOL_E_GONE }
        let status = tool_status(bitPattern: one.word.value)
        guard status == TOOL_OK else { return status }
        return Self.now >= one.deadline ? TOOL_E_DEADLINE : TOOL_OK
    }

    /// By the clock of deadlines, in nanoseconds.
    static var now: Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}
