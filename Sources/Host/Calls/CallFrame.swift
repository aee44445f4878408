// The memory of one call as the pack sees it: a tool_call and the strings that are its own in a single allocation.

import ToolABI

/// Owns a `tool_call`. It lives as long as the call is open, however long the client has been gone.
///
/// `@unchecked Sendable`: written once in `init`, read-only afterwards.
@safe struct CallFrame: ~Copyable, @unchecked Sendable {
    private let memory: UnsafeMutableRawPointer
    /// Holds the strings of the call's caller.
    private let principal: Principal

    /// What `invoke` is given.
    var pointer: UnsafePointer<tool_call> {
        unsafe UnsafePointer(memory.assumingMemoryBound(to: tool_call.self))
    }

    var argumentBytes: Int { unsafe Int(pointer.pointee.arguments.size) }

    /// - Parameters:
    ///   - deadline: absolute, CLOCK_MONOTONIC, in nanoseconds.
    ///   - arguments: JSON that fits the tool's input schema.
    init(id: tool_call_id, deadline: Int64, arguments: [UInt8], context: CallContext) {
        principal = context.principal
        let ephemeralUser = context.ephemeralUser
        let owner = context.ownOwner ?? ""
        var size = unsafe MemoryLayout<tool_call>.size + arguments.count
        size += context.requestID.utf8.count + owner.utf8.count + context.conversationID.utf8.count
        size += context.idempotencyKey.utf8.count + context.traceparent.utf8.count
        if let ephemeralUser {
            unsafe size += MemoryLayout<tool_attr>.size + Self.ephemeralUser.utf8.count + ephemeralUser.utf8.count
        }

        unsafe memory = .allocate(byteCount: size, alignment: MemoryLayout<tool_call>.alignment)
        var layout = unsafe ABILayout(next: memory + MemoryLayout<tool_call>.size)
        var call = unsafe tool_call()
        unsafe call.struct_size = unsafe UInt32(MemoryLayout<tool_call>.size)
        unsafe call.flags = context.onProgress == nil ? 0 : TOOL_CALL_WANTS_PROGRESS
        unsafe call.id = id
        unsafe call.deadline_ns = deadline
        unsafe principal.strings.fill(&call)
        if let ephemeralUser {
            let attributes = unsafe layout.reserve(tool_attr.self, 1)
            unsafe attributes.initialize(
                to: tool_attr(key: layout.append(Self.ephemeralUser), value: layout.append(ephemeralUser)))
            unsafe call.attrs = UnsafePointer(attributes)
            unsafe call.attr_count = 1
        }
        if !owner.isEmpty { unsafe call.principal = unsafe layout.append(owner) }
        unsafe call.arguments = unsafe layout.append(arguments)
        unsafe call.request_id = unsafe layout.append(context.requestID)
        unsafe call.conversation_id = unsafe layout.append(context.conversationID)
        unsafe call.idempotency_key = unsafe layout.append(context.idempotencyKey)
        unsafe call.traceparent = unsafe layout.append(context.traceparent)
        unsafe memory.initializeMemory(as: tool_call.self, to: call)
    }

    deinit {
        unsafe memory.deallocate()
    }

    private static let ephemeralUser = "openai-ephemeral-user-id"
}
