// A control socket against whoever connects to it: the right ones are answered, and nobody holds it up.

import Foundation
import JSON
import Synchronization
import Testing

@testable import HostBase
@testable import HostControl

@Suite struct ControlServerTests {
    private let state: TemporaryFolder
    private let folder: HostFolder
    private let lines = CollectedLines()

    /// How often the command of that name was done; nobody does it who may not.
    private static let count = Atomic(0)
    private static let commands = [
        ControlCommand("count") { _ in JSONValue(count.add(1, ordering: .relaxed).newValue) },
        ControlCommand("status") { _ in "well" },
        ControlCommand("much") { _ in .string(String(repeating: "x", count: 3 << 20)) },
        ControlCommand("too much") { _ in .string(String(repeating: "x", count: 5 << 20)) },
    ]

    init() throws {
        state = try TemporaryFolder()
        folder = try HostFolder.take(in: state.path)
        try #require(ControlServer(in: folder, commands: Self.commands, logger: lines.logger).start())
    }

    private func client() throws -> UnixClient { try #require(UnixClient(folder)) }

    private func answer(to request: String) throws -> String? {
        let client = try client()
        client.send(request)
        return client.everything()
    }

    /// As `ControlClient` sees it.
    private func ask(_ command: String) throws -> JSONValue {
        let host = try #require(LivingHost.all(in: state.path).first)
        return try ControlClient.ask(["command": .string(command)], of: host)
    }

    @Test func aRequestIsAnsweredAndTheConnectionEnds() throws {
        for _ in 1...50 { #expect(try answer(to: "{\"command\":\"status\"}\n") == "{\"ok\":\"well\"}\n") }
        #expect(try ask("status") == "well")
        #expect(lines.all.isEmpty)
    }

    @Test func theEndOfWhatIsSentWillDoForTheEndOfTheLine() throws {
        let client = try client()
        client.send("{\"command\":\"status\"}")
        client.finishSending()
        #expect(client.everything() == "{\"ok\":\"well\"}\n")
        let mute = try self.client()
        mute.finishSending()
        #expect(mute.everything() == "")
    }

    @Test func onlyItsOwnerMayOpenIt() throws {
        #expect(try state.mode("hosts/1/control.sock") == 0o600)
        #expect(try state.mode("hosts/1/control.key") == 0o600)
    }

    @Test func whoDoesNotSendTheKeyFirstIsToldSoAndNothingIsDone() throws {
        let key = try state.read("hosts/1/control.key")
        #expect(key.utf8.count == 44 && key.hasSuffix("\n"))
        let request = "{\"command\":\"count\"}\n"
        let other = String(repeating: "A", count: 43) + "\n"
        for first in ["", "\n", other, key.dropLast(2) + "\n", " " + key, key.dropLast() + "A\n", request + key] {
            let client = try #require(UnixClient(folder, hasKey: false))
            client.send(first + request)
            let answer = try #require(client.everything())
            #expect(answer.hasPrefix("{\"error\":{\"code\":\"forbidden\""), "\(answer)")
            #expect(answer.contains("the first line is not the key of this host"), "\(answer)")
        }
        let short = try #require(UnixClient(folder, hasKey: false))
        short.send(String(key.dropLast()))
        short.finishSending()
        #expect(short.everything()?.contains("forbidden") == true)
        #expect(Self.count.load(ordering: .relaxed) == 0)
    }

    @Test func eachLifeOfAHostHasAKeyOfItsOwn() throws {
        let other = try HostFolder.take(in: state.path)
        let server = try ControlServer(in: other, commands: Self.commands, logger: lines.logger)
        #expect(try state.read("hosts/1/control.key") != state.read("hosts/2/control.key"))
        withExtendedLifetime(server) {}
    }

    @Test func aHostWhoseKeyIsGoneCannotBeAsked() throws {
        try FileManager.default.removeItem(atPath: "\(state.path)/hosts/1/control.key")
        let fault = #expect(throws: ControlFault.self) { try ask("status") }
        #expect(fault?.code == .absent)
        #expect(fault?.description.contains("hosts/1/control.key): No such file or directory") == true)
        // What is in its place is not waited for.
        #expect(unsafe mkfifo("\(state.path)/hosts/1/control.key", 0o600) == 0)
        #expect(throws: ControlFault.self) { try ask("status") }
    }

    @Test func whatIsWrongIsAnswered() throws {
        let answer = try #require(try answer(to: "status\n"))
        #expect(answer.hasPrefix("{\"error\":{\"code\":\"usage\",\"message\":\"the request is no JSON"), "\(answer)")
        let fault = #expect(throws: ControlFault.self) { try ask("reload") }
        #expect(fault?.code == .usage && fault?.description.contains("count, status, much, too much") == true)
    }

    @Test(arguments: [1, 1 << 20]) func aRequestThatIsTooLongIsRefused(more: Int) throws {
        let client = try client()
        client.send([UInt8](repeating: 65, count: ControlExchange.longestRequest + more))
        #expect(client.everything()?.hasPrefix("{\"error\":{\"code\":\"too_large\"") == true)
        #expect(try ask("status") == "well")
    }

    @Test func aLongAnswerComesWholeAndOneThatIsTooLongIsNone() throws {
        #expect(try ask("much").string?.utf8.count == 3 << 20)
        let fault = #expect(throws: ControlFault.self) { try ask("too much") }
        #expect(fault?.code == .tooLarge)
    }

    @Test func whoIsSilentAndWhoDoesNotReadAreCutOffAndHoldUpNobody() throws {
        let silent = try #require(UnixClient(folder, hasKey: false))
        let (half, deaf) = (try client(), try client())
        half.send("{\"command\":")
        deaf.send("{\"command\":\"much\"}\n")
        #expect(try ask("status") == "well")
        for client in [silent, half] {
            #expect(client.everything()?.hasPrefix("{\"error\":{\"code\":\"timeout\"") == true)
        }
        // Its answer began no later than their words; whatever it reads now is not the whole.
        let late = try self.client()
        #expect(late.everything()?.contains("timeout") == true)
        #expect(deaf.everything().map { $0.utf8.count < 3 << 20 } == true)
        #expect(try ask("status") == "well")
    }

    @Test func beyondAFewConnectionsFurtherOnesAreToldToComeAgain() throws {
        var open = try (0..<ControlServer.mostConnections).map { _ in try client() }
        let turnedAway = try client()
        #expect(turnedAway.everything()?.hasPrefix("{\"error\":{\"code\":\"busy\"") == true)
        // Whoever goes away makes room.
        open.removeAll()
        var answered: JSONValue?
        for _ in 0..<1000 where answered == nil { answered = try? ask("status") }
        #expect(answered == "well")
    }

    @Test func aPathThatIsTooLongForASocketIsNoObstacle() throws {
        let deep = state.path + "/" + String(repeating: "x", count: 200)
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: false)
        let folder = try HostFolder.take(in: deep)
        let server = try ControlServer(in: folder, commands: Self.commands, logger: lines.logger)
        try #require(server.start())
        let host = try #require(LivingHost.all(in: deep).first)
        #expect(try ControlClient.ask(["command": "status"], of: host) == "well")
        #expect(FileManager.default.fileExists(atPath: "\(deep)/hosts/1/control.sock"))
    }

    /// As where its thread could not be had.
    @Test func aHostThatDoesNotListenIsToldOf() throws {
        let other = try HostFolder.take(in: state.path)
        let host = try #require(LivingHost.all(in: state.path).last)
        #expect(host.number == other.number)
        let fault = #expect(throws: ControlFault.self) { try ControlClient.ask(["command": "status"], of: host) }
        #expect(fault?.code == .absent)
        #expect(fault?.description.contains("host 2 lives but cannot be asked") == true)
        let report = try StatusReport(stateFolder: state.path, host: 2)
        #expect(report.hasProblems && report.text.contains("host 2 lives but cannot be asked"))
        let json = try JSONValue(parsing: report.json)
        #expect(json["hosts"]?[0]?["host"]?["number"] == 2 && json["hosts"]?[0]?["error"]?.string != nil)
    }
}
