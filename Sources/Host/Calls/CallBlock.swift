// What a pack is told of one call, in one block that may be copied anywhere: made here, as BlockLayout.swift specifies.

import HostCaller
import Synchronization
import ToolABI

/// Owns the block of a call. It lives as long as the call is open, however long the client has been gone.
///
/// It holds the structs of the ABI themselves: to make them of another layout took 160 instructions of a call.
///
/// `@unchecked Sendable`: written once in `init`; afterwards by its engine, before the pack is called, and the word as
/// an atomic one.
@safe public struct CallBlock: ~Copyable, @unchecked Sendable {
    /// As large as it says.
    public let start: UnsafeMutableRawPointer
    /// Bytes of the block.
    public let size: Int
    let argumentBytes: Int
    /// What `cancelled` answers: in the block, unless the engine wants it elsewhere.
    let word: CallWord
    /// Whether it lies elsewhere.
    let hasForeignWord: Bool

    /// - Parameters:
    ///   - deadline: absolute, CLOCK_MONOTONIC, in nanoseconds.
    ///   - arguments: JSON that fits the tool's input schema.
    ///   - word: where the call's word lies, if not in the block.
    init(id: tool_call_id, deadline: Int64, arguments: [UInt8], context: CallDetails, word: CallWord?) {
        let caller = context.principal.part
        let (owner, user) = (context.ownOwner ?? "", context.ephemeralUser ?? "")
        var size = caller.bytes.count + arguments.count
        size += context.requestID.utf8.count + owner.utf8.count + context.conversationID.utf8.count
        size += context.idempotencyKey.utf8.count + context.traceparent.utf8.count
        if !user.isEmpty { size += Self.ephemeralUser.utf8.count + user.utf8.count }

        unsafe start = .allocate(byteCount: size, alignment: 8)
        self.size = size
        argumentBytes = arguments.count
        var writer = unsafe BlockWriter(block: start, next: 0)
        _ = unsafe writer.append(caller.bytes)
        unsafe start.storeBytes(of: UInt32(size), toByteOffset: BlockLayout.size, as: UInt32.self)
        self.word = unsafe word ?? CallWord(at: start + BlockLayout.word)
        hasForeignWord = word != nil
        let call = unsafe (start + BlockLayout.call).bindMemory(to: tool_call.self, capacity: 1)
        unsafe call.pointee.flags = context.onProgress == nil ? 0 : TOOL_CALL_WANTS_PROGRESS
        unsafe call.pointee.id = id
        unsafe call.pointee.deadline_ns = deadline
        unsafe call.pointee.arguments = unsafe writer.append(arguments)
        unsafe call.pointee.request_id = unsafe writer.append(context.requestID)
        if !owner.isEmpty { unsafe call.pointee.principal = unsafe writer.append(owner) }
        unsafe call.pointee.conversation_id = unsafe writer.append(context.conversationID)
        unsafe call.pointee.idempotency_key = unsafe writer.append(context.idempotencyKey)
        unsafe call.pointee.traceparent = unsafe writer.append(context.traceparent)
        if !user.isEmpty {
            let attribute = unsafe (start + BlockLayout.attribute).bindMemory(
                to: tool_attr.self, capacity: 1)
            unsafe attribute.pointee = unsafe tool_attr(
                key: writer.append(Self.ephemeralUser), value: writer.append(user))
            unsafe call.pointee.attrs = UnsafePointer(bitPattern: BlockLayout.attribute)
            unsafe call.pointee.attr_count = 1
        }
    }

    deinit {
        unsafe start.deallocate()
    }

    private static let ephemeralUser = "openai-ephemeral-user-id"
}

/// What `cancelled` answers of one call: 0, or why not to go on.
///
/// `@unchecked Sendable`: what it points to is atomic, and stays as long as the call that has it.
@safe public struct CallWord: @unchecked Sendable {
    private let place: UnsafeMutablePointer<Atomic<UInt32>>

    /// - Parameter place: of 4 bytes, at a multiple of 4; is 0 from now on. It must stay as long as the call.
    @unsafe init(at place: UnsafeMutableRawPointer) {
        unsafe self.place = place.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
        unsafe self.place.initialize(to: Atomic(0))
    }

    var status: tool_status {
        tool_status(bitPattern: unsafe place.pointee.load(ordering: .acquiring))
    }

    func write(_ status: tool_status) {
        unsafe place.pointee.store(UInt32(bitPattern: status), ordering: .releasing)
    }
}
