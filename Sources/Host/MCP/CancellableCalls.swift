// The calls of the legacy era that their own session may still cancel: request ids start at 0 in every client.

import HostCalls
import Synchronization

/// What is open, by session and request id: a value, so that threads stay out of its rules.
///
/// An id may be used again as soon as its call is over, while a thread is still about to say of the former call that it
/// runs. So each call has a place with a number that never comes back, and only the client goes by the id alone.
struct CancellableRequests<Call: Sendable>: Sendable {
    struct Key: Hashable, Sendable {
        var session: MCPSession
        var request: RPCID
    }

    /// What a call says of itself with.
    struct Entrance: Sendable {
        fileprivate let key: Key
        fileprivate let number: UInt64
    }

    private struct Entry {
        let number: UInt64
        var state = State.opening
    }

    private enum State {
        /// Known, but not yet started.
        case opening
        case open(Call)
        case cancelled
    }

    private var entries: [Key: Entry] = [:]
    private var lastNumber: UInt64 = 0

    /// - Returns: `nil` when the session has an open request under this id; ids must not be used twice.
    mutating func open(_ key: Key) -> Entrance? {
        guard entries[key] == nil else { return nil }
        lastNumber += 1
        entries[key] = Entry(number: lastNumber)
        return Entrance(key: key, number: lastNumber)
    }

    /// The call runs, or is over by now.
    ///
    /// - Returns: the call, where a cancellation was faster and takes effect now.
    mutating func started(_ place: Entrance, _ call: Call) -> Call? {
        guard let index = index(of: place) else { return nil }
        switch entries.values[index].state {
        case .opening:
            entries.values[index].state = .open(call)
            return nil
        case .cancelled: return call
        case .open: return nil
        }
    }

    /// Anything that is not open is passed over: it may be over already.
    ///
    /// - Returns: the call to stop, where there is one.
    mutating func cancel(_ key: Key) -> Call? {
        guard let index = entries.index(forKey: key) else { return nil }
        defer { entries.values[index].state = .cancelled }
        if case .open(let call) = entries.values[index].state { return call }
        return nil
    }

    /// The call ended.
    ///
    /// - Returns: whether its client had cancelled it, so that no response is due.
    mutating func close(_ place: Entrance) -> Bool {
        guard let index = index(of: place) else { return false }
        if case .cancelled = entries.remove(at: index).value.state { return true }
        return false
    }

    /// `nil` where the call is over, whoever has its id now.
    private func index(of place: Entrance) -> Dictionary<Key, Entry>.Index? {
        guard let index = entries.index(forKey: place.key), entries.values[index].number == place.number else {
            return nil
        }
        return index
    }
}

/// Open calls by session and request id. Bounded by the calls that packs may have open at once. Any thread.
final class CancellableCalls: Sendable {
    typealias Key = CancellableRequests<Call>.Key
    typealias Entrance = CancellableRequests<Call>.Entrance

    private let requests = Mutex(CancellableRequests<Call>())

    func open(_ key: Key) -> Entrance? {
        requests.withLock { $0.open(key) }
    }

    func started(_ place: Entrance, _ call: Call) {
        if let call = requests.withLock({ $0.started(place, call) }) { call.tool.desk.abandon(call) }
    }

    func cancel(_ key: Key) {
        if let call = requests.withLock({ $0.cancel(key) }) { call.tool.desk.abandon(call) }
    }

    func close(_ place: Entrance) -> Bool {
        requests.withLock { $0.close(place) }
    }
}
