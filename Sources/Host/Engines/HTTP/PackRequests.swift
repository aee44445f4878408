// The requests of one pack, wherever it runs: limits, what the host adds to each, and their ends with their calls.

import HostCalls
import HostLanes
import HostNetwork
import HostOutbound
import HostTools
import NIOCore
import Synchronization
import ToolABI

/// What a pack has sent and not been answered yet. Any thread.
final class PackRequests: Sendable {
    private struct State {
        var requests: [tool_http_id: (request: OutboundRequest, call: tool_call_id)] = [:]
        var byCall: [tool_call_id: Set<tool_http_id>] = [:]
        var keyed = KeyedRequests()
        var isClosed = false
    }

    /// What becomes of a request.
    enum Beginning {
        /// Its end will be told, once and later.
        case begun
        /// Another one of this number is open; this one does not exist.
        case known
        /// Nothing is sent for the pack any more.
        case closed
    }

    /// The most bytes that the bodies of all of a pack's requests may have, with what has come of their answers.
    private static let byteLimit = 256 << 20

    let packID: String
    let outbound: Outbound
    private let policy: OutboundPolicy
    /// Finds an open call of the pack.
    let call: @Sendable (tool_call_id) -> Call?
    private let budget: ByteBudget
    private let state = Mutex(State())
    /// Held while it is said what is watched, so that nothing is once this is closed.
    private let watching = Mutex(())
    /// Asked on the way of every call, so without the lock.
    private let openCount = Atomic<Int>(0)
    private let keyedCount = Atomic<Int>(0)

    /// - Parameters:
    ///   - budget: for tests; by default large enough for any one request.
    ///   - call: finds an open call of this pack.
    init(
        packID: String, policy: OutboundPolicy, outbound: Outbound, budget: ByteBudget? = nil,
        call: @escaping @Sendable (tool_call_id) -> Call?
    ) {
        self.budget =
            budget ?? ByteBudget(max(Self.byteLimit, policy.maxResponseBytes + Int(RequestCheck.bodyLimit)))
        self.packID = packID
        self.policy = policy
        self.outbound = outbound
        self.call = call
    }

    // MARK: What the pack asks for

    /// Begins a request.
    ///
    /// - Parameters:
    ///   - body: copied where nothing keeps it from being sent.
    ///   - number: by which the pack knows it.
    ///   - done: called once where the request begins, on an event loop and not from here.
    func begin(
        _ head: RequestHead, body: UnsafeRawBufferPointer, number: tool_http_id, for call: Call?,
        done: @escaping @Sendable (OutboundOutcome) -> Void
    ) -> Beginning {
        let order: OutboundOrder
        do {
            order = try unsafe self.order(head, body, call)
        } catch {
            return refuse(error, for: call, done: done)
        }
        let place = order.place
        let outgoing = OutboundRequest(order, outbound: outbound, on: outbound.eventLoop) { outcome in
            if case .failure(let failure) = outcome, !failure.mayHaveLeft { self.giveBack(place) }
            self.remove(number)
            done(outcome)
            self.openCount.subtract(1, ordering: .releasing)
        }
        switch insert(outgoing, number, call?.id ?? 0) {
        case .begun: break
        case .full:
            giveBack(place)
            return refuse(RequestCheck.tooMany, for: call, done: done)
        case .known:
            giveBack(place)
            return .known
        case .closed: return .closed
        }
        outgoing.start()
        // The call may have ended while the request was not known yet.
        if let call, call.isOver { outgoing.cancel() }
        return .begun
    }

    /// Tells the end of a request that is not even tried. Not at once: a pack may hold now what its function needs.
    func refuse(
        _ failure: OutboundFailure, for call: Call?, done: @escaping @Sendable (OutboundOutcome) -> Void
    ) -> Beginning {
        outbound.logRefused(failure, packID, tool: call?.tool.name, requestID: call?.context.requestID)
        let isClosed = state.withLock { state in
            if !state.isClosed { openCount.add(1, ordering: .releasing) }
            return state.isClosed
        }
        guard !isClosed else { return .closed }
        outbound.eventLoop.execute {
            done(.failure(failure))
            self.openCount.subtract(1, ordering: .releasing)
        }
        return .begun
    }

    func cancel(_ number: tool_http_id) {
        state.withLock { $0.requests[number]?.request }?.cancel()
    }

