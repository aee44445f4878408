// The host's service "http/1" as an asynchronous function.

import Synchronization
import ToolABI

/// The service's table. It never changes and its functions run on any thread, so that sharing the pointer is safe.
@safe struct HTTPTable: @unchecked Sendable {
    private let table: UnsafePointer<tool_http>

    /// The struct as http/1 knows it. Members that join later need a test of their own.
    private static let firstSize = 48

    /// - Returns: `nil` when the host has no such service.
    init?(of host: UnsafePointer<tool_host>) {
        guard let service = unsafe host.pointee.service else { return nil }
        let found = unsafe TOOL_HTTP_SERVICE.withABIText { name in
            unsafe withUnsafePointer(to: name) { unsafe service(host.pointee.host, $0) }
        }
        guard let table = unsafe found?.assumingMemoryBound(to: tool_http.self),
            unsafe Int(table.pointee.struct_size) >= Self.firstSize
        else { return nil }
        unsafe self.table = table
    }

    /// - Throws: `CancellationError` or ``ToolError``.
    func send(_ request: HTTPRequest, call: UInt64) async throws -> HTTPResponse {
        let flight = Flight(self)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                flight.begin(continuation)
                begin(request, call: call, flight)
            }
        } onCancel: {
            flight.cancel()
        }
    }

    func watch(_ url: String) throws {
        guard let watch = unsafe table.pointee.watch else { throw ToolError.unsupported("The host watches nothing.") }
        let status = unsafe url.withABIText { text in
            unsafe withUnsafePointer(to: text) { unsafe watch(table.pointee.service, $0) }
        }
        switch status {
        case TOOL_OK: return
        case TOOL_E_DENIED: throw ToolError.internal("The operator has not listed the origin of \(url) for this pack.")
        default: throw ToolError.internal("\(url) cannot be watched.")
        }
    }

    fileprivate func cancel(_ id: tool_http_id) {
        unsafe table.pointee.cancel?(table.pointee.service, id)
    }

    private func begin(_ request: HTTPRequest, call: UInt64, _ flight: Flight) {
        // The flight is held for the host until `done` is called.
        let owner = unsafe Unmanaged.passRetained(flight).toOpaque()
        var id = tool_http_id(0)
        let status = unsafe request.withABIRequest(call: call) { request in
            guard let send = unsafe table.pointee.send else { return TOOL_E_UNSUPPORTED }
            return unsafe send(table.pointee.service, request, httpRequestDone, owner, &id)
        }
        guard status != TOOL_OK else { return flight.isKnown(as: id) }
        unsafe Unmanaged<Flight>.fromOpaque(owner).release()
        switch status {
        case TOOL_E_GONE: flight.end(.failure(CancellationError()))
        case TOOL_E_UNSUPPORTED: flight.end(.failure(ToolError.unsupported("The host sends no requests.").unsent))
        case TOOL_E_UNAVAILABLE: flight.end(.failure(ToolError.unavailable("The host is being stopped.").unsent))
        default: flight.end(.failure(ToolError.internal("The host did not take a request: status \(status).").unsent))
        }
    }

    /// Copies a response and gives it back.
    fileprivate func take(_ response: UnsafePointer<tool_http_response>) -> Result<HTTPResponse, any Error> {
        defer { unsafe table.pointee.release?(table.pointee.service, response) }
        let status = unsafe response.pointee.status
        let milliseconds = unsafe response.pointee.retry_after_ms
        let retryAfter = milliseconds == 0 ? nil : Duration.milliseconds(Int64(milliseconds))
        guard status == TOOL_OK else {
            return unsafe .failure(
                Self.error(
                    status, String(response.pointee.message), retryAfter: retryAfter,
                    isUnsent: response.pointee.flags & TOOL_HTTP_UNSENT != 0))
        }
        let fields = unsafe UnsafeBufferPointer(
            start: response.pointee.headers, count: Int(response.pointee.header_count))
        let body = unsafe UnsafeBufferPointer(
            start: response.pointee.body, count: response.pointee.body == nil ? 0 : Int(response.pointee.body_size))
        return unsafe .success(
            HTTPResponse(
                status: Int(response.pointee.http_status),
                headers: fields.map { unsafe (String($0.key), String($0.value)) }, body: Array(body),
                retryAfter: retryAfter))
    }

    private static func error(
        _ status: tool_status, _ message: String, retryAfter: Duration?, isUnsent: Bool
    ) -> any Error {
        if status == TOOL_E_CANCELLED || status == TOOL_E_GONE { return CancellationError() }
        let error =
            switch status {
            case TOOL_E_UNAVAILABLE: ToolError.unavailable(message, retryAfter: retryAfter)
            case TOOL_E_BUSY: ToolError.busy(message, retryAfter: retryAfter)
            case TOOL_E_DEADLINE: ToolError.deadline(message)
            case TOOL_E_TOO_LARGE: ToolError.tooLarge(message)
            case TOOL_E_UNSUPPORTED: ToolError.unsupported(message)
            default: ToolError.internal(message)
            }
        return isUnsent ? error.unsent : error
    }
}

