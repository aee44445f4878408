// The memory of one response as a pack sees it: a tool_http_response and all it points to in a single allocation.

import HostOutbound
import NIOCore
import ToolABI

/// Makes and frees the contract's responses. The pack holds the only reference between the two.
enum ResponseFrame {
    /// - Returns: memory that `release` has to be called for.
    static func make(id: tool_http_id, _ outcome: OutboundOutcome) -> UnsafeMutablePointer<tool_http_response> {
        var message = ""
        var fields: [(name: String, value: String)] = []
        var body = ByteBuffer()
        if case .reply(let reply) = outcome {
            fields = OutboundFields.shown(reply.fields)
            body = reply.body
        }
        if case .failure(let failure) = outcome { message = failure.message }
        var size = unsafe MemoryLayout<tool_http_response>.size + fields.count * MemoryLayout<tool_attr>.size
        size += message.utf8.count + body.readableBytes
        for (name, value) in fields { size += name.utf8.count + value.utf8.count }

        let memory = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: size, alignment: MemoryLayout<tool_http_response>.alignment)
        let attributes = unsafe (memory + MemoryLayout<tool_http_response>.size)
            .bindMemory(to: tool_attr.self, capacity: fields.count)
        var next = unsafe UnsafeMutableRawPointer(attributes + fields.count)
        func append(_ text: String) -> tool_str {
            var text = text
            return text.withUTF8 { bytes in
                guard let base = bytes.baseAddress, !bytes.isEmpty else { return unsafe tool_str() }
                unsafe next.copyMemory(from: base, byteCount: bytes.count)
                defer { unsafe next += bytes.count }
                return unsafe tool_str(
                    data: UnsafePointer(next.assumingMemoryBound(to: CChar.self)), size: UInt64(bytes.count))
            }
        }
        for (index, field) in fields.enumerated() {
            unsafe (attributes + index).initialize(to: tool_attr(key: append(field.name), value: append(field.value)))
        }
        var response = unsafe tool_http_response()
        unsafe response.struct_size = unsafe UInt32(MemoryLayout<tool_http_response>.size)
        unsafe response.id = id
        unsafe response.headers = UnsafePointer(attributes)
        unsafe response.header_count = UInt32(fields.count)
        unsafe response.message = append(message)
        switch outcome {
        case .reply(let reply):
            unsafe response.http_status = UInt32(reply.status)
            unsafe response.retry_after_ms = milliseconds(reply.retryAfter)
        case .failure(let failure):
            unsafe response.status = failure.kind.status
            unsafe response.flags = failure.mayHaveLeft ? 0 : TOOL_HTTP_UNSENT
            unsafe response.retry_after_ms = milliseconds(failure.retryAfter)
        }
        if body.readableBytes > 0 {
            unsafe body.withUnsafeReadableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                unsafe next.copyMemory(from: base, byteCount: bytes.count)
            }
            unsafe response.body = UnsafePointer(next.assumingMemoryBound(to: UInt8.self))
            unsafe response.body_size = UInt64(body.readableBytes)
        }
        return unsafe memory.initializeMemory(as: tool_http_response.self, to: response)
    }

    private static func milliseconds(_ time: TimeAmount?) -> UInt32 {
        UInt32(clamping: (time ?? .zero).nanoseconds / 1_000_000)
    }

    static func release(_ response: UnsafePointer<tool_http_response>) {
        unsafe UnsafeMutableRawPointer(mutating: response).deallocate()
    }
}

extension OutboundFailure.Kind {
    var status: tool_status {
        switch self {
        case .unavailable: TOOL_E_UNAVAILABLE
        case .deadline: TOOL_E_DEADLINE
        case .cancelled: TOOL_E_CANCELLED
        case .tooLarge: TOOL_E_TOO_LARGE
        case .invalid: TOOL_E_INVALID
        case .denied: TOOL_E_DENIED
        case .busy: TOOL_E_BUSY
        }
    }
}
