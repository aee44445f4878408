// The calls of the legacy era that their own session may still cancel: request ids start at 0 in every client.

import Synchronization

/// What is open, by session and request id: a value, so that threads stay out of its rules.
struct CancellableRequests<Call: Sendable>: Sendable {
    struct Key: Hashable, Sendable {
        var session: MCPSession
        var request: RPCID
    }

    private enum Entry {
        /// Known, but not yet started.
        case opening
        case open(Call)
        case cancelled
    }

    private var entries: [Key: Entry] = [:]

    /// - Returns: `false` when the session has an open request under this id; ids must not be used twice.
    mutating func open(_ key: Key) -> Bool {
        guard entries[key] == nil else { return false }
        entries[key] = .opening
        return true
    }

    /// The call runs.
    ///
    /// - Returns: the call, where a cancellation was faster and takes effect now.
    mutating func started(_ key: Key, _ call: Call) -> Call? {
        switch entries[key] {
        case .opening:
            entries[key] = .open(call)
            return nil
        case .cancelled: return call
        // It is over by now.
        case .open, nil: return nil
        }
    }

    /// Anything that is not open is passed over: it may be over already.
    ///
    /// - Returns: the call to stop, where there is one.
    mutating func cancel(_ key: Key) -> Call? {
        guard let entry = entries[key] else { return nil }
        entries[key] = .cancelled
        if case .open(let call) = entry { return call }
        return nil
    }

    /// The call ended.
    ///
    /// - Returns: whether its client had cancelled it, so that no response is due.
    mutating func close(_ key: Key) -> Bool {
        if case .cancelled = entries.removeValue(forKey: key) { return true }
        return false
    }
}

/// Open calls by session and request id. Bounded by the calls that packs may have open at once. Any thread.
final class CancellableCalls: Sendable {
    typealias Key = CancellableRequests<Call>.Key

    private let requests = Mutex(CancellableRequests<Call>())

    func open(_ key: Key) -> Bool {
        requests.withLock { $0.open(key) }
    }

    func started(_ key: Key, _ call: Call) {
        if let call = requests.withLock({ $0.started(key, call) }) { call.tool.desk.abandon(call) }
    }

    func cancel(_ key: Key) {
        if let call = requests.withLock({ $0.cancel(key) }) { call.tool.desk.abandon(call) }
    }

    func close(_ key: Key) -> Bool {
        requests.withLock { $0.close(key) }
    }
}
