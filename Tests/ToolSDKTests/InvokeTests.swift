// Calls through the C table: results, errors, what a tool learns about the call, and what it tells the host.

import JSON
import Testing
import ToolABI

@testable import ToolSDK

@Suite struct InvokeTests {
    let pack: LoadedPack

    init() throws {
        pack = try LoadedPack(SamplePack.self)
    }

    @Test func answersWithDefaultsFilledIn() throws {
        #expect(try pack.invoke("echo", #"{"text":"hi"}"#).content == #"{"text":"hi","count":2}"#)
        #expect(
            try pack.invoke("echo", #"{"note":"n","count":5,"text":"hi"}"#)
                == Settled(status: TOOL_OK, content: #"{"text":"hi","count":5,"note":"n"}"#))
    }

    @Test(arguments: [
        (#"{"count":1}"#, "/text is missing."),
        (#"{"text":1}"#, "/text must be a string."),
        (#"{"text":"a","count":"b"}"#, "/count must be an integer"),
        (#"[]"#, "The value must be an object."),
        (#"{"text":}"#, "The arguments are not JSON"),
        ("", "The arguments are not JSON"),
    ])
    func namesWhatCannotBeRead(arguments: String, message: String) throws {
        let outcome = try pack.invoke("echo", arguments)
        #expect(outcome.status == TOOL_E_INVALID)
        #expect(outcome.message.hasPrefix(message), "\(outcome.message)")
    }

    @Test func errorsKeepStatusMessageAndDetails() throws {
        let conflict = try pack.invoke("fail", #"{"name":"conflict"}"#)
        #expect(
            conflict == Settled(status: TOOL_E_CONFLICT, content: #"{"total":3}"#, message: "The cart changed."))
        let busy = try pack.invoke("fail", #"{"name":"busy"}"#)
        #expect(busy.status == TOOL_E_BUSY)
        #expect(busy.retryAfter == 1500)
        #expect(try pack.invoke("fail", #"{"name":"cancelled"}"#).status == TOOL_E_CANCELLED)
        let mishap = try pack.invoke("fail", #"{"name":"mishap"}"#)
        #expect(mishap == Settled(status: TOOL_E_INTERNAL, message: "disk on fire"))
        #expect(try pack.invoke("fail", #"{"name":"none"}"#) == Settled(status: TOOL_OK, content: "{}"))
    }

    @Test(arguments: [
        (TOOL_OK, TOOL_OK), (TOOL_E_CANCELLED, TOOL_E_CANCELLED), (TOOL_E_DEADLINE, TOOL_E_DEADLINE),
        (TOOL_E_GONE, TOOL_E_CANCELLED), (tool_status(-99), TOOL_E_CANCELLED),
    ])
    func checkingCancellationAsksTheHost(standing: tool_status, status: tool_status) throws {
        let id = pack.newID()
        pack.host.setStanding(standing, of: id)
        #expect(try pack.invoke("fail", CallSpec(arguments: #"{"name":"check"}"#), id: id).status == status)
    }

    @Test func contextTellsWhoCalls() throws {
        let spec = CallSpec(
            subject: "ada", conversationID: "c1", idempotencyKey: "k1", scopes: ["a", "b"],
            attributes: [("colour", "red"), ("device", "phone"), ("device", "second")])
        let id = pack.newID()
        let text = try pack.invoke("who_am_i", spec, id: id).content
        #expect(
            try JSONValue(parsing: text) == [
                "principal": "ada@issuer", "subject": "ada", "subjectIssuer": "https://issuer", "client": "client",
                "clientIssuer": "nil", "conversation": "c1", "key": "k1", "request": .string("req-\(id)"),
                "trace": "nil", "scopes": "a b", "device": "phone",
            ])
    }

    @Test func logsAndReportsWithTheCallsID() throws {
        let quiet = pack.newID()
        _ = try pack.invoke("report", id: quiet)
        let loud = pack.newID()
        _ = try pack.invoke("report", CallSpec(flags: TOOL_CALL_WANTS_PROGRESS), id: loud)
        let line = LogLine(
            call: quiet, level: Int32(TOOL_LOG_WARNING), message: "nearly done", attributes: ["a=1", "b=2", "empty="])
        #expect(pack.host.lines.contains(line))
        #expect(
            pack.host.progress == [
                ProgressReport(call: loud, done: 1, total: 4, message: "reading"),
                ProgressReport(call: loud, done: 2, total: 0, message: nil),
            ])
    }

    @Test func aContextThatIsKeptStillTellsTheTruth() throws {
        let spec = CallSpec(
            arguments: #"{"name":"kept"}"#, subject: "ada", scopes: ["s"],
            attributes: [("a", "first"), ("a", "second")])
        _ = try pack.invoke("hoard", spec)
        let context = try #require(Shelf.context("kept"))
        #expect(context.principal == "ada@issuer")
        #expect(context.subject == "ada")
        #expect(context.scopes == ["s"])
        #expect(context.attribute("a") == "first")
        #expect(context.attribute("b") == nil)
        #expect(context.conversationID == nil)
    }

    @Test func callsMayRunAtTheSameTime() async throws {
        let pack = pack
        let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<200 {
                group.addTask { (number, try pack.invoke("echo", #"{"text":"\#(number)"}"#).content) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(answers.count == 200)
        #expect(answers.allSatisfy { $1 == #"{"text":"\#($0)","count":2}"# })
    }

    @Test func aHostThatIsNewerOrBroken() throws {
        let larger = CallSpec(arguments: #"{"text":"a"}"#, structSize: 512)
        #expect(try pack.invoke("echo", larger).status == TOOL_OK)
        let smaller = CallSpec(arguments: #"{"text":"a"}"#, structSize: 100)
        #expect(try pack.invoke("echo", smaller).status == TOOL_E_INTERNAL)
    }

    @Test func nothingToCallIsAnErrorAndNoCrash() throws {
        #expect(try pack.invokeNothing() == TOOL_E_INTERNAL)
    }
}
