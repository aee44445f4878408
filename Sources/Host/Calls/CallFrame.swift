// The memory of one call as the pack sees it: a tool_call and all its strings in a single allocation.

import ToolABI

/// Owns a `tool_call`. It lives as long as the call is open, however long the client has been gone.
///
/// `@unchecked Sendable`: written once in `init`, read-only afterwards.
@safe final class CallFrame: @unchecked Sendable {
    private let memory: UnsafeMutableRawPointer

    /// What `invoke` is given.
    var pointer: UnsafePointer<tool_call> {
        unsafe UnsafePointer(memory.assumingMemoryBound(to: tool_call.self))
    }

    /// - Parameters:
    ///   - deadline: absolute, CLOCK_MONOTONIC, in nanoseconds.
    ///   - arguments: JSON that fits the tool's input schema.
    init(id: tool_call_id, deadline: Int64, arguments: [UInt8], context: CallContext) {
        let principal = context.principal
        let owner = context.owner
        let attributes = context.ephemeralUser.map { [("openai-ephemeral-user-id", $0)] } ?? []
        let texts = [
            context.requestID, owner, principal.subject ?? "", principal.subjectIssuer ?? "", principal.clientID,
            principal.clientIssuer, context.conversationID, context.idempotencyKey, context.traceparent,
        ]
        var size = unsafe MemoryLayout<tool_call>.size + arguments.count
        unsafe size += principal.scopes.count * MemoryLayout<tool_str>.size
        unsafe size += attributes.count * MemoryLayout<tool_attr>.size
        for text in texts { size += text.utf8.count }
        for scope in principal.scopes { size += scope.utf8.count }
        for (key, value) in attributes { size += key.utf8.count + value.utf8.count }

        unsafe memory = .allocate(byteCount: size, alignment: MemoryLayout<tool_call>.alignment)
        var layout = unsafe Layout(next: memory + MemoryLayout<tool_call>.size)
        let scopes = unsafe layout.reserve(tool_str.self, principal.scopes.count)
        let attrs = unsafe layout.reserve(tool_attr.self, attributes.count)
        var call = unsafe tool_call()
        unsafe call.struct_size = unsafe UInt32(MemoryLayout<tool_call>.size)
        unsafe call.flags = context.onProgress == nil ? 0 : TOOL_CALL_WANTS_PROGRESS
        unsafe call.id = id
        unsafe call.deadline_ns = deadline
        unsafe call.arguments = unsafe layout.append(arguments)
        unsafe call.request_id = unsafe layout.append(texts[0])
        unsafe call.principal = unsafe layout.append(texts[1])
        unsafe call.subject = unsafe layout.append(texts[2])
        unsafe call.subject_issuer = unsafe layout.append(texts[3])
        unsafe call.client_id = unsafe layout.append(texts[4])
        unsafe call.client_issuer = unsafe layout.append(texts[5])
        unsafe call.conversation_id = unsafe layout.append(texts[6])
        unsafe call.idempotency_key = unsafe layout.append(texts[7])
        unsafe call.traceparent = unsafe layout.append(texts[8])
        for (index, scope) in principal.scopes.enumerated() {
            unsafe (scopes + index).initialize(to: layout.append(scope))
        }
        for (index, attribute) in attributes.enumerated() {
            unsafe (attrs + index).initialize(
                to: tool_attr(key: layout.append(attribute.0), value: layout.append(attribute.1)))
        }
        unsafe call.scopes = UnsafePointer(scopes)
        unsafe call.scope_count = UInt32(principal.scopes.count)
        unsafe call.attrs = UnsafePointer(attrs)
        unsafe call.attr_count = UInt32(attributes.count)
        unsafe memory.initializeMemory(as: tool_call.self, to: call)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Hands out the rest of the allocation from front to back; what has an alignment comes first.
    @unsafe private struct Layout {
        var next: UnsafeMutableRawPointer

        mutating func reserve<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
            defer { unsafe next += count * MemoryLayout<T>.size }
            return unsafe next.bindMemory(to: type, capacity: count)
        }

        mutating func append(_ bytes: [UInt8]) -> tool_str {
            unsafe bytes.withUnsafeBytes { unsafe append($0) }
        }

        mutating func append(_ text: String) -> tool_str {
            var text = text
            return text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
        }

        private mutating func append(_ bytes: UnsafeRawBufferPointer) -> tool_str {
            guard bytes.count > 0, let base = bytes.baseAddress else { return unsafe tool_str() }
            unsafe next.copyMemory(from: base, byteCount: bytes.count)
            defer { unsafe next += bytes.count }
            return unsafe tool_str(
                data: UnsafePointer(next.assumingMemoryBound(to: CChar.self)), size: UInt64(bytes.count))
        }
    }
}
