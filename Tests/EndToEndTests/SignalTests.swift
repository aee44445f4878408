// Signals that would end a process that does not know them: a host that serves goes on, or stops in order.

import Glibc
import JSON
import Testing

@Suite("Signals") struct SignalTests {
    static let withoutMeaning: [Int32] = [
        SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXFSZ, SIGIO, 16, 34, 37, 64,
    ]

    @Test("Signals that mean nothing change nothing, and leave a line", arguments: withoutMeaning)
    func harmless(_ signal: Int32) throws {
        try RunningHost.with { host throws in
            let connection = try host.connect()
            host.process.signal(signal)
            let line = try #require(host.logLine { $0["message"] == "a signal changed nothing" })
            #expect(line["signal"]?.string?.hasPrefix("SIG") == true)
            #expect(line["reason"]?.string?.isEmpty == false)
            try connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try connection.response().status == 200)
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("A flood of them leaves a line and not a flood of lines")
    func flood() throws {
        try RunningHost.with { host throws in
            for _ in 1...2000 { host.process.signal(SIGUSR1) }
            #expect(try host.call("echo").status == 200)
            #expect(host.stop() == .exited(0))
            #expect(host.log.count { $0["message"] == "a signal changed nothing" } == 1)
        }
    }

    @Test(
        "These stop the host in order, and the log says which", arguments: [SIGTERM, SIGINT, SIGQUIT, SIGPWR, SIGXCPU])
    func stopping(_ signal: Int32) throws {
        try RunningHost.with { host throws in
            host.process.signal(signal)
            #expect(host.process.wait() == .exited(0))
            #expect(host.log.contains { $0["message"]?.string?.hasPrefix("stopping") == true && $0["signal"] != nil })
            #expect(host.log.last?["message"] == "stopped")
        }
    }

    @Test("A second one, a moment later, ends it at once, even while a call is open")
    func second() throws {
        try RunningHost.with(HostOptions(packs: ["good"])) { host throws in
            let open = try host.connect()
            let body = #"{"milliseconds":30000}"#
            try open.send(host.callHead("echo_worker", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
            #expect(try host.call("echo").status == 200)
            let clock = ContinuousClock()
            let begin = clock.now
            host.process.signal(SIGTERM)
            let end = eventually {
                if clock.now - begin > .milliseconds(1100) { host.process.signal(SIGTERM) }
                return host.process.poll() != nil
            }
            #expect(end && host.process.poll() == .exited(1))
        }
    }

    @Test(
        "What whoever started it ignored or blocked does not keep it from stopping, nor from knowing its children's ends"
    )
    func inherited() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        let starter = """
            import os, signal, sys
            for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP})
            os.execv(sys.argv[1], sys.argv[1:])
            """
        let process = try ChildProcess(
            Setup.python, ["-c", starter, Setup.executable, "serve"],
            environment: HostOptions().environment(in: scratch), directory: scratch.path,
            output: scratch.path + "/output", errors: scratch.path + "/log")
        #expect(eventually { scratch.text("log").contains("\"listening\"") })
        #expect(scratch.text("log").contains("\"pack served\""))
        process.signal(SIGTERM)
        #expect(process.wait() == .exited(0))
    }

    @Test("nohup: a host that was started to outlive its terminal takes no notice of SIGHUP")
    func hangUp() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        let process = try ChildProcess(
            "/usr/bin/nohup", [Setup.executable, "serve"], environment: HostOptions().environment(in: scratch),
            directory: scratch.path, output: scratch.path + "/output", errors: scratch.path + "/log")
        #expect(eventually { scratch.text("log").contains("\"listening\"") })
        process.signal(SIGHUP)
        process.signal(SIGUSR1)
        #expect(eventually { scratch.text("log").contains("SIGUSR1") })
        #expect(!scratch.text("log").contains("SIGHUP"))
        process.signal(SIGTERM)
        #expect(process.wait() == .exited(0))
    }
}
