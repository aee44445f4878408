// `subscriptions/listen`: a stream that stays open to tell a client of changes (2026-07-28).

import HostDocuments
import HostHTTP
import JSON
import NIOCore
import Synchronization

/// One client that listens.
final class Subscription: AnswerSource {
    private let id: RPCID
    /// Whose it is.
    let owner: String
    private let filter: ListenFilter
    private let reply: Responder
    /// Ends the stream after this time: the client comes back with a credential that is still good.
    private let lifetime: TimeAmount
    private let serverInfo: JSONValue
    private let left: @Sendable (Subscription) -> Void
    private let life: Mutex<SubscriptionLife<Scheduled<Void>>>

    /// - Parameter left: called once, when nothing more can be told.
    init(
        id: RPCID, owner: String, filter: ListenFilter, reply: Responder, lifetime: TimeAmount, serverInfo: JSONValue,
        left: @escaping @Sendable (Subscription) -> Void
    ) {
        self.id = id
        self.owner = owner
        self.filter = filter
        self.reply = reply
        self.lifetime = lifetime
        self.serverInfo = serverInfo
        self.left = left
        life = Mutex(SubscriptionLife(hearsOfChanges: filter.toolsListChanged))
    }

    /// The tools are not those of a moment ago. Any thread.
    func toolsChanged() {
        if noteChange() { reply.onLoop { self.resume() } }
    }

    /// Notes that the tools are not those of a moment ago, for a stream that is about to open, and tells it then.
    ///
    /// - Returns: whether there is something to tell that there was not.
    @discardableResult func noteChange() -> Bool {
        life.withLock { $0.change() }
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
        // Writing may have found the connection closed.
        if let expiry = life.withLock({ $0.opened(until: expiry) }) { return expiry.cancel() }
        resume()
    }

    func resume() {
        let canTake = reply.canTake
        if life.withLock({ $0.tell(canTake: canTake) }) {
            send("notifications/tools/list_changed", ["_meta": meta])
        }
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

    /// - Returns: whether it was open.
    private func close() -> Bool {
        guard let end = life.withLock({ $0.end() }) else { return false }
        end.timer?.cancel()
        left(self)
        return true
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
