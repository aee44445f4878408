// Packs that use up what all processes of the host's user have of descriptors together, or send theirs to the host.

import Glibc
import Testing

@Suite("Descriptors that are not the pack's alone") struct SharedDescriptorTests {
    private func options(_ packs: [PackSource]) -> HostOptions {
        HostOptions(packs: packs, environment: ["PACK_RESTART_DELAYS": "0"], isolation: .process)
    }

    @Test("A connection that takes its time to be closed is none of the host's")
    func connection() throws {
        try RunningHost.with(options(["good", "hostile"])) { host throws in
            let before = try #require(host.runner("hostile"))
            #expect(try host.call("hostile", #"{"how":"connection"}"#).status == 200)
            // Whoever keeps the process still hears that it ends.
            kill(before, SIGKILL)
            #expect(eventually { host.runner("hostile").map { $0 != before } ?? false })
            #expect(try eventually { try host.call("hostile").status == 200 })
            #expect(host.stop() == .exited(0))
        }
    }

    @Test(
        "As many on the way as the user may have there keep no other pack from its start",
        arguments: BreakoutLevel.allCases)
    func way(_ level: BreakoutLevel) throws {
        var options = options(["good", "hostile"])
        options.environment["PACK_SANDBOX"] = level.rawValue
        try RunningHost.with(options) { host throws in
            let before = try #require(host.runner("good"))
            let answer = try host.call("hostile", #"{"how":"way"}"#)
            #expect(answer.status == 200 && answer.text != #"{"descriptors":0}"#, "\(answer.text)")
            kill(before, SIGKILL)
            #expect(eventually { host.runner("good").map { $0 != before } ?? false })
            #expect(try eventually { try host.call("echo_worker").status == 200 })
            #expect(host.stop() == .exited(0))
        }
    }
}
