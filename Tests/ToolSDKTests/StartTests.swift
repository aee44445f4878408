// Starting and stopping a pack: configuration, a host that does not fit, errors that reach the operator.

import Testing
import ToolABI

@testable import ToolSDK

@Suite struct StartTests {
    @Test func startGetsItsConfigurationAndTheHost() throws {
        let pack = try LoadedPack(SamplePack.self, config: #"{"greeting":"hello "}"#)
        #expect(try pack.invoke("echo", #"{"text":"you"}"#).content == #"{"text":"hello you","count":2}"#)
        #expect(
            pack.host.lines == [
                LogLine(call: 0, level: Int32(TOOL_LOG_INFO), message: "started", attributes: ["host=fake 9.9"])
            ])
    }

    @Test func noConfigurationMeansDefaults() throws {
        let pack = try LoadedPack(SamplePack.self, config: "")
        #expect(try pack.invoke("echo", #"{"text":"you"}"#).status == TOOL_OK)
    }

    @Test(arguments: [
        (#"{"greeting":"explode"}"#, TOOL_E_UNAVAILABLE, "The store is locked by another process."),
        (#"{"greeting":"fault"}"#, TOOL_E_INTERNAL, "disk on fire"),
        (#"{"greeting":1}"#, TOOL_E_INVALID, "/greeting must be a string."),
        ("nonsense", TOOL_E_INVALID, "Not JSON"),
    ])
    func whatStartThrowsReachesTheHost(config: String, status: tool_status, message: String) throws {
        let (outcome, pack) = try PackHandle(SamplePack.self).start(config: config)
        #expect(outcome.status == status)
        #expect(outcome.message.hasPrefix(message))
        #expect(pack == 0)
    }

    @Test func aHostOfAnotherMajorIsRefusedWithBothNumbers() throws {
        let (outcome, _) = try PackHandle(SamplePack.self).start(hostMajor: 2)
        #expect(outcome.status == TOOL_E_UNSUPPORTED)
        #expect(outcome.message == "The host speaks version 2 of the contract, this pack 1.")
    }

    @Test func aHostsTableMayBeLargerButNotSmaller() throws {
        let (larger, _) = try PackHandle(SamplePack.self).start(hostSize: 400)
        #expect(larger.status == TOOL_OK)
        let (smaller, _) = try PackHandle(SamplePack.self).start(hostSize: 80)
        #expect(smaller.message == "The host's table has 80 bytes; version 1.0 has 88.")
    }

    @Test func stopRunsThePacksOwnEnding() async throws {
        let pack = try LoadedPack(SamplePack.self, config: #"{"gate":"ended"}"#)
        pack.stop()
        await Shelf.gate("ended").pass()
    }

    @Test func afterStopTheHostIsLeftAlone() throws {
        let pack = try LoadedPack(SamplePack.self)
        _ = try pack.invoke("hoard", #"{"name":"stopped"}"#)
        pack.stop()
        let context = try #require(Shelf.context("stopped"))
        let before = pack.host.lines.count
        context.log(.info, "too late")
        #expect(pack.host.lines.count == before)
        #expect(context.isCancelled)
    }
}
