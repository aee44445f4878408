// The service http/1 as one pack is given it: the table of functions in tool_http, and what stands behind each.

import HostBase
import HostCalls
import HostNetwork
import HostOutbound
import HostTools
import NIOCore
import Synchronization
import ToolABI

/// One pack's requests. Made with the pack's link to the host, and never freed: the pack may keep threads that use it.
///
/// `@unchecked Sendable`: the table is written once in `init`.
@safe final class PackHTTP: @unchecked Sendable {
    private struct State {
        var requests: [tool_http_id: (request: OutboundRequest, call: tool_call_id)] = [:]
        var byCall: [tool_call_id: Set<tool_http_id>] = [:]
        var keyed = KeyedRequests()
        var isClosed = false
    }

    /// Whom the pack's function is to be called for. `@unchecked Sendable`: only the pack looks behind the pointer.
    @safe private struct Receiver: @unchecked Sendable {
        let done: tool_http_done
        let owner: UnsafeMutableRawPointer?
    }

    /// Requests of one pack that may be open.
    private static let openLimit = 1024
    /// For a request that belongs to no call.
    private static let longestWithoutCall = TimeAmount.seconds(30)
    /// The most bytes that a request's body may have.
    private static let bodyLimit: UInt64 = 64 << 20
    /// The most bytes that the bodies of all of a pack's requests may have, with what has come of their answers.
    private static let byteLimit = 256 << 20
    /// A callback that takes longer is told of.
    private static let callbackLimit = TimeAmount.milliseconds(10)
    private static let lastID = Atomic<UInt64>(0)

    private let packID: String
    private let crashSubject: CrashSubject
    private let policy: OutboundPolicy
    private let outbound: Outbound
    private let call: @Sendable (tool_call_id) -> Call?
    private let budget: ByteBudget
    private let state = Mutex(State())
    /// Asked on the way of every call, so without the lock.
    private let openCount = Atomic<Int>(0)
    private let keyedCount = Atomic<Int>(0)
    private let table: UnsafeMutablePointer<tool_http>

    /// What `service` answers.
    var pointer: UnsafeRawPointer { unsafe UnsafeRawPointer(table) }
    /// Whether a backend that the pack asked to watch is down.
    var isWaiting: Bool { outbound.health.isWaiting(packID) }

    /// The URLs of backends that the pack asked to watch.
    var watched: [String] { outbound.health.watched(by: packID) }

    /// - Parameters:
    ///   - budget: for tests; by default large enough for any one request.
    ///   - call: finds an open call of this pack.
    init(
        packID: String, policy: OutboundPolicy, outbound: Outbound, budget: ByteBudget? = nil,
        call: @escaping @Sendable (tool_call_id) -> Call?
    ) {
        self.budget = budget ?? ByteBudget(max(Self.byteLimit, policy.maxResponseBytes + Int(Self.bodyLimit)))
        self.packID = packID
        crashSubject = CrashSubject(pack: packID)
        self.policy = policy
        self.outbound = outbound
        self.call = call
        unsafe table = .allocate(capacity: 1)
        var functions = unsafe tool_http()
        unsafe functions.struct_size = unsafe UInt32(MemoryLayout<tool_http>.size)
        unsafe functions.send = { service, request, done, owner, id in
            unsafe PackHTTP.from(service)?.send(request, done, owner, id) ?? TOOL_E_INVALID
        }
        unsafe functions.cancel = { service, id in unsafe PackHTTP.from(service)?.cancel(id) }
        unsafe functions.release = { _, response in
            if let response = unsafe response { unsafe ResponseFrame.release(response) }
        }
        unsafe functions.watch = { service, url in
            unsafe PackHTTP.from(service)?.watch(url) ?? TOOL_E_INVALID
        }
        unsafe table.initialize(to: functions)
        unsafe table.pointee.service = Unmanaged.passRetained(self).toOpaque()
    }

