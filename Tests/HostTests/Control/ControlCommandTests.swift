// What is asked over a control socket is read strictly, and whoever asks wrongly is told what to write.

import JSON
import Testing

@testable import HostControl

@Suite struct ControlCommandTests {
    private static let commands = [
        ControlCommand("status") { _ in "well" },
        ControlCommand("pack restart", with: ["pack"]) { members throws(ControlFault) in
            guard members["pack"] == "cart" else { throw ControlFault(.refused, "it runs inside the host") }
            return "restarted"
        },
    ]

    private func answer(_ line: String) throws(ControlFault) -> JSONValue {
        try ControlCommand.answer(to: Array(line.utf8), of: Self.commands)
    }

    @Test(arguments: [
        (#"{"command":"status"}"#, "well"), (#" { "command" : "status" } "#, "well"),
        (#"{"pack":"cart","command":"pack restart"}"#, "restarted"),
    ])
    func aCommandIsAnswered(line: String, expected: JSONValue) throws {
        #expect(try answer(line) == expected)
    }

    @Test(arguments: [
        ("", ["no JSON", #"{"command":"status"}"#]), ("status", ["no JSON"]), ("[]", ["not an object"]),
        ("{}", ["command is missing"]), (#"{"command":1}"#, ["command is not a text but number"]),
        (#"{"command":"reload"}"#, ["command:", #""reload""#, "status, pack restart"]),
        (#"{"command":"stätus\u001b[2J"}"#, [#"\u{1b}"#]),
        (#"{"command":"status","pack":"cart"}"#, ["pack: the command status has no such member", "it has: command"]),
        (#"{"command":"pack restart"}"#, ["pack is missing"]),
        (#"{"command":"pack restart","pack":null}"#, ["pack is not a text but null"]),
        (#"{"command":"pack restart","pack":"cart","now":true}"#, ["now:", "it has: command, pack"]),
    ])
    func wrongUsageIsNamed(line: String, words: [String]) {
        let fault = #expect(throws: ControlFault.self) { try answer(line) }
        #expect(fault?.code == .usage)
        for word in words { #expect(fault?.description.contains(word) == true, "\(fault?.description ?? "")") }
    }

    @Test func whatIsRefusedSaysWhy() {
        let fault = #expect(throws: ControlFault.self) { try answer(#"{"command":"pack restart","pack":"deals"}"#) }
        #expect(fault == ControlFault(.refused, "it runs inside the host"))
    }

    @Test(arguments: [
        Result<JSONValue, ControlFault>.success(["packs": []]), .success(nil),
        .failure(ControlFault(.usage, "pack: no\n\"such\"")), .failure(ControlFault(.tooLarge, "it is too long")),
    ])
    func answersComeBackAsTheyWent(result: Result<JSONValue, ControlFault>) {
        let line = ControlAnswer.line(result)
        #expect(line.last == 10 && line.dropLast().allSatisfy { $0 != 10 })
        let back = Result { () throws(ControlFault) in try ControlAnswer.value(of: line.dropLast()) }
        #expect(back == result)
    }

    @Test func anAnswerThatIsTooLongIsToldInstead() {
        let line = ControlAnswer.line(.success(.string(String(repeating: "x", count: ControlAnswer.longest))))
        let fault = #expect(throws: ControlFault.self) { try ControlAnswer.value(of: line.dropLast()) }
        #expect(fault?.code == .tooLarge)
    }

    @Test(arguments: ["", "hello", "{}", #"{"error":{"code":1}}"#])
    func whatIsNoAnswerIsNone(line: String) {
        let fault = #expect(throws: ControlFault.self) { try ControlAnswer.value(of: Array(line.utf8)) }
        #expect(fault?.code == .absent)
    }

    /// Of a host that is newer than the command.
    @Test func aCodeThatIsNotKnownIsARefusal() {
        let line = #"{"error":{"code":"tired","message":"not now"}}"#
        let fault = #expect(throws: ControlFault.self) { try ControlAnswer.value(of: Array(line.utf8)) }
        #expect(fault == ControlFault(.refused, "not now"))
    }
}
