// A block as the pack is given it: pointers instead of offsets, made where the block lies now.

import ToolABI

/// Makes the `tool_call` of a block in the room that the block has for it.
enum CallBinding {
    /// - Parameter block: a whole one, at a multiple of 8. What points into it is good for as long as it stays there.
    @unsafe static func bind(_ block: UnsafeMutableRawPointer) -> UnsafePointer<tool_call> {
        let header = unsafe block.load(as: CallHeader.self)
        let caller = unsafe block + Int(header.caller.offset)
        let call = unsafe (block + Int(header.room)).bindMemory(to: tool_call.self, capacity: 1)
        let attribute = unsafe UnsafeMutableRawPointer(call + 1).bindMemory(to: tool_attr.self, capacity: 1)
        let scopeCount = Int(header.scopeCount)
        let scopes = unsafe UnsafeMutableRawPointer(attribute + 1).bindMemory(to: tool_str.self, capacity: scopeCount)
        unsafe call.initialize(to: tool_call())
        unsafe call.pointee.struct_size = unsafe UInt32(MemoryLayout<tool_call>.size)
        unsafe call.pointee.flags = header.flags
        unsafe call.pointee.id = header.id
        unsafe call.pointee.deadline_ns = header.deadline
        unsafe call.pointee.arguments = unsafe text(header.arguments, in: block)
        unsafe call.pointee.request_id = unsafe text(header.requestID, in: block)
        unsafe call.pointee.principal =
            header.owner.count > 0 ? text(header.owner, in: block) : text(at: 0, of: caller)
        unsafe call.pointee.subject = unsafe text(at: 8, of: caller)
        unsafe call.pointee.subject_issuer = unsafe text(at: 16, of: caller)
        unsafe call.pointee.client_id = unsafe text(at: 24, of: caller)
        unsafe call.pointee.client_issuer = unsafe text(at: 32, of: caller)
        unsafe call.pointee.conversation_id = unsafe text(header.conversationID, in: block)
        unsafe call.pointee.idempotency_key = unsafe text(header.idempotencyKey, in: block)
        unsafe call.pointee.traceparent = unsafe text(header.traceparent, in: block)
        for index in 0..<scopeCount {
            unsafe (scopes + index).initialize(to: text(at: CallerPart.scopes + 8 * index, of: caller))
        }
        unsafe call.pointee.scopes = UnsafePointer(scopes)
        unsafe call.pointee.scope_count = header.scopeCount
        if header.attributeKey.count > 0 {
            unsafe attribute.initialize(
                to: tool_attr(key: text(header.attributeKey, in: block), value: text(header.attributeValue, in: block)))
            unsafe call.pointee.attrs = UnsafePointer(attribute)
            unsafe call.pointee.attr_count = 1
        }
        return unsafe UnsafePointer(call)
    }

    private static func text(at place: Int, of caller: UnsafeMutableRawPointer) -> tool_str {
        unsafe text(caller.load(fromByteOffset: place, as: CallSpan.self), in: caller)
    }

    private static func text(_ span: CallSpan, in base: UnsafeMutableRawPointer) -> tool_str {
        guard span.count > 0 else { return unsafe tool_str() }
        return unsafe tool_str(
            data: UnsafePointer((base + Int(span.offset)).assumingMemoryBound(to: CChar.self)), size: UInt64(span.count)
        )
    }
}