    /// Looks at a URL from now on.
    func watch(_ url: OutboundURL) -> tool_status {
        guard policy.objection(to: url) == nil else { return TOOL_E_DENIED }
        return watching.withLock { _ in
            guard !state.withLock(\.isClosed) else { return TOOL_E_UNAVAILABLE }
            return outbound.health.add(url, for: packID, on: outbound.eventLoop) ? TOOL_OK : TOOL_E_INVALID
        }
    }

    // MARK: What the host knows

    /// Nobody waits for a call any more, or it is settled: so are its requests.
    func callEnded(_ call: tool_call_id, isSettled: Bool) {
        guard openCount.load(ordering: .acquiring) > 0 || keyedCount.load(ordering: .acquiring) > 0 else { return }
        let requests = state.withLock { state in
            if isSettled, state.keyed.settled(call) { keyedCount.subtract(1, ordering: .releasing) }
            return (state.byCall[call] ?? []).compactMap { state.requests[$0]?.request }
        }
        for request in requests { request.cancel() }
    }

    /// Takes no further request, ends those that are open, and looks at nothing for the pack any more.
    func close() {
        let requests = state.withLock { state in
            state.isClosed = true
            return state.requests.values.map(\.request)
        }
        watching.withLock { _ in outbound.health.remove(packID) }
        for request in requests { request.cancel() }
    }

    /// Whether some end is still to be told.
    var isOccupied: Bool { openCount.load(ordering: .acquiring) > 0 }

    // MARK: -

    private enum Insertion {
        case begun, full, known, closed
    }

    private func insert(_ request: OutboundRequest, _ number: tool_http_id, _ call: tool_call_id) -> Insertion {
        state.withLock { state in
            guard !state.isClosed else { return .closed }
            guard state.requests[number] == nil else { return .known }
            guard state.requests.count < RequestCheck.openLimit else { return .full }
            state.requests[number] = (request, call)
            if call != 0 { state.byCall[call, default: []].insert(number) }
            openCount.add(1, ordering: .releasing)
            return .begun
        }
    }

    private func remove(_ number: tool_http_id) {
        state.withLock { state in
            guard let entry = state.requests.removeValue(forKey: number) else { return }
            state.byCall[entry.call]?.remove(number)
            if state.byCall[entry.call]?.isEmpty == true { state.byCall[entry.call] = nil }
        }
    }

    /// The request as it will be sent.
    private func order(
        _ head: RequestHead, _ body: UnsafeRawBufferPointer, _ call: Call?
    ) throws(OutboundFailure) -> OutboundOrder {
        let url = try RequestCheck.url(of: head, under: policy)
        let share = ByteShare(of: budget)
        guard share.take(body.count) else { throw .crowded }
        let stated = Int(clamping: head.limit)
        let own = OutboundFields.permitted(head.fields, ownsCredentials: outbound.ownsCredentials(for: url.origin))
        let place = place(of: url, method: head.method, call)
        let key = call.flatMap { call in place.map { Self.idempotencyKey(call, $0) } }
        return unsafe OutboundOrder(
            packID: packID, method: head.method, url: url,
            fields: own + Self.fields(beside: own, call?.context, key: key),
            body: body.count > 0 ? ByteBuffer(bytes: body) : nil,
            limit: stated == 0 ? policy.maxResponseBytes : min(stated, policy.maxResponseBytes), share: share,
            deadline: Self.deadline(call, timeout: head.timeout),
            retry: call.map { RetryPolicy(hints: $0.tool.descriptor.hints, isKeyed: key != nil) }
                ?? RetryPolicy(method: head.method),
            place: place, userToken: call?.context.userToken, requestID: call?.context.requestID ?? "",
            tool: call?.tool.name ?? "", attempted: Self.counter(of: call))
    }

    /// Where a call asks, and how often it has asked there before; `nil` where it asks without a key.
    private func place(of url: OutboundURL, method: String, _ call: Call?) -> KeyedRequest? {
        guard let call, !call.context.idempotencyKey.isEmpty, policy.keyedOrigins.contains(url.origin) else {
            return nil
        }
        let place = state.withLock { state in
            let (place, isFirst) = state.keyed.ask(call.id, at: "\(method) \(url)")
            if isFirst { keyedCount.add(1, ordering: .releasing) }
            return place
        }
        // A call that ended a moment ago is not told of again.
        if self.call(call.id) == nil { callEnded(call.id, isSettled: true) }
        return place
    }

    private func giveBack(_ place: KeyedRequest?) {
        if let place { state.withLock { $0.keyed.giveBack(place) } }
    }
}
