// The bytes of one call: all that its pack is told of it, in one block that may be copied anywhere. Its specification, too.
//
// Everything is in the byte order of the machine. Places are offsets in bytes from where the block begins, or from where the
// caller's part begins for what lies in there, so that nothing points anywhere. A text is a place and a length (`CallSpan`),
// and has no zero behind it; one without bytes has place 0. The block begins at a multiple of 8.
//
//   offset  bytes
//        0      4  version of this layout: 1
//        4      4  bytes of the whole block
//        8      8  number of the call
//       16      8  deadline: CLOCK_MONOTONIC, in nanoseconds
//       24      4  flags: TOOL_CALL_…
//       28      4  how many scopes the caller has
//       32      8  arguments
//       40      8  request id
//       48      8  owner, where it is not simply the caller; else without bytes
//       56      8  conversation id
//       64      8  idempotency key
//       72      8  traceparent
//       80     16  key and value of the one attribute; without bytes where there is none
//       96      8  the caller's part (CallerPart.swift), at a multiple of 4
//      104      4  the room, at a multiple of 8: where the block lies, a tool_call is made there (CallBinding.swift)
//      108      4  the word, an atomic one: 0, or the status that `cancelled` answers. An engine may have it elsewhere
//      112         the room: a tool_call, a tool_attr, and a tool_str for each scope; not written before
//                  the caller's part; then the texts, one behind the other

import Synchronization
import ToolABI

/// A text inside a block.
struct CallSpan: Sendable, Equatable {
    var offset: UInt32 = 0
    var count: UInt32 = 0
}

/// What a block begins with.
struct CallHeader: Sendable {
    static let version: UInt32 = 1

    var version = Self.version
    var size: UInt32
    var id: tool_call_id
    var deadline: Int64
    var flags: UInt32
    var scopeCount: UInt32
    var arguments = CallSpan()
    var requestID = CallSpan()
    var owner = CallSpan()
    var conversationID = CallSpan()
    var idempotencyKey = CallSpan()
    var traceparent = CallSpan()
    var attributeKey = CallSpan()
    var attributeValue = CallSpan()
    var caller = CallSpan()
    var room = UInt32(Self.room)

    static let word = 108
    static let room = 112
}

/// Owns the block of a call. It lives as long as the call is open, however long the client has been gone.
///
/// `@unchecked Sendable`: written once in `init`; afterwards by its engine, before the pack is called, and the word as an
/// atomic one.
@safe struct CallBlock: ~Copyable, @unchecked Sendable {
    /// As large as its header says.
    let start: UnsafeMutableRawPointer
    let argumentBytes: Int
    /// What `cancelled` answers: in the block, unless the engine wants it elsewhere.
    let word: CallWord

    /// - Parameters:
    ///   - deadline: absolute, CLOCK_MONOTONIC, in nanoseconds.
    ///   - arguments: JSON that fits the tool's input schema.
    ///   - word: where the call's word lies, if not in the block.
    init(id: tool_call_id, deadline: Int64, arguments: [UInt8], context: CallContext, word: CallWord?) {
        let caller = context.principal.part
        let (owner, user) = (context.ownOwner ?? "", context.ephemeralUser ?? "")
        var room = unsafe MemoryLayout<tool_call>.size + MemoryLayout<tool_attr>.size
        unsafe room += caller.scopeCount * MemoryLayout<tool_str>.size
        var size = CallHeader.room + room + caller.bytes.count + arguments.count
        size += context.requestID.utf8.count + owner.utf8.count + context.conversationID.utf8.count
        size += context.idempotencyKey.utf8.count + context.traceparent.utf8.count
        if !user.isEmpty { size += Self.ephemeralUser.utf8.count + user.utf8.count }

        unsafe start = .allocate(byteCount: size, alignment: 8)
        argumentBytes = arguments.count
        var writer = unsafe CallBlockWriter(block: start, next: CallHeader.room + room)
        var header = CallHeader(
            size: UInt32(size), id: id, deadline: deadline,
            flags: context.onProgress == nil ? 0 : TOOL_CALL_WANTS_PROGRESS, scopeCount: UInt32(caller.scopeCount))
        header.caller = unsafe writer.append(caller.bytes)
        header.arguments = unsafe writer.append(arguments)
        header.requestID = unsafe writer.append(context.requestID)
        header.owner = unsafe writer.append(owner)
        header.conversationID = unsafe writer.append(context.conversationID)
        header.idempotencyKey = unsafe writer.append(context.idempotencyKey)
        header.traceparent = unsafe writer.append(context.traceparent)
        if !user.isEmpty {
            header.attributeKey = unsafe writer.append(Self.ephemeralUser)
            header.attributeValue = unsafe writer.append(user)
        }
        unsafe start.initializeMemory(as: CallHeader.self, to: header)
        self.word = unsafe word ?? CallWord(at: start + CallHeader.word)
    }

    deinit {
        unsafe start.deallocate()
    }

    private static let ephemeralUser = "openai-ephemeral-user-id"
}

/// What `cancelled` answers of one call: 0, or why not to go on.
///
/// `@unchecked Sendable`: what it points to is atomic, and stays until the pack is done with the call.
@safe struct CallWord: @unchecked Sendable {
    private let place: UnsafeMutablePointer<Atomic<UInt32>>

    /// - Parameter place: of 4 bytes, at a multiple of 4; is 0 from now on. It is the call's until the pack is done with the call.
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

/// Puts texts into a block, one behind the other.
@unsafe struct CallBlockWriter {
    let block: UnsafeMutableRawPointer
    var next: Int

    mutating func append(_ bytes: [UInt8]) -> CallSpan {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    mutating func append(_ text: String) -> CallSpan {
        guard !text.isEmpty else { return CallSpan() }
        var text = text
        return text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) -> CallSpan {
        guard bytes.count > 0, let base = bytes.baseAddress else { return CallSpan() }
        unsafe (block + next).copyMemory(from: base, byteCount: bytes.count)
        defer { unsafe next += bytes.count }
        return unsafe CallSpan(offset: UInt32(truncatingIfNeeded: next), count: UInt32(truncatingIfNeeded: bytes.count))
    }
}
