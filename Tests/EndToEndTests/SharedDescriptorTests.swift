// Packs that use up what all processes of the host's user have of descriptors together, or send theirs to the host.

import Glibc
import JSON
import Testing

/// One after the other: what they use up is counted for the user.
@Suite("Descriptors that are not the pack's alone", .serialized) struct SharedDescriptorTests {
    private func options(_ packs: [PackSource]) -> HostOptions {
        HostOptions(packs: packs, environment: ["PACK_RESTART_DELAYS": "0"], isolation: .process)
    }

    @Test("A process that watches a few of them a great many times is ended, with a reason")
    func watches() throws {
        var options = options(["good", "hostile"])
        options.policies["hostile"] = "open_files: 128"
        try RunningHost.with(options) { host throws in
            let before = try #require(host.runner("hostile"))
            let answer = try host.call("hostile", #"{"how":"watches"}"#)
            #expect([200, 502].contains(answer.status), "\(answer.text)")
            #expect(eventually { host.runner("hostile").map { $0 != before } ?? false })
            let line = try #require(host.logLine { $0["message"] == "the process of a pack ended" })
            #expect(line["reason"]?.string?.contains("watched descriptors more than 2048 times") == true, "\(line)")
            #expect(try host.call("echo_worker").status == 200)
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("Nor does it make all the timers that its user may have")
    func timers() throws {
        var limit = rlimit()
        #expect(unsafe getrlimit(__rlimit_resource_t(__RLIMIT_SIGPENDING.rawValue), &limit) == 0)
        try RunningHost.with(options(["good", "hostile"])) { host throws in
            let answer = try host.call("hostile", #"{"how":"timers"}"#)
            let count = try #require(answer.json?["timers"]?.int64)
            #expect(count > 0 && count <= Int64(limit.rlim_max / 16), "\(answer.text)")
            #expect(host.stop() == .exited(0))
        }
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
