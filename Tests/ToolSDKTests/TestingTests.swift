// The SDK's own means of testing a pack: contexts without a host, answers as a host would get them.

import JSON
import Testing
import ToolSDK

@Suite struct TestingTests {
    @Test func aContextForTestsHasWhatWasSaid() {
        let context = CallContext.testing(
            principal: "p", subject: "s", subjectIssuer: "si", clientID: "c", clientIssuer: "ci", conversationID: "v",
            idempotencyKey: "k", requestID: "r", traceparent: "t", scopes: ["x"], attributes: ["a": "1"],
            time: .seconds(60))
        #expect([context.principal, context.clientID, context.requestID] == ["p", "c", "r"])
        #expect([context.subject, context.subjectIssuer, context.clientIssuer] == ["s", "si", "ci"])
        #expect([context.conversationID, context.idempotencyKey, context.traceparent] == ["v", "k", "t"])
        #expect(context.scopes == ["x"])
        #expect(context.attribute("a") == "1")
        #expect(context.attribute("b") == nil)
        #expect(context.remaining > .zero && context.remaining <= .seconds(60))
        #expect(context.deadline > .now)
        #expect(!context.isCancelled)
    }

    @Test func defaultsLeaveOutWhatMayBeMissing() {
        let context = CallContext.testing()
        #expect(context.principal == "test-principal")
        #expect(context.subject == nil && context.idempotencyKey == nil && context.conversationID == nil)
    }

    @Test func aTestHostRemembersAndCancels() throws {
        let host = TestHost()
        let context = CallContext.testing(host: host)
        _ = try Report().answer([:], context: context)
        #expect(
            host.lines == [
                TestHost.Line(level: .warning, message: "nearly done", metadata: ["a": "1", "b": "2", "empty": ""])
            ])
        #expect(
            host.progress == [
                TestHost.Progress(done: 1, total: 4, message: "reading"),
                TestHost.Progress(done: 2, total: nil, message: nil),
            ])
        host.cancel()
        #expect(context.isCancelled)
        #expect(throws: CancellationError.self) { try context.checkCancellation() }
        host.expire()
        #expect(throws: ToolError.deadline("The call ran out of time.")) { try context.checkCancellation() }
    }

    @Test func answersAreWhatAHostWouldGet() async throws {
        #expect(try Echo(greeting: "hi ").answer(["text": "you"]) == ["text": "hi you", "count": 2])
        #expect(throws: ToolError.internal("disk on fire")) { try Fail().answer(["name": "mishap"]) }
        Shelf.gate("answer").open()
        #expect(try await Wait().answer(["name": "answer"]) == ["name": "test-principal"])
        let cancelled = Task { try await Sleep().answer([:]) }
        cancelled.cancel()
        await #expect(throws: ToolError.cancelled("The call was cancelled.")) { try await cancelled.value }
    }
}
