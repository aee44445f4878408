// Packs whose processes keep waking the host: everybody else is served meanwhile.

import Glibc
import JSON
import Testing

@Suite("Runners that wake the host") struct RunnerWakeTests {
    /// One event loop, so that whoever takes it takes it from everybody.
    private func options(_ packs: [PackSource]) -> HostOptions {
        HostOptions(
            packs: packs, environment: ["PACK_RESTART_DELAYS": "0", "HTTP_EVENT_LOOPS": "1"], isolation: .process)
    }

    private func echo(_ count: Int, at host: RunningHost) throws {
        for number in 1...count {
            let text = #"{"number":\#(number)}"#
            #expect(try host.call("echo_worker", text).text == text)
        }
    }

    @Test("For nothing: it is slowed, and where it goes on it is ended, with a reason")
    func ring() throws {
        try RunningHost.with(options(["jobs", "good", "hostile"])) { host throws in
            let (before, other) = (try #require(host.runner("hostile")), host.runner("good"))
            let others = try CallsInFlight(6, at: host)
            #expect(try host.call("hostile", #"{"how":"ring"}"#).status == 200)
            #expect(
                try eventually(within: .seconds(60)) {
                    try echo(20, at: host)
                    return host.runner("hostile").map { $0 != before } ?? false
                })
            let line = try #require(host.logLine { $0["message"] == "the process of a pack ended" })
            #expect(line["reason"]?.string?.contains("wakes the host again and again for nothing") == true, "\(line)")
            #expect(try eventually { try host.call("hostile").status == 200 })
            try others.finish()
            #expect(host.runner("good") == other)
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("Not any more: its answers are found, and where that goes on it is ended, with a reason")
    func silence() throws {
        try RunningHost.with(options(["jobs", "good", "hostile"])) { host throws in
            let before = try #require(host.runner("hostile"))
            let others = try CallsInFlight(6, at: host)
            #expect(try host.call("hostile", #"{"how":"other descriptors"}"#).status == 200)
            #expect(
                try eventually {
                    let status = try host.call("hostile").status
                    return [200, 502].contains(status) && host.runner("hostile").map { $0 != before } ?? false
                })
            let line = try #require(host.logLine { $0["message"] == "the process of a pack ended" })
            #expect(line["reason"]?.string?.contains("does not wake the host for its answers") == true, "\(line)")
            #expect(try eventually { try host.call("hostile").status == 200 })
            try others.finish()
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("With more words than can be read: it waits, and nobody else does")
    func words() throws {
        try RunningHost.with(options(["jobs", "good", "hostile"])) { host throws in
            let before = host.runner("hostile")
            let others = try CallsInFlight(6, at: host)
            #expect(try host.call("hostile", #"{"how":"talk"}"#).status == 200)
            try echo(300, at: host)
            #expect(try host.call("hostile").status == 200)
            #expect(host.runner("hostile") == before)
            try others.finish()
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("With more progress than can be read: others are served while it goes on")
    func progress() throws {
        try RunningHost.with(options(["good", "progress"])) { host throws in
            let flood = try host.open(
                MCPPost.call("progress", ["times": 50_000_000], id: 1, version: MCPName.modern, progressToken: "t"))
            #expect(try eventually { try host.pack("progress")["open_calls"] == 1 })
            try echo(20, at: host)
            #expect(try host.pack("progress")["open_calls"] == 1, "it was over before anybody was served")
            withExtendedLifetime(flood) {}
        }
    }

    /// SwiftNIO asserts that what it was told of is there, and ends the process where there is no end after all.
    @Test(
        "What wakes the host is taken away, and comes to an end and goes on: the host stays",
        .enabled(if: Setup.isRelease, "only a host without assertions has to stand it"))
    func ends() throws {
        try RunningHost.with(options(["jobs", "good", "hostile"])) { host throws in
            let others = try CallsInFlight(6, at: host)
            // By chance: a host for which the end counts goes down in every other life.
            for _ in 1...8 {
                let before = host.runner("hostile")
                #expect(try host.call("hostile", #"{"how":"end bells"}"#).status == 200)
                try echo(5, at: host)
                #expect(try host.call("hostile").status == 200)
                #expect(try host.toolhost(["pack", "restart", "hostile"]).succeeded)
                #expect(eventually { host.runner("hostile").map { $0 != before } ?? false })
            }
            try others.finish()
            #expect(host.stop() == .exited(0))
        }
    }
}