    private static func from(_ service: UnsafeMutableRawPointer?) -> PackHTTP? {
        unsafe service.map { unsafe Unmanaged<PackHTTP>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: What the pack calls

    private func send(
        _ request: UnsafePointer<tool_http_request>?, _ done: tool_http_done?, _ owner: UnsafeMutableRawPointer?,
        _ id: UnsafeMutablePointer<tool_http_id>?
    ) -> tool_status {
        guard let request = unsafe request, let done = unsafe done,
            unsafe request.pointee.struct_size >= ABIStruct.httpRequest
        else { return TOOL_E_INVALID }
        let copy = unsafe ABIStruct.copy(request, size: request.pointee.struct_size, zero: tool_http_request())
        let callID = unsafe copy.call
        let call = callID == 0 ? nil : call(callID)
        guard callID == 0 || call != nil else { return TOOL_E_GONE }

        let number = Self.lastID.add(1, ordering: .relaxed).newValue
        unsafe id?.pointee = number
        let receiver = unsafe Receiver(done: done, owner: owner)
        let eventLoop = outbound.eventLoop
        let order: OutboundOrder
        do {
            order = try unsafe self.order(copy, call)
        } catch {
            outbound.logRefused(error, packID, tool: call?.tool.name, requestID: call?.context.requestID)
            return tell(receiver, number, error, on: eventLoop)
        }
        let place = order.place
        let outgoing = OutboundRequest(order, outbound: outbound, on: eventLoop) { outcome in
            if case .failure(let failure) = outcome, !failure.mayHaveLeft { self.giveBack(place) }
            self.tell(receiver, number, outcome)
            self.remove(number)
        }
        switch insert(outgoing, number, callID) {
        case .closed: return TOOL_E_UNAVAILABLE
        case .full:
            giveBack(place)
            let failure = OutboundFailure(
                kind: .busy, message: "Too many requests of this tool's pack are open; try again in a moment.",
                retryAfter: .seconds(1))
            outbound.logRefused(failure, packID, tool: call?.tool.name, requestID: call?.context.requestID)
            return tell(receiver, number, failure, on: eventLoop)
        case .taken: break
        }
        outgoing.start()
        // The call may have ended while the request was not known yet.
        if let call, call.isOver { outgoing.cancel() }
        return TOOL_OK
    }

    private func cancel(_ id: tool_http_id) {
        state.withLock { $0.requests[id]?.request }?.cancel()
    }

    private func watch(_ url: UnsafePointer<tool_str>?) -> tool_status {
        guard let text = unsafe url, let string = try? unsafe PackText.string(text.pointee, "url", limit: 8192),
            let url = OutboundURL(string)
        else { return TOOL_E_INVALID }
        guard policy.objection(to: url) == nil else { return TOOL_E_DENIED }
        guard !state.withLock(\.isClosed) else { return TOOL_E_UNAVAILABLE }
        let isWatched = outbound.health.add(url, for: packID, on: outbound.eventLoop)
        // The pack may have been given up in between.
        guard !state.withLock(\.isClosed) else {
            outbound.health.remove(packID)
            return TOOL_E_UNAVAILABLE
        }
        return isWatched ? TOOL_OK : TOOL_E_INVALID
    }

    // MARK: What the host calls

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
        outbound.health.remove(packID)
        for request in requests { request.cancel() }
    }

    /// Whether some `done` may still be called.
    var isOccupied: Bool { openCount.load(ordering: .acquiring) > 0 }

    // MARK: -

    private enum Insertion {
        case taken, full, closed
    }

    private func insert(_ request: OutboundRequest, _ id: tool_http_id, _ call: tool_call_id) -> Insertion {
        state.withLock { state in
            guard !state.isClosed else { return .closed }
            guard state.requests.count < Self.openLimit else { return .full }
            state.requests[id] = (request, call)
            if call != 0 { state.byCall[call, default: []].insert(id) }
            openCount.add(1, ordering: .releasing)
            return .taken
        }
    }

    private func remove(_ id: tool_http_id) {
        state.withLock { state in
            guard let entry = state.requests.removeValue(forKey: id) else { return }
            state.byCall[entry.call]?.remove(id)
            if state.byCall[entry.call]?.isEmpty == true { state.byCall[entry.call] = nil }
            openCount.subtract(1, ordering: .releasing)
        }
    }

    /// The request as it will be sent.
    private func order(_ request: tool_http_request, _ call: Call?) throws(OutboundFailure) -> OutboundOrder {
        let method: String
        let urlText: String
        let fields: [(name: String, value: String)]
        do {
            method = try unsafe PackText.string(request.method, "method", limit: 32)
            urlText = try unsafe PackText.string(request.url, "url", limit: 8192)
            fields = try unsafe PackText.fields(request.headers, count: request.header_count, limit: 64 << 10)
        } catch {
            throw OutboundFailure(kind: .invalid, message: "The request's \(error.field) \(error.reason).")
        }
        guard method.isToken, method.uppercased() != "CONNECT" else {
            throw OutboundFailure(kind: .invalid, message: "\(ForeignText.quoted(method)) is no method.")
        }
        guard let url = OutboundURL(urlText) else {
            throw OutboundFailure(
                kind: .invalid, message: "The request's URL is not an absolute http or https URL in its plainest form.")
        }
        if let objection = OutboundFields.objection(to: fields) {
            throw OutboundFailure(kind: .invalid, message: "The request cannot be sent: \(objection).")
        }
        if let objection = policy.objection(to: url) { throw OutboundFailure(kind: .denied, message: objection) }
        let hasBody = unsafe request.body_size > 0
        guard unsafe !hasBody || request.body != nil, unsafe request.body_size <= Self.bodyLimit else {
            throw OutboundFailure(
                kind: .invalid,
                message: "The request's body is NULL but has a size, or is larger than \(Self.bodyLimit) bytes.")
        }
        let share = ByteShare(of: budget)
        guard unsafe share.take(Int(request.body_size)) else { throw .crowded }
        let stated = unsafe Int(clamping: request.max_response_bytes)
        let own = OutboundFields.permitted(fields, ownsCredentials: outbound.ownsCredentials(for: url.origin))
        let place = place(of: url, method: method, call)
        let key = call.flatMap { call in place.map { Self.idempotencyKey(call, $0) } }
        return unsafe OutboundOrder(
            packID: packID, method: method, url: url,
            fields: own + Self.fields(beside: own, call?.context, key: key),
            body: hasBody
                ? ByteBuffer(bytes: UnsafeRawBufferPointer(start: request.body, count: Int(request.body_size))) : nil,
            limit: stated == 0 ? policy.maxResponseBytes : min(stated, policy.maxResponseBytes), share: share,
            deadline: Self.deadline(call, timeout: request.timeout_ms),
            retry: call.map { RetryPolicy(hints: $0.tool.descriptor.hints, isKeyed: key != nil) }
                ?? RetryPolicy(method: method),
            place: place, userToken: call?.context.userToken, requestID: call?.context.requestID ?? "",
            tool: call?.tool.name ?? "", attempted: Self.counter(of: call))
    }

    private static func counter(of call: Call?) -> (@Sendable () -> Void)? {
        guard let call else { return nil }
        return { call.countAttempt() }
    }

    /// A little before the call's own deadline, so that the tool can still say what happened.
    private static func deadline(_ call: Call?, timeout: UInt32) -> NIODeadline {
        let now = NIODeadline.now()
        let left = call.map { $0.deadline - now } ?? longestWithoutCall
        let margin = call == nil ? .zero : min(.milliseconds(50), left / 20)
        let end = now + left - margin
        return timeout == 0 ? end : min(end, now + .milliseconds(Int64(timeout)))
    }

    /// What the host adds, but for credentials.
    private static func fields(
        beside own: [(name: String, value: String)], _ context: CallDetails?, key: String?
    ) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        if let context {
            fields.append(("X-Request-Id", context.requestID))
            if !context.traceparent.isEmpty { fields.append(("traceparent", context.traceparent)) }
        }
        func isStated(_ name: String) -> Bool { own.contains { $0.name.lowercased() == name } }
        if let key, !isStated("idempotency-key") { fields.append(("Idempotency-Key", key)) }
        if !isStated("accept-encoding") { fields.append(ContentCoding.asked) }
        if !isStated("user-agent") { fields.append(("User-Agent", "toolhost/\(HostVersion.current)")) }
        return fields
    }

