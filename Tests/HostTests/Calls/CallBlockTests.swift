// What a pack is told of a call: bytes that may lie anywhere, and pointers that stay among them.

import Glibc
import Testing
import ToolABI

@testable import HostCaller
@testable import HostCalls
@testable import HostEngines

/// Memory that ends where the next page cannot be read.
@safe private final class Elsewhere {
    private let mapping: UnsafeMutableRawPointer
    private let length: Int
    let start: UnsafeMutableRawPointer
    let count: Int

    /// Copies a block to as near the end of readable memory as its alignment allows, then overwrites and frees the
    /// block.
    init(moving block: consuming CallBlock) throws {
        count = unsafe Int(block.start.load(fromByteOffset: 4, as: UInt32.self))
        let (page, room) = (Int(getpagesize()), (count + 7) & ~7)
        length = (room + page - 1) / page * page + page
        let made = unsafe mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        unsafe mapping = try #require(unsafe made)
        try #require(unsafe mprotect(mapping + length - page, page, PROT_NONE) == 0)
        unsafe start = unsafe mapping + length - page - room
        unsafe start.copyMemory(from: block.start, byteCount: count)
        unsafe memset(block.start, 0xA5, count)
    }

    deinit {
        unsafe munmap(mapping, length)
    }

    func holds(_ pointer: UnsafeRawPointer, _ size: Int) -> Bool {
        unsafe pointer >= UnsafeRawPointer(start) && pointer + size <= UnsafeRawPointer(start + count)
    }
}

