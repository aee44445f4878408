// The asynchronous calls that are not settled yet, so that they can be cancelled and waited for.

import Dispatch
import Synchronization

/// Tasks by call id. A task is never cancelled while the lock is held: its cancellation handlers run at once.
final class OpenCalls: Sendable {
    private enum Entry {
        case starting
        case running(Task<Void, Never>)
        /// Cancelled before its task was known.
        case cancelled
    }

    private let entries = Mutex<[UInt64: Entry]>([:])
    private let group = DispatchGroup()

    func open(_ id: UInt64) {
        group.enter()
        entries.withLock { $0[id] = .starting }
    }

    /// The task may have ended already, in which case there is nothing to attach it to.
    func attach(_ task: Task<Void, Never>, to id: UInt64) {
        let isCancelled = entries.withLock { entries in
            switch entries[id] {
            case .starting:
                entries[id] = .running(task)
                return false
            case .cancelled:
                entries[id] = .running(task)
                return true
            case .running, nil:
                return false
            }
        }
        if isCancelled { task.cancel() }
    }

    func cancel(_ id: UInt64) {
        let task: Task<Void, Never>? = entries.withLock { entries in
            switch entries[id] {
            case .running(let task):
                return task
            case .starting, .cancelled:
                entries[id] = .cancelled
                return nil
            case nil:
                return nil
            }
        }
        task?.cancel()
    }

    func cancelAll() {
        for id in entries.withLock({ Array($0.keys) }) { cancel(id) }
    }

    /// The last act of a call, after the host was told.
    func close(_ id: UInt64) {
        let wasOpen = entries.withLock { $0.removeValue(forKey: id) != nil }
        if wasOpen { group.leave() }
    }

    /// - Returns: Whether all calls were closed in time.
    func wait(until deadline: DispatchTime) -> Bool {
        group.wait(timeout: deadline) == .success
    }
}
