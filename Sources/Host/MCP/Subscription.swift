// `subscriptions/listen`: a stream that stays open to tell a client of changes (2026-07-28).

import JSONSchema
import NIOCore
import Synchronization

/// One client that listens.
final class Subscription: AnswerSource {
    private let id: RPCID
    /// Whose it is.
    let owner: String
    private let filter: ListenFilter
    private let reply: Reply
    /// Ends the stream after this time: the client comes back with a credential that is still good.
    private let lifetime: TimeAmount
    private let serverInfo: JSONValue
    private let left: @Sendable (Subscription) -> Void
    private let state = Mutex(State())

    private struct State {
        var isOver = false
        /// Something changed, and the client has not been told.
        var hasChange = false
        var expiry: Scheduled<Void>?
    }

    /// - Parameter left: called once, when nothing more can be told.
    init(
        id: RPCID, owner: String, filter: ListenFilter, reply: Reply, lifetime: TimeAmount, serverInfo: JSONValue,
        left: @escaping @Sendable (Subscription) -> Void
    ) {
        self.id = id
        self.owner = owner
        self.filter = filter
        self.reply = reply
        self.lifetime = lifetime
        self.serverInfo = serverInfo
        self.left = left
    }

    /// The tools are not those of a moment ago. Any thread.
    func toolsChanged() {
        if noteChange() { reply.onLoop { self.resume() } }
    }

    /// The same for a stream that is about to open, and tells it then.
    ///
    /// - Returns: whether there is something to tell that there was not.
    @discardableResult func noteChange() -> Bool {
        guard filter.toolsListChanged else { return false }
        return state.withLock { state in
            guard !state.isOver, !state.hasChange else { return false }
            state.hasChange = true
            return true
        }
    }

    // MARK: On the event loop

    /// Sends the head and the acknowledgement, which comes before everything else.
    func open() {
        reply.begin(ServerSentEvent.head)
        var honoured = JSONObject()
        if filter.toolsListChanged { honoured["toolsListChanged"] = true }
        send("notifications/subscriptions/acknowledged", ["notifications": .object(honoured), "_meta": meta])
        // Where there will never be anything to tell, the stream would occupy its connection for nothing.
        guard filter.toolsListChanged, !reply.isQuiescing else { return quiesce() }
        let expiry = reply.eventLoop.scheduleTask(in: lifetime) { self.quiesce() }
        let isOver = state.withLock { state in
            if !state.isOver { state.expiry = expiry }
            return state.isOver
        }
        // Writing may have found the connection closed.
        if isOver { return expiry.cancel() }
        resume()
    }

    func resume() {
        guard reply.canTake else { return }
        let hasChange = state.withLock { state in
            defer { state.hasChange = false }
            return state.hasChange && !state.isOver
        }
        if hasChange { send("notifications/tools/list_changed", ["_meta": meta]) }
    }

    /// The graceful end: the response to the request that opened the stream.
    func quiesce() {
        guard close() else { return }
        let result: JSONValue = [
            "resultType": "complete",
            "_meta": [MetaKey.subscriptionID: id.value, MetaKey.serverInfo: serverInfo],
        ]
        reply.send(ServerSentEvent.message(RPCEnvelope.response(id: id, result: result.bytes())))
        reply.end()
    }

    func gone() {
        _ = close()
    }

    private func close() -> Bool {
        let (isFirst, expiry) = state.withLock { state in
            defer {
                state.isOver = true
                state.expiry = nil
            }
            return (!state.isOver, state.expiry)
        }
        expiry?.cancel()
        if isFirst { left(self) }
        return isFirst
    }

    private var meta: JSONValue { [MetaKey.subscriptionID: id.value] }

    private func send(_ method: String, _ params: JSONValue) {
        reply.send(ServerSentEvent.message(RPCEnvelope.notification(method, params: params.bytes())))
    }
}

extension RPCID {
    var value: JSONValue {
        switch self {
        case .integer(let number): JSONValue(number)
        case .string(let text): .string(text)
        }
    }
}

/// Everybody who listens.
final class Subscriptions: Sendable {
    /// The most streams at a time; each occupies a connection.
    static let limit = 1024

    /// The most streams of one caller, so that nobody takes them all.
    static let limitOfOne = 64

    private struct State {
        var open: [ObjectIdentifier: Subscription] = [:]
        /// How many each caller has; nobody with none.
        var counts: [String: Int] = [:]
        /// The latest edition with other tools than the one before it.
        var latest = 0
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.open.count } }

    /// Called before the stream opens. What changed since its request came is told to it, too: nobody else would.
    ///
    /// - Parameter edition: the one that was in force when its request came.
    /// - Returns: whether there was room, for all and for this caller.
    func add(_ subscription: Subscription, whoseClientKnows edition: Int) -> Bool {
        let (isAdded, hasNews) = state.withLock { state in
            let count = state.counts[subscription.owner, default: 0]
            guard state.open.count < Self.limit, count < Self.limitOfOne else { return (false, false) }
            state.open[ObjectIdentifier(subscription)] = subscription
            state.counts[subscription.owner] = count + 1
            return (true, state.latest > edition)
        }
        if hasNews { subscription.noteChange() }
        return isAdded
    }

    func remove(_ subscription: Subscription) {
        state.withLock { state in
            guard state.open.removeValue(forKey: ObjectIdentifier(subscription)) != nil else { return }
            let count = state.counts[subscription.owner, default: 0]
            state.counts[subscription.owner] = count > 1 ? count - 1 : nil
        }
    }

    /// The tools of this edition are not those of the one before it.
    func toolsChanged(in edition: Int) {
        let open = state.withLock { state in
            state.latest = max(state.latest, edition)
            return Array(state.open.values)
        }
        for subscription in open { subscription.toolsChanged() }
    }
}
