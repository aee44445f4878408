// An event loop that hangs in a pack: it is told, health knows, and the process ends so that a supervisor starts it
// anew.

import Glibc
import JSON
import Testing

@Suite("Watchdog") struct WatchdogTests {
    /// Sends until the tool has the event loop of that connection.
    private func hang(_ how: String, _ host: RunningHost) throws -> RawConnection {
        for _ in 1...64 { #expect(try host.call("hang_inline").status == 200) }
        let connection = try host.connect()
        let body = #"{"how":"\#(how)"}"#
        try connection.send(host.callHead("hang_inline", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        return connection
    }

    @Test(
        "An inline call that never returns is named, and the process ends with an exit code of its own",
        arguments: ["sleep", "spin"])
    func hanging(_ how: String) throws {
        let options = HostOptions(
            packs: ["good", "hang_inline"], environment: ["TOOL_INLINE_HANG": "4s", "HTTP_EVENT_LOOPS": "2"],
            isolation: .host)
        try RunningHost.with(options) { host throws in
            let connections = try (1...4).map { _ in try host.connect() }
            let stuck = try hang(how, host)
            let line = try #require(
                host.logLine { $0["message"]?.string?.hasPrefix("an event loop is stuck") == true })
            #expect(line["pack"] == "hang-inline" && line["tool"] == "hang_inline")
            #expect(line["request_id"]?.string?.isEmpty == false)
            #expect(line["level"] == "error")
            // Of four connections some are the other loop's.
            let healths = try connections.compactMap { connection -> Int? in
                try connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                connection.setTimeout(milliseconds: 300)
                return try? connection.response().status
            }
            #expect(!healths.isEmpty && healths.allSatisfy { $0 == 503 }, "\(healths)")
            #expect(host.process.wait() == .exited(70))
            let last = try #require(host.log.last)
            #expect(last["level"] == "critical" && last["tool"] == "hang_inline")
            withExtendedLifetime(stuck) {}
        }
    }

    @Test("A host that was stopped for longer than that goes on, also in the middle of a call")
    func stopped() throws {
        let options = HostOptions(packs: ["good"], environment: ["TOOL_INLINE_HANG": "2s"], isolation: .host)
        try RunningHost.with(options) { host throws in
            #expect(try host.call("echo").status == 200)
            host.process.signal(SIGSTOP)
            let clock = ContinuousClock()
            let end = clock.now + .seconds(Setup.rounds > 1 ? 15 : 4)
            _ = eventually(within: .seconds(20)) { clock.now >= end }
            host.process.signal(SIGCONT)
            for _ in 1...20 { #expect(try host.call("echo").status == 200) }
            #expect(!host.log.contains { $0["message"]?.string?.contains("event loop") == true })
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("A stop ends within its limits although an event loop is stuck, and says what was left")
    func stopOfAStuckHost() throws {
        let options = HostOptions(
            packs: ["good", "hang_inline"],
            environment: [
                "HTTP_SHUTDOWN_TIMEOUT": "1s", "TOOL_START_TIMEOUT": "1s", "TOOL_INLINE_HANG": "10m",
                "HTTP_EVENT_LOOPS": "1",
            ], isolation: .host)
        try RunningHost.with(options) { host throws in
            let stuck = try hang("sleep", host)
            #expect(host.logLine { $0["message"]?.string?.hasPrefix("an event loop is stuck") == true } != nil)
            host.process.signal(SIGTERM)
            #expect(host.process.wait(within: .seconds(20)) == .exited(0))
            #expect(host.log.contains { $0["connections"] != nil && $0["level"] == "warning" })
            #expect(host.log.contains { $0["message"]?.string?.contains("a call is still inside it") == true })
            withExtendedLifetime(stuck) {}
        }
    }

    @Test("A pack that takes its time to release results is told of once")
    func release() throws {
        try RunningHost.with(HostOptions(packs: ["good", "hang_inline"], isolation: .host)) { host throws in
            for _ in 1...40 { #expect(try host.call("hang_inline", #"{"release":3}"#).status == 200) }
            let told = { host.log.filter { $0["message"]?.string?.hasPrefix("releasing a pack's results") == true } }
            #expect(
                try eventually {
                    _ = try host.call("hang_inline", #"{"release":3}"#)
                    return !told().isEmpty
                })
            #expect(told().count == 1 && told()[0]["tool"] == "hang_inline")
        }
    }
}