    /// The key under which the backend may know a repetition, where the operator says that it honours one.
    ///
    /// To the backend the host is one client, so that two callers' keys could be the same: what goes out is a digest of
    /// the caller's key with the caller, the tool, the place that is asked and how often this call has asked there
    /// before, and tells the backend nothing of any of them. Not with the body: a caller who says something else under
    /// the same key is for the backend to refuse.
    private static func idempotencyKey(_ call: Call, _ place: KeyedRequest) -> String {
        let parts = [
            call.context.owner, call.tool.name, call.context.idempotencyKey, place.name, "\(place.earlier)",
        ]
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return Base64.url.encode(Digest.sha256.hash(Array(text.utf8)))
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

    /// The end of a request that is not even tried. Not from inside `send`: a pack may hold there what its function
    /// needs.
    private func tell(
        _ receiver: Receiver, _ id: tool_http_id, _ failure: OutboundFailure, on eventLoop: any EventLoop
    ) -> tool_status {
        let isClosed = state.withLock { state in
            if !state.isClosed { openCount.add(1, ordering: .releasing) }
            return state.isClosed
        }
        guard !isClosed else { return TOOL_E_UNAVAILABLE }
        eventLoop.execute {
            self.tell(receiver, id, .failure(failure))
            self.openCount.subtract(1, ordering: .releasing)
        }
        return TOOL_OK
    }

    private func tell(_ receiver: Receiver, _ id: tool_http_id, _ outcome: OutboundOutcome) {
        let response = unsafe ResponseFrame.make(id: id, outcome)
        let started = NIODeadline.now()
        let entry = unsafe crashSubject.enter()
        unsafe receiver.done(receiver.owner, response)
        entry.leave()
        let time = NIODeadline.now() - started
        if time > Self.callbackLimit { outbound.logSlow(packID, time) }
    }
}
