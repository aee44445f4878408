// What a pack is told of a call, and for how long it may look at it.

import Testing
import ToolABI

@testable import ToolHost

@Suite struct CallFrameTests {
    private func text(_ text: tool_str) -> String {
        unsafe String(
            decoding: UnsafeRawBufferPointer(start: text.data, count: Int(text.size)), as: UTF8.self)
    }

    /// The frame is all that is left of the call: what it points at must be its own.
    private func frame(subject: String?, ephemeralUser: String?) -> CallFrame {
        let principal = Principal(
            subject: subject, subjectIssuer: subject.map { _ in "https://users.example" }, clientID: "shop",
            clientIssuer: "https://clients.example", scopes: ["read:products", "", "write:cart and more than a few"])
        return CallFrame(
            id: 7, deadline: 42, arguments: Array(#"{"a":1}"#.utf8),
            context: CallContext(
                requestID: "request-1", principal: principal, ephemeralUser: ephemeralUser, conversationID: "thread",
                idempotencyKey: "key", traceparent: "00-1-2-01"))
    }

    @Test func saysWhoCallsAndWhat() {
        let frame = frame(subject: "anna", ephemeralUser: nil)
        let call = unsafe frame.pointer.pointee
        #expect(unsafe call.id == 7)
        #expect(unsafe call.deadline_ns == 42)
        #expect(unsafe call.flags == 0)
        let texts = unsafe [
            call.arguments, call.request_id, call.principal, call.subject, call.subject_issuer, call.client_id,
            call.client_issuer, call.conversation_id, call.idempotency_key, call.traceparent,
        ].map { unsafe text($0) }
        #expect(
            texts == [
                #"{"a":1}"#, "request-1", "u:21:https://users.example:anna", "anna", "https://users.example", "shop",
                "https://clients.example", "thread", "key", "00-1-2-01",
            ])
        #expect(unsafe call.scope_count == 3)
        let scopes = (0..<3).map { unsafe text(call.scopes[$0]) }
        #expect(scopes == ["read:products", "", "write:cart and more than a few"])
        #expect(unsafe call.attr_count == 0)
    }

    /// A client that is its own principal and numbers its users: each number owns its own things.
    @Test func aNumberedUserOwnsWhatTheCallTouches() {
        let numbered = frame(subject: nil, ephemeralUser: "user-9")
        let call = unsafe numbered.pointer.pointee
        #expect(unsafe text(call.principal) == "c:23:https://clients.example:shop#user-9")
        #expect(unsafe text(call.subject).isEmpty)
        #expect(unsafe call.attr_count == 1)
        #expect(unsafe text(call.attrs[0].key) == "openai-ephemeral-user-id")
        #expect(unsafe text(call.attrs[0].value) == "user-9")
    }

    /// A number beside a user who proved who they are is only passed on.
    @Test func aNumberDoesNotReplaceAKnownUser() {
        let known = frame(subject: "anna", ephemeralUser: "user-9")
        let call = unsafe known.pointer.pointee
        #expect(unsafe text(call.principal) == "u:21:https://users.example:anna")
        #expect(unsafe text(call.attrs[0].value) == "user-9")
    }
}
