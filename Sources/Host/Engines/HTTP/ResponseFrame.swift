// The memory of one response as a pack sees it: a tool_http_response and all it points to in a single allocation.

import HostLanes
import ToolABI

/// Makes and frees the contract's responses. The pack holds the only reference between the two.
public enum ResponseFrame {
    /// - Returns: memory that `release` has to be called for.
    @unsafe public static func make(
        id: tool_http_id, _ head: ResponseHead, body: UnsafeRawBufferPointer
    ) -> UnsafeMutablePointer<tool_http_response> {
        var size = unsafe MemoryLayout<tool_http_response>.size + head.fields.count * MemoryLayout<tool_attr>.size
        size += head.message.utf8.count + body.count
        for (name, value) in head.fields { size += name.utf8.count + value.utf8.count }

        let memory = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: size, alignment: MemoryLayout<tool_http_response>.alignment)
        let attributes = unsafe (memory + MemoryLayout<tool_http_response>.size)
            .bindMemory(to: tool_attr.self, capacity: head.fields.count)
        var next = unsafe UnsafeMutableRawPointer(attributes + head.fields.count)
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
        for (index, field) in head.fields.enumerated() {
            unsafe (attributes + index).initialize(to: tool_attr(key: append(field.name), value: append(field.value)))
        }
        var response = unsafe tool_http_response()
        unsafe response.struct_size = unsafe UInt32(MemoryLayout<tool_http_response>.size)
        unsafe response.id = id
        unsafe response.status = head.status
        unsafe response.flags = head.flags
        unsafe response.http_status = head.httpStatus
        unsafe response.retry_after_ms = head.retryAfter
        unsafe response.headers = UnsafePointer(attributes)
        unsafe response.header_count = UInt32(head.fields.count)
        unsafe response.message = append(head.message)
        if let base = body.baseAddress, body.count > 0 {
            unsafe next.copyMemory(from: base, byteCount: body.count)
            unsafe response.body = UnsafePointer(next.assumingMemoryBound(to: UInt8.self))
            unsafe response.body_size = UInt64(body.count)
        }
        return unsafe memory.initializeMemory(as: tool_http_response.self, to: response)
    }

    @unsafe public static func release(_ response: UnsafePointer<tool_http_response>) {
        unsafe UnsafeMutableRawPointer(mutating: response).deallocate()
    }
}
