// The processes of packs as their host and its operator see them: ended with the host, replaced by hand, given up, and
// kept apart from those of another host.

import Foundation
import JSON
import Testing

@Suite("Runners") struct RunnerLifeTests {
    private func options(_ packs: [PackSource], _ more: [String: String] = [:]) -> HostOptions {
        HostOptions(
            packs: packs, environment: ["PACK_RESTART_DELAYS": "0"].merging(more) { $1 }, isolation: .process)
    }

    private func crash(_ host: RunningHost, _ tool: String = "end_process") throws -> String? {
        try host.call(tool, #"{"how":"abort"}"#).problem?["code"]?.string
    }

    @Test("What status says of a pack in a process of its own, before and after its end")
    func status() throws {
        try RunningHost.with(options(["crash"])) { host throws in
            let before = try host.pack("crash")
            #expect(before["isolation"] == "process" && before["state"] == "running" && before["restart_count"] == 0)
            #expect(before["pid"]?.int64 == host.runner("crash").map(Int64.init))
            #expect(before["memory_bytes"]?.int64 ?? 0 > 0 && before["last_words"] == .null)
            #expect(try host.call("end_process", #"{"how":"double free"}"#).status == 502)
            #expect(try eventually { try host.pack("crash")["state"] == "running" })
            let after = try host.pack("crash")
            #expect(after["restart_count"] == 1 && after["restarts"]?.array?.count == 1)
            #expect(after["restarts"]?[0]?["reason"] == "ended by SIGABRT")
            #expect(after["pid"] != before["pid"])
            // What the C library said of it.
            let path = try #require(after["last_words"]?.string)
            let words = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
            #expect(words?.contains("free") == true)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try host.toolhost(["status"]).output.contains("crash"))
        }
    }

    @Test("A pack that is refused once it has described itself leaves no process behind")
    func refused() throws {
        var options = options(["crash", "good", .fixture("good", as: "other")])
        // Its configuration is none of the pack's.
        options.policies = ["crash": "config: {nothing: 1}\n"]
        try RunningHost.with(options) { host throws in
            #expect(host.log.count { $0["message"] == "pack refused" } == 2, "\(host.log)")
            #expect(eventually { RunningHost.runners(of: host.process.id).count == 1 })
        }
    }

    @Test(
        "A signal for the whole service is the host's business: what is under way is answered, and packs stop in order")
    func wholeGroup() throws {
        let host = try RunningHost(options(["good"]))
        let connection = try host.connect()
        let body = #"{"milliseconds":1500}"#
        try connection.send(host.callHead("echo_worker", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        #expect(try eventually { try host.pack("good")["open_calls"] == 1 })
        let runner = try #require(host.runner("good"))
        for signal in [SIGTERM, SIGINT, SIGHUP] { kill(runner, signal) }
        host.process.signal(SIGTERM)
        kill(runner, SIGTERM)
        #expect(try connection.response().status == 200)
        #expect(host.process.wait(within: .seconds(30)) == .exited(0))
        #expect(!host.log.contains { $0["message"] == "the process of a pack ended" }, "\(host.log)")
    }

    @Test("A tool that never blocks is served while all threads for others are taken")
    func brief() throws {
        try RunningHost.with(options(["good"], ["TOOL_PACK_WORKERS": "2"])) { host throws in
            let before = host.runner("good")
            let connections = try (0..<4).map { _ in
                let connection = try host.connect()
                let body = #"{"milliseconds":1500}"#
                try connection.send(host.callHead("echo_worker", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
                return connection
            }
            #expect(try eventually { try host.pack("good")["open_calls"] == 4 })
            for _ in 0..<20 { #expect(try host.call("echo", "{}").status == 200) }
            #expect(try host.pack("good")["open_calls"] == 4)
            for connection in connections { #expect(try connection.response().status == 200) }
            #expect(host.runner("good") == before)
        }
    }

    @Test(
        "A thread that has the host trace it keeps no process from being replaced",
        arguments: ["kill", "restart", "stop"])
    func traced(_ way: String) throws {
        try RunningHost.with(options(["good", "hostile"], ["PACK_SANDBOX": "off"])) { host throws in
            let before = try #require(host.runner("hostile"))
            #expect(try host.call("hostile", #"{"how":"trace"}"#).status == 200)
            switch way {
            case "kill": kill(before, SIGKILL)
            case "restart": #expect(try host.toolhost(["pack", "restart", "hostile"]).succeeded)
            default: kill(before, SIGSTOP)
            }
            #expect(eventually { host.runner("hostile").map { $0 != before } ?? false })
            #expect(try eventually { try host.call("hostile").status == 200 })
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("An upgrade beside a running host: packs are started again in the build that runs")
    func upgrade() throws {
        let scratch = try Scratch()
        let executable = try scratch.copyHost()
        var options = options(["good", "crash"])
        options.executable = executable
        try RunningHost.with(options) { host throws in
            let before = try #require(host.runner("crash"))
            // What is there now runs nothing.
            try FileManager.default.removeItem(atPath: executable)
            try scratch.write(Array("#!/bin/sh\nexit 1\n".utf8), to: "toolhost", mode: 0o755)
            #expect(try crash(host) == "pack_crashed")
            #expect(eventually { host.runner("crash").map { $0 != before } ?? false })
            #expect(try eventually { try host.pack("crash")["state"] == "running" })
            #expect(try crash(host) == "pack_crashed")
        }
    }

    @Test("A pack that is loaded again for what opens to it has the whole time for each load and for its start")
    func slowTwice() throws {
        let options = options(["slow_twice"], ["TOOL_START_TIMEOUT": "4s"])
        try RunningHost.with(options) { host throws in
            #expect(try host.call("slow_twice").status == 200)
        }
    }

    @Test("A pack stands back as far as its operator says, with every thread")
    func niceness() throws {
        var options = options(["good", "crash"], ["PACK_NICENESS": "4"])
        options.policies = ["good": "niceness: 9\n"]
        try RunningHost.with(options) { host throws in
            #expect(try host.call("echo", #"{"text":"x"}"#).status == 200)
            for (pack, niceness) in ["good": "9", "crash": "4"] {
                let process = try #require(host.runner(pack))
                let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
                #expect(threads.count > 1)
                for thread in threads {
                    let stat = String(
                        decoding: try #require(SystemFile.bytes("/proc/\(process)/task/\(thread)/stat")), as: UTF8.self)
                    // Field 19, of which the first two are before the last parenthesis (proc(5)).
                    let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
                    #expect(fields[17] == niceness, "\(pack): \(stat)")
                }
            }
        }
    }

    @Test("However a host ends, no process of its packs is left", arguments: [SIGKILL, SIGSEGV, SIGTERM])
    func hostEnds(_ signal: Int32) throws {
        let host = try RunningHost(options(["crash", "good", "hang_cancel"]))
        let connections = try ["end_process", "end_process"].map { tool in
            let connection = try host.connect()
            let body = #"{"how":"blocked signals"}"#
            try connection.send(host.callHead(tool, "Content-Length: \(body.utf8.count)") + "\r\n" + body)
            return connection
        }
        #expect(try eventually { try host.pack("crash")["open_calls"] == 2 })
        #expect(RunningHost.runners(of: host.process.id).count == 3)
        host.process.signal(signal)
        #expect(host.process.wait(within: .seconds(90)) != nil)
        #expect(eventually { RunningHost.runners(of: host.process.id).isEmpty })
        withExtendedLifetime(connections) {}
    }

    @Test("Two hosts on one state folder have processes of their own, and the end of one host leaves the other's alone")
    func two() throws {
        let first = try RunningHost(options(["good", "crash"]))
        defer { first.stop() }
        let second = try RunningHost(options(["good", "crash"], ["STATE_DIR": first.state]))
        defer { second.stop() }
        let own = RunningHost.runners(of: first.process.id).map(\.process).sorted()
        let others = RunningHost.runners(of: second.process.id).map(\.process)
        #expect(own.count == 2 && others.count == 2 && Set(own).isDisjoint(with: others))
        #expect(try crash(second) == "pack_crashed")
        second.process.signal(SIGKILL)
        _ = second.process.wait()
        #expect(eventually { RunningHost.runners(of: second.process.id).isEmpty })
        #expect(RunningHost.runners(of: first.process.id).map(\.process).sorted() == own)
        #expect(try first.call("echo_worker").status == 200)
        #expect(!first.log.contains { $0["message"]?.string == "the process of a pack ended" })
    }

    @Test("pack restart replaces the process, which is no failure")
    func restart() throws {
        try RunningHost.with(options(["good", "crash"])) { host throws in
            let (before, other) = (try host.pack("good"), host.runner("crash"))
            #expect(try host.toolhost(["pack", "restart", "good"]).succeeded)
            #expect(
                try eventually {
                    let pack = try host.pack("good")
                    return pack["state"] == "running" && pack["pid"] != before["pid"]
                })
            #expect(try host.call("echo_worker", #"{"a":1}"#).text == #"{"a":1}"#)
            #expect(host.runner("crash") == other)
            #expect(try host.pack("good")["restarts"]?[0]?["reason"] == "restarted by hand")
            let line = try #require(host.log.first { $0["message"]?.string == "the process of a pack ended" })
            #expect(line["level"] == "notice" && line["exit_code"] == "0", "\(line)")
        }
    }

    /// A call that is open, of the fixture `crash`.
    private func begin(_ tool: String, _ how: String, _ milliseconds: Int, at host: RunningHost) throws
        -> RawConnection
    {
        let connection = try host.connect()
        let body = #"{"how":"\#(how)","milliseconds":\#(milliseconds)}"#
        try connection.send(host.callHead(tool, "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        #expect(try eventually { try host.pack("crash")["open_calls"] == 1 })
        return connection
    }

    /// The lines of ends, once the pack runs in another process.
    private func ends(_ host: RunningHost, after before: JSONValue) throws -> [JSONValue] {
        #expect(
            try eventually {
                let pack = try host.pack("crash")
                return pack["state"] == "running" && pack["pid"] != before["pid"]
            })
        return host.log.filter { $0["message"]?.string == "the process of a pack ended" }
    }

    @Test("pack restart waits for calls in flight, lets nothing new in meanwhile, and may be repeated")
    func restartWaits() throws {
        try RunningHost.with(options(["good", "crash"])) { host throws in
            let before = try host.pack("crash")
            let patient = try begin("end_process", "wait", 5000, at: host)
            let first = try host.toolhost(["pack", "restart", "crash"])
            #expect(first.succeeded && first.output.contains("once its open call is over"), "\(first.output)")
            #expect(try eventually { try host.pack("crash")["state"] == "restarting" })
            let second = try host.toolhost(["pack", "restart", "crash"])
            #expect(second.succeeded && second.output.contains("is being restarted already"), "\(second.output)")
            let refused = try host.call("end_process")
            #expect(refused.status == 503 && refused.problem?["code"] == "pack_restarting", "\(refused.text)")
            let seconds = refused["Retry-After"].flatMap { Int($0) } ?? 0
            #expect(seconds > 1 && refused.text.contains("Try again in \(seconds) s."), "\(refused.text)")
            #expect(try host.call("echo_worker").status == 200)
            #expect(try host.pack("crash")["pid"] == before["pid"])
            #expect(try patient.response().status == 200)
            let lines = try ends(host, after: before)
            #expect(lines.count == 1 && lines[0]["level"] == "notice" && lines[0]["exit_code"] == "0", "\(lines)")
            #expect(lines.first?["requests"] == nil, "\(lines)")
            #expect(try host.call("end_process").status == 200)
            #expect(try host.pack("crash")["restarts"]?.array?.count == 1)
        }
    }

    /// The tool, what its caller gets, and the longest time for calls.
    @Test(
        "pack restart waits for no call longer than until its deadline, nor than HTTP_SHUTDOWN_TIMEOUT",
        arguments: [("end_late", 504, "25s"), ("end_process", 502, "1s")])
    func restartOfStuck(_ tool: String, _ status: Int, _ time: String) throws {
        try RunningHost.with(options(["crash"], ["HTTP_SHUTDOWN_TIMEOUT": time])) { host throws in
            let before = try host.pack("crash")
            let stuck = try begin(tool, "spin", 0, at: host)
            #expect(try host.toolhost(["pack", "restart", "crash"]).succeeded)
            let answer = try stuck.response()
            #expect(answer.status == status, "\(answer.text)")
            let lines = try ends(host, after: before)
            #expect(lines.count == 1 && lines[0]["level"] == "notice" && lines[0]["signal"] == "SIGKILL", "\(lines)")
            #expect(try host.call(tool).status == 200)
        }
    }

    @Test("A pack that is to be restarted still hears that nobody waits for a call, and may crash of it")
    func restartAndCancel() throws {
        try RunningHost.with(options(["crash"])) { host throws in
            let before = try host.pack("crash")
            var gone: RawConnection? = try begin("end_process", "cancel", 0, at: host)
            #expect(try host.toolhost(["pack", "restart", "crash"]).succeeded)
            #expect(try eventually { try host.pack("crash")["state"] == "restarting" })
            withExtendedLifetime(gone) {}
            gone = nil
            let lines = try ends(host, after: before)
            #expect(lines.count == 1 && lines[0]["signal"] == "SIGSEGV", "\(lines)")
        }
    }

    @Test("Where each pack runs is told by the log, by status and by tools")
    func places() throws {
        var options = options(["good", "crash"])
        options.policies = ["crash": "isolation: host"]
        try RunningHost.with(options) { host throws in
            let expected: [String: JSONValue] = ["good": "process", "crash": "host"]
            let served = host.log.filter { $0["message"] == "pack served" }
            let report = try JSONValue(parsing: host.toolhost(["tools", "--json"]).output)
            let text = try host.toolhost(["tools"]).output
            for (pack, isolation) in expected {
                #expect(served.first { $0["pack"]?.string == pack }?["isolation"] == isolation, "\(served)")
                #expect(try host.pack(pack)["isolation"] == isolation)
                let told = report["packs"]?.array?.first { $0["id"]?.string == pack }
                #expect(told?["isolation"] == isolation, "\(report)")
                let line = "\(pack).so: \(pack) 1.0.0, isolation: \(isolation.string ?? ""), sandbox: "
                #expect(text.contains(line), "\(text)")
            }
        }
    }

    @Test("A pack that is killed from outside again and again is given up, and no tool of it is blamed")
    func killed() throws {
        try RunningHost.with(options(["crash"], ["PACK_RESTART_LIMIT": "4"])) { host throws in
            for _ in 1...4 {
                #expect(try eventually { try host.call("end_process").status == 200 })
                let before = try host.pack("crash")
                let victim = try begin("end_process", "hang", 0, at: host)
                kill(try #require(host.runner("crash")), SIGKILL)
                #expect(try victim.response().problem?["code"] == "pack_crashed")
                #expect(try eventually { try host.pack("crash")["pid"] != before["pid"] })
            }
            #expect(try eventually { try host.pack("crash")["state"] == "failed" })
            #expect(try host.pack("crash")["quarantined_tools"] == [])
            let lines = host.log.filter { $0["message"]?.string == "the process of a pack ended" }
            #expect(lines.count == 4 && lines.allSatisfy { $0["tool"] == nil && $0["requests"] != nil }, "\(lines)")
        }
    }

    @Test("A pack that fails again and again is off, whoever else is served, and pack restart frees it")
    func failed() throws {
        try RunningHost.with(options(["good", "crash"], ["PACK_RESTART_LIMIT": "2"])) { host throws in
            #expect(try crash(host) == "pack_crashed")
            #expect(try eventually { try crash(host) == "pack_crashed" })
            let answer = try host.call("end_late")
            #expect(answer.status == 503 && answer.problem?["code"] == "pack_failed", "\(answer.text)")
            #expect(answer["Retry-After"] == nil)
            #expect(host.logSays("a pack failed again and again", "PACK_RESTART_LIMIT", "toolhost pack restart crash"))
            let pack = try host.pack("crash")
            #expect(pack["state"] == "failed" && pack["pid"] == .null && host.runner("crash") == nil)
            #expect(try host.call("echo_worker").status == 200)
            #expect(try host.get("/health").json?["status"] != nil)
            #expect(try host.toolhost(["pack", "restart", "crash"]).succeeded)
            #expect(try eventually { try host.call("end_process").status == 200 })
            #expect(try host.pack("crash")["state"] == "running")
        }
    }

    @Test("A pack that is given up degrades the host until it is restarted, and lines name host and processes")
    func degraded() throws {
        try RunningHost.with(options(["good", "crash"], ["PACK_RESTART_LIMIT": "1"])) { host throws in
            let process = try #require(host.runner("crash"))
            func pid(_ message: String) -> Int64? {
                host.log.first { $0["message"]?.string == message && $0["pack"] == "crash" }?["pid"]?.int64
            }
            #expect(host.log.first { $0["message"] == "listening" }?["host"] == 1)
            #expect(pid("pack served") == Int64(process))
            #expect(try host.get("/health").json?["status"] == "ok")
            #expect(kill(process, SIGKILL) == 0)
            #expect(try eventually { try host.get("/health").json?["status"] == "degraded" })
            #expect(try host.get("/health").json?["failed_packs"] == 1)
            #expect(host.logSays("a pack failed again and again", "starts it again as it is"))
            #expect(pid("the process of a pack ended") == Int64(process))
            #expect(try host.toolhost(["status"]).output.contains("  crash: ended 20"))
            #expect(try host.toolhost(["pack", "restart", "crash"]).succeeded)
            #expect(try eventually { try host.get("/health").json?["status"] == "ok" })
            #expect(try host.get("/health").json?["failed_packs"] == nil)
            #expect(try eventually { try host.pack("crash")["state"] == "running" })
            #expect(try pid("a pack runs again") == host.pack("crash")["pid"]?.int64)
        }
    }

    @Test("As many event loops and calls as can be configured have room in a pack's process")
    func largest() throws {
        let most = ["HTTP_EVENT_LOOPS": "256", "TOOL_PACK_CALLS": "1000000"]
        try RunningHost.with(options(["good"], most)) { host throws in
            #expect(try host.call("echo_worker", #"{"a":1}"#).text == #"{"a":1}"#, "\(host.log)")
            #expect(try host.pack("good")["isolation"] == "process")
        }
    }

    @Test("A tool that brings its pack down again and again is kept out alone, until the pack is restarted by hand")
    func quarantined() throws {
        try RunningHost.with(options(["good", "crash"], ["PACK_RESTART_LIMIT": "off"])) { host throws in
            for _ in 1...3 { #expect(try eventually { try crash(host) == "pack_crashed" }) }
            let answer = try host.call("end_process")
            #expect(answer.status == 503 && answer.problem?["code"] == "tool_quarantined", "\(answer.text)")
            #expect((answer["Retry-After"].flatMap { Int($0) } ?? 0) > 60)
            #expect(host.logSays("a tool brought its pack down again and again", "end_process"))
            let health = try host.get("/health").json
            #expect(health?["status"] == "degraded" && health?["quarantined_tools"] == 1, "\(health as Any)")
            #expect(try host.pack("crash")["quarantined_tools"] == ["end_process"])
            #expect(try eventually { try host.call("end_late").status == 200 })
            #expect(try host.toolhost(["pack", "restart", "crash"]).succeeded)
            #expect(try eventually { try host.call("end_process").status == 200 })
            #expect(host.logSays("the calls of a tool that brought its pack down are let in", "restarted by hand"))
            #expect(try host.get("/health").json?["quarantined_tools"] == nil)
        }
    }
}