extension ToolError {
    fileprivate var unsent: ToolError {
        var error = self
        error.isUnsent = true
        return error
    }
}

private func httpRequestDone(_ owner: UnsafeMutableRawPointer?, _ response: UnsafePointer<tool_http_response>?) {
    guard let owner = unsafe owner, let response = unsafe response else { return }
    unsafe Unmanaged<Flight>.fromOpaque(owner).takeRetainedValue().land(response)
}

/// One request on its way: whoever waits for it, and its number once that is known.
private final class Flight: Sendable {
    private struct State {
        var continuation: CheckedContinuation<HTTPResponse, any Error>?
        var id: tool_http_id?
        var isCancelled = false
    }

    private let table: HTTPTable
    private let state = Mutex(State())

    init(_ table: HTTPTable) {
        self.table = table
    }

    func begin(_ continuation: CheckedContinuation<HTTPResponse, any Error>) {
        state.withLock { $0.continuation = continuation }
    }

    /// The host took the request. A cancellation that came before had no number to name.
    func isKnown(as id: tool_http_id) {
        let isCancelled = state.withLock { state in
            state.id = id
            return state.isCancelled
        }
        if isCancelled { table.cancel(id) }
    }

    func cancel() {
        let id = state.withLock { state in
            state.isCancelled = true
            return state.id
        }
        if let id { table.cancel(id) }
    }

    func land(_ response: UnsafePointer<tool_http_response>) {
        unsafe end(table.take(response))
    }

    func end(_ result: Result<HTTPResponse, any Error>) {
        let continuation = state.withLock { state in
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(with: result)
    }
}

extension HTTPRequest {
    /// Lends the request for the time of `body`. All texts go into one buffer, so that one place keeps them where they
    /// are.
    fileprivate func withABIRequest(
        call: UInt64, _ body: (UnsafePointer<tool_http_request>) -> tool_status
    ) -> tool_status {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for text in [method.rawValue, url] + headers.flatMap({ [$0.name, $0.value] }) {
            bytes += text.utf8
            ends.append(bytes.count)
        }
        return unsafe bytes.withUnsafeBytes { buffer in
            func text(_ index: Int) -> tool_str {
                let start = index == 0 ? 0 : ends[index - 1]
                let data = unsafe buffer.baseAddress.map { unsafe ($0 + start).assumingMemoryBound(to: CChar.self) }
                return unsafe tool_str(data: data, size: UInt64(ends[index] - start))
            }
            let fields = unsafe headers.indices.map {
                unsafe tool_attr(key: text($0 * 2 + 2), value: text($0 * 2 + 3))
            }
            return unsafe fields.withUnsafeBufferPointer { fields in
                unsafe self.body.withUnsafeBufferPointer { content in
                    var request = unsafe tool_http_request()
                    unsafe request.struct_size = unsafe UInt32(MemoryLayout<tool_http_request>.size)
                    unsafe request.call = call
                    unsafe request.method = unsafe text(0)
                    unsafe request.url = unsafe text(1)
                    unsafe request.headers = fields.baseAddress
                    unsafe request.header_count = UInt32(fields.count)
                    unsafe request.body = content.baseAddress
                    unsafe request.body_size = UInt64(content.count)
                    return unsafe withUnsafePointer(to: request) { unsafe body($0) }
                }
            }
        }
    }
}
