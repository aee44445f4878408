// A block as the pack is given it: pointers instead of offsets.

import HostCaller
import ToolABI

/// Makes the `tool_call` of a block, in the block.
public enum CallBinding {
    /// - Parameter block: a whole one, at a multiple of 8, that was not bound before. What points into it is good for
    ///   as long as it stays there.
    @inline(__always)
    @unsafe public static func bind(_ block: UnsafeMutableRawPointer) -> UnsafePointer<tool_call> {
        let call = unsafe (block + BlockLayout.call).bindMemory(to: tool_call.self, capacity: 1)
        unsafe precondition(UInt(bitPattern: call.pointee.scopes) == BlockLayout.scopes, "a block is bound twice")
        unsafe bind(&call.pointee.arguments, to: block)
        unsafe bind(&call.pointee.request_id, to: block)
        unsafe bind(&call.pointee.principal, to: block)
        unsafe bind(&call.pointee.subject, to: block)
        unsafe bind(&call.pointee.subject_issuer, to: block)
        unsafe bind(&call.pointee.client_id, to: block)
        unsafe bind(&call.pointee.client_issuer, to: block)
        unsafe bind(&call.pointee.conversation_id, to: block)
        unsafe bind(&call.pointee.idempotency_key, to: block)
        unsafe bind(&call.pointee.traceparent, to: block)
        let scopeCount = Int(unsafe call.pointee.scope_count)
        let scopes = unsafe (block + BlockLayout.scopes).bindMemory(to: tool_str.self, capacity: scopeCount)
        for index in 0..<scopeCount { unsafe bind(&scopes[index], to: block) }
        unsafe call.pointee.scopes = UnsafePointer(scopes)
        if unsafe call.pointee.attr_count > 0 {
            let attribute = unsafe (block + BlockLayout.attribute).bindMemory(to: tool_attr.self, capacity: 1)
            unsafe bind(&attribute.pointee.key, to: block)
            unsafe bind(&attribute.pointee.value, to: block)
            unsafe call.pointee.attrs = UnsafePointer(attribute)
        }
        return unsafe UnsafePointer(call)
    }

    @inline(__always)
    private static func bind(_ text: inout tool_str, to block: UnsafeMutableRawPointer) {
        if let data = unsafe text.data { unsafe text.data = data + Int(bitPattern: block) }
    }
}
