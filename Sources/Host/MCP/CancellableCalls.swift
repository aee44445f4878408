// The calls of the legacy era that their own session may still cancel: request ids start at 0 in every client.

import Synchronization

/// Open calls by session and request id. Bounded by the calls that packs may have open at once.
final class CancellableCalls: Sendable {
    struct Key: Hashable, Sendable {
        var session: MCPSession
        var request: RPCID
    }

    private enum Entry {
        /// Known, but not yet started.
        case opening
        case open(@Sendable () -> Void)
        case cancelled
    }

    private let entries = Mutex<[Key: Entry]>([:])

    var count: Int { entries.withLock { $0.count } }

    /// - Returns: `false` when the session has an open call under this id; ids must not be used twice.
    func open(_ key: Key) -> Bool {
        entries.withLock { entries in
            guard entries[key] == nil else { return false }
            entries[key] = .opening
            return true
        }
    }

    /// The call runs; a cancellation that came meanwhile takes effect now.
    ///
    /// - Parameter cancel: called at most once, outside any lock.
    func started(_ key: Key, cancel: @escaping @Sendable () -> Void) {
        let isCancelled = entries.withLock { entries in
            switch entries[key] {
            case .opening:
                entries[key] = .open(cancel)
                return false
            case .cancelled: return true
            case .open, nil: return false
            }
        }
        if isCancelled { cancel() }
    }

    /// Stops the call, where there is one. Anything else is passed over: it may be over already.
    func cancel(_ key: Key) {
        let cancel: (@Sendable () -> Void)? = entries.withLock { entries in
            guard let entry = entries[key] else { return nil }
            entries[key] = .cancelled
            if case .open(let cancel) = entry { return cancel }
            return nil
        }
        cancel?()
    }

    /// The call ended.
    ///
    /// - Returns: whether its client had cancelled it, so that no response is due.
    func close(_ key: Key) -> Bool {
        let entry = entries.withLock { $0.removeValue(forKey: key) }
        if case .cancelled = entry { return true }
        return false
    }
}
