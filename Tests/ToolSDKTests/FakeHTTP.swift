// The service "http/1" in Swift: remembers what packs send, answers when a test says so, counts what comes back.

import Synchronization
import ToolABI

@testable import ToolSDK

/// Never freed, like a real host's.
final class FakeHTTP: Sendable {
    /// What a pack sent.
    struct Sent: Sendable, Hashable {
        var call: UInt64
        var method: String
        var url: String
        var headers: [String]
        var body: String
    }

    /// What becomes of a request.
    enum Fate: Sendable {
        /// Answered on another thread.
        case later(Reply)
        /// Answered before `send` has returned.
        case atOnce(Reply)
        /// Not taken.
        case refused(tool_status)
        /// Not before it is cancelled.
        case never
    }

    struct Reply: Sendable {
        var status = TOOL_OK
        var httpStatus: UInt32 = 200
        var retryAfter: UInt32 = 0
        var message = ""
        var flags: UInt32 = 0
        var headers: [(String, String)] = []
        var body = ""
    }

    @safe private struct Pending: Sendable {
        var owner: UInt
        var done: tool_http_done
    }

    private struct State {
        var sent: [Sent] = []
        var cancelled: [tool_http_id] = []
        var watched: [String] = []
        var given = 0
        var released = 0
        var lastID = tool_http_id(0)
        var pending: [tool_http_id: Pending] = [:]
        var responses: [UInt: HostMemory] = [:]
        var arrivals: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let fate: @Sendable (Sent) -> Fate
    private let watchStatus: tool_status
    private let memory: HostMemory

    var sent: [Sent] { state.withLock(\.sent) }
    var cancelled: [tool_http_id] { state.withLock(\.cancelled) }
    var watched: [String] { state.withLock(\.watched) }
    /// Responses handed out and not taken back.
    var outstanding: Int { state.withLock { $0.given - $0.released } }
    var table: UnsafePointer<tool_http> { unsafe UnsafePointer(memory.base.assumingMemoryBound(to: tool_http.self)) }

    /// - Parameter size: What `struct_size` says.
    init(
        size: UInt32 = 48, watchStatus: tool_status = TOOL_OK, _ fate: @escaping @Sendable (Sent) -> Fate
    ) {
        self.fate = fate
        self.watchStatus = watchStatus
        memory = HostMemory(size: 48)
        let table = unsafe memory.base.assumingMemoryBound(to: tool_http.self)
        unsafe table.pointee.struct_size = size
        unsafe table.pointee.service = Unmanaged.passRetained(self).toOpaque()
        unsafe table.pointee.send = { service, request, done, owner, id in
            guard let request = unsafe request, let done = unsafe done else { return TOOL_E_INVALID }
            return unsafe FakeHTTP.at(service).send(request, done, owner, id)
        }
        unsafe table.pointee.cancel = { service, id in unsafe FakeHTTP.at(service).cancel(id) }
        unsafe table.pointee.release = { service, response in unsafe FakeHTTP.at(service).release(response) }
        unsafe table.pointee.watch = { service, url in
            let (fake, text) = unsafe (FakeHTTP.at(service), url.map { unsafe String($0.pointee) } ?? "")
            fake.state.withLock { $0.watched.append(text) }
            return fake.watchStatus
        }
    }

    /// Waits until something was sent.
    func arrival() async {
        await withCheckedContinuation { continuation in
            let isHere = state.withLock { state in
                if state.sent.isEmpty { state.arrivals.append(continuation) }
                return !state.sent.isEmpty
            }
            if isHere { continuation.resume() }
        }
    }

    private static func at(_ service: UnsafeMutableRawPointer?) -> FakeHTTP {
        // The table is always made with a service.
        unsafe Unmanaged<FakeHTTP>.fromOpaque(service.unsafelyUnwrapped).takeUnretainedValue()
    }

    private func send(
        _ request: UnsafePointer<tool_http_request>, _ done: @escaping tool_http_done,
        _ owner: UnsafeMutableRawPointer?, _ id: UnsafeMutablePointer<tool_http_id>?
    ) -> tool_status {
        let fields = unsafe UnsafeBufferPointer(
            start: request.pointee.headers, count: Int(request.pointee.header_count))
        let body = unsafe UnsafeBufferPointer(start: request.pointee.body, count: Int(request.pointee.body_size))
        let sent = unsafe Sent(
            call: request.pointee.call, method: String(request.pointee.method), url: String(request.pointee.url),
            headers: fields.map { unsafe "\(String($0.key)): \(String($0.value))" },
            body: String(decoding: body, as: UTF8.self))
        let pending = unsafe Pending(owner: UInt(bitPattern: owner), done: done)
        let number = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        unsafe id?.pointee = number
        let fate = fate(sent)
        if case .never = fate { state.withLock { $0.pending[number] = pending } }
        let arrivals = state.withLock { state in
            state.sent.append(sent)
            defer { state.arrivals = [] }
            return state.arrivals
        }
        for arrival in arrivals { arrival.resume() }
        switch fate {
        case .refused(let status): return status
        case .never: break
        case .atOnce(let reply): give(reply, number, to: pending)
        case .later(let reply): Task.detached { self.give(reply, number, to: pending) }
        }
        return TOOL_OK
    }

    private func cancel(_ id: tool_http_id) {
        let pending = state.withLock { state in
            state.cancelled.append(id)
            return state.pending.removeValue(forKey: id)
        }
        if let pending { give(Reply(status: TOOL_E_CANCELLED), id, to: pending) }
    }

    private func give(_ reply: Reply, _ id: tool_http_id, to pending: Pending) {
        let texts = [HostMemory(reply.message), HostMemory(reply.body)]
        let fields = reply.headers.flatMap { [HostMemory($0.0), HostMemory($0.1)] }
        let list = HostMemory(size: 32 * reply.headers.count)
        for (index, text) in fields.enumerated() {
            unsafe list.base.storeBytes(of: text.text, toByteOffset: 16 * index, as: tool_str.self)
        }
        let memory = HostMemory(size: 72, texts: texts + fields + [list])
        let response = unsafe memory.base.assumingMemoryBound(to: tool_http_response.self)
        unsafe response.pointee.struct_size = 72
        unsafe response.pointee.http_status = reply.status == TOOL_OK ? reply.httpStatus : 0
        unsafe response.pointee.id = id
        unsafe response.pointee.status = reply.status
        unsafe response.pointee.retry_after_ms = reply.retryAfter
        unsafe response.pointee.flags = reply.flags
        unsafe response.pointee.message = texts[0].text
        unsafe response.pointee.headers = UnsafePointer(list.base.assumingMemoryBound(to: tool_attr.self))
        unsafe response.pointee.header_count = UInt32(reply.headers.count)
        unsafe response.pointee.body = UnsafePointer(texts[1].base.assumingMemoryBound(to: UInt8.self))
        unsafe response.pointee.body_size = UInt64(reply.body.utf8.count)
        state.withLock { state in
            state.given += 1
            state.responses[UInt(bitPattern: response)] = memory
        }
        unsafe pending.done(UnsafeMutableRawPointer(bitPattern: pending.owner), response)
    }

    /// Spoils the memory, so that a pack that reads it later is found out.
    private func release(_ response: UnsafePointer<tool_http_response>?) {
        let memory = state.withLock { state in
            state.released += 1
            return state.responses.removeValue(forKey: UInt(bitPattern: response))
        }
        memory?.spoil()
    }
}