@Suite struct CallBlockTests {
    private func text(_ text: tool_str) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(start: text.data, count: Int(text.size)), as: UTF8.self)
    }

    private static let scopes = ["read:products", "", "write:cart and more than a few"]

    private func context(
        subject: String? = nil, ephemeralUser: String? = nil, scopes: [String] = scopes, isBare: Bool = false
    ) -> CallDetails {
        let principal = Principal(
            subject: subject, subjectIssuer: subject.map { _ in "https://users.example" }, clientID: "shop",
            clientIssuer: isBare ? "" : "https://clients.example", scopes: scopes)
        return CallDetails(
            requestID: isBare ? "" : "request-1", principal: principal, ephemeralUser: ephemeralUser,
            conversationID: isBare ? "" : "thread", idempotencyKey: isBare ? "" : "key",
            traceparent: isBare ? "" : "00-1-2-01")
    }

    private func block(_ context: CallDetails, arguments: [UInt8] = Array(#"{"a":1}"#.utf8)) -> CallBlock {
        CallBlock(id: 7, deadline: 42, arguments: arguments, context: context, word: nil)
    }

    private func texts(_ call: tool_call) -> [tool_str] {
        unsafe [
            call.arguments, call.request_id, call.principal, call.subject, call.subject_issuer, call.client_id,
            call.client_issuer, call.conversation_id, call.idempotency_key, call.traceparent,
        ] + (0..<Int(call.scope_count)).map { unsafe call.scopes[$0] }
            + (0..<Int(call.attr_count)).flatMap { unsafe [call.attrs[$0].key, call.attrs[$0].value] }
    }

    /// The layout is what the file says, whatever a compiler would like better.
    @Test func theStructsLieWhereTheyAreSpecifiedToLie() {
        unsafe #expect(MemoryLayout<tool_call>.size == BlockLayout.attribute - BlockLayout.call)
        unsafe #expect(MemoryLayout<tool_attr>.size == BlockLayout.scopes - BlockLayout.attribute)
        let structs = unsafe [MemoryLayout<tool_call>.alignment, MemoryLayout<tool_attr>.alignment]
        #expect(structs + [unsafe MemoryLayout<tool_str>.alignment] == [8, 8, 8])
        let places = [BlockLayout.size, BlockLayout.word, BlockLayout.call]
        #expect(places + [BlockLayout.attribute, BlockLayout.scopes] == [4, 8, 16, 224, 256])
    }

    /// Before it is bound, all its pointers are offsets, and all of them stay inside.
    @Test func aBlockSaysWhatItIsInOffsets() {
        let block = block(context(subject: "anna", ephemeralUser: "user-9"))
        let size = unsafe block.start.load(fromByteOffset: 4, as: UInt32.self)
        #expect(unsafe block.start.load(as: UInt32.self) == 1)
        #expect(unsafe block.start.load(fromByteOffset: 8, as: UInt64.self) == 0)
        let call = unsafe block.start.load(fromByteOffset: 16, as: tool_call.self)
        #expect(unsafe UInt(bitPattern: call.scopes) == 256)
        #expect(unsafe UInt(bitPattern: call.attrs) == 224)
        let texts = unsafe [call.arguments, call.request_id, call.subject, call.client_issuer, call.traceparent]
        for index in unsafe texts.indices {
            let (place, count) = unsafe (UInt64(UInt(bitPattern: texts[index].data)), texts[index].size)
            #expect(place >= 256 && count > 0 && place + count <= UInt64(size))
        }
    }

    /// The calls of one caller share what was laid out, and nothing of it is changed by them.
    @Test func oneCallersCallsKeepApart() throws {
        let context = context(subject: "anna")
        let before = context.principal.part.bytes
        let first = block(context, arguments: Array("1".utf8))
        _ = unsafe CallBinding.bind(first.start)
        first.word.write(TOOL_E_CANCELLED)
        let second = block(context, arguments: Array("22".utf8))
        let call = unsafe CallBinding.bind(second.start).pointee
        #expect(unsafe text(call.arguments) == "22")
        #expect(second.word.status == TOOL_OK)
        #expect(unsafe text(call.subject) == "anna")
        #expect(context.principal.part.bytes == before)
    }

    @Test func aBlockSaysWhoCallsAndWhatWhereverItLies() throws {
        let moved = try Elsewhere(moving: block(context(subject: "anna")))
        let call = unsafe CallBinding.bind(moved.start).pointee
        #expect(unsafe call.id == 7)
        #expect(unsafe call.deadline_ns == 42)
        #expect(unsafe call.flags == 0)
        #expect(unsafe call.struct_size == UInt32(MemoryLayout<tool_call>.size))
        #expect(
            unsafe texts(call).map { unsafe text($0) } == [
                #"{"a":1}"#, "request-1", "u:21:https://users.example:anna", "anna", "https://users.example", "shop",
                "https://clients.example", "thread", "key", "00-1-2-01",
            ] + Self.scopes)
        #expect(unsafe call.scope_count == 3)
        #expect(unsafe call.attr_count == 0)
    }

    struct Extreme: Sendable {
        var argumentBytes = 0
        var scopes: [String] = []
        var isBare = false
        var user: String?
    }

    @Test(arguments: [
        Extreme(isBare: true), Extreme(argumentBytes: 1 << 20, user: "user-9"),
        Extreme(argumentBytes: 3, scopes: (0..<1000).map { String(repeating: "s", count: $0 % 256) }),
        Extreme(scopes: [""], isBare: true, user: "u"), Extreme(argumentBytes: 1, scopes: CallBlockTests.scopes),
    ])
    func nothingPointsOutOfABlock(_ extreme: Extreme) throws {
        let arguments = (0..<extreme.argumentBytes).map { UInt8(truncatingIfNeeded: $0) }
        let context = context(ephemeralUser: extreme.user, scopes: extreme.scopes, isBare: extreme.isBare)
        let moved = try Elsewhere(moving: block(context, arguments: arguments))
        let bound = unsafe CallBinding.bind(moved.start)
        #expect(unsafe moved.holds(bound, MemoryLayout<tool_call>.size))
        let call = unsafe bound.pointee
        #expect(unsafe moved.holds(call.scopes, Int(call.scope_count) * MemoryLayout<tool_str>.size))
        if extreme.user != nil { #expect(unsafe moved.holds(call.attrs, MemoryLayout<tool_attr>.size)) }
        let texts = unsafe texts(call)
        for index in unsafe texts.indices {
            let text = unsafe texts[index]
            guard let data = unsafe text.data else {
                #expect(unsafe text.size == 0)
                continue
            }
            #expect(unsafe text.size > 0 && moved.holds(data, Int(text.size)))
        }
        let given = unsafe UnsafeRawBufferPointer(start: call.arguments.data, count: Int(call.arguments.size))
        #expect(unsafe given.elementsEqual(arguments))
        #expect((0..<extreme.scopes.count).allSatisfy { unsafe text(call.scopes[$0]) == extreme.scopes[$0] })
        #expect(unsafe text(call.request_id) == context.requestID)
        #expect(unsafe text(call.principal) == context.owner)
    }

    /// What binding adds once may not be added twice.
    @Test func aBlockIsBoundOnce() async {
        await #expect(processExitsWith: .failure) {
            let principal = Principal(clientID: "a", clientIssuer: "b", scopes: [])
            let context = CallDetails(requestID: "c", principal: principal)
            let block = CallBlock(id: 1, deadline: 0, arguments: [], context: context, word: nil)
            _ = unsafe CallBinding.bind(block.start)
            _ = unsafe CallBinding.bind(block.start)
        }
    }

    /// A client that is its own principal and numbers its users: each number owns its own things.
    @Test func aNumberedUserOwnsWhatTheCallTouches() throws {
        let moved = try Elsewhere(moving: block(context(ephemeralUser: "user-9")))
        let call = unsafe CallBinding.bind(moved.start).pointee
        #expect(unsafe text(call.principal) == "c:23:https://clients.example:shop#user-9")
        #expect(unsafe text(call.subject).isEmpty)
        #expect(unsafe call.attr_count == 1)
        #expect(unsafe text(call.attrs[0].key) == "openai-ephemeral-user-id")
        #expect(unsafe text(call.attrs[0].value) == "user-9")
    }

    /// Whatever clients and users are called.
    @Test func noTwoOwnersAreTheSame() {
        var owners: [String: String] = [:]
        for client in ["shop", "shop#eu", "shop#eu#x", "7:shop", "7:shop#eu", "shop#", "#", "##"] {
            for user in [nil, "eu", "x", "eu#x", "#", "#x"] {
                let principal = Principal(clientID: client, clientIssuer: "https://clients.example", scopes: [])
                let context = CallDetails(requestID: "1", principal: principal, ephemeralUser: user)
                let before = owners.updateValue("\(client) \(user ?? "nobody")", forKey: context.owner)
                #expect(before == nil)
            }
        }
    }

    /// A number beside a user who proved who they are is only passed on.
    @Test func aNumberDoesNotReplaceAKnownUser() throws {
        let moved = try Elsewhere(moving: block(context(subject: "anna", ephemeralUser: "user-9")))
        let call = unsafe CallBinding.bind(moved.start).pointee
        #expect(unsafe text(call.principal) == "u:21:https://users.example:anna")
        #expect(unsafe text(call.attrs[0].value) == "user-9")
    }

    /// It lies in the block, or where its engine wants it.
    @Test(arguments: [true, false]) func theWordIsWrittenInOnePlace(isElsewhere: Bool) {
        let place = UnsafeMutableRawPointer.allocate(byteCount: 4, alignment: 4)
        defer { unsafe place.deallocate() }
        unsafe place.storeBytes(of: 5, as: UInt32.self)
        let block = unsafe CallBlock(
            id: 7, deadline: 42, arguments: [], context: context(), word: isElsewhere ? CallWord(at: place) : nil)
        #expect(block.word.status == TOOL_OK)
        block.word.write(TOOL_E_CANCELLED)
        let inside = unsafe block.start.load(fromByteOffset: BlockLayout.word, as: Int32.self)
        let outside = unsafe place.load(as: Int32.self)
        if isElsewhere { #expect(outside == TOOL_E_CANCELLED) } else { #expect(inside == TOOL_E_CANCELLED) }
        #expect(block.word.status == TOOL_E_CANCELLED)
    }
}
