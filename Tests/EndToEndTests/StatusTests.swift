// What an operator sees and does with hosts that run, by the commands and by the socket itself.

import Foundation
import JSON
import Testing

@Suite("Status")
struct StatusTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("One host: what it says of itself and of each pack, as JSON and as text")
    func one() throws {
        try RunningHost.with(HostOptions(packs: ["good", "fail_start", "newer_minor"], isolation: .host)) {
            host throws in
            let answer = try #require(try host.status().first)
            let about = try #require(answer["host"])
            #expect(about["number"] == 1 && about["state"] == "serving")
            #expect(about["pid"]?.int64 == Int64(host.process.id))
            #expect(about["address"]?.string == "127.0.0.1:\(host.port)")
            #expect(try about["version"] == #require(host.get("/health").json)["version"])
            #expect(about["memory_bytes"]?.int64 ?? 0 > 1 << 20 && about["uptime_seconds"]?.double ?? 0 > 0)
            let packs = try #require(answer["packs"]?.array)
            #expect(packs.compactMap { $0["file"]?.string } == ["good.so", "newer_minor.so"])
            let good = packs[0]
            #expect(good["isolation"] == "host" && good["state"] == "running" && good["open_calls"] == 0)
            #expect(good["pid"] == about["pid"] && good["memory_bytes"] == .null && good["restart_count"] == 0)
            #expect(good["uptime_seconds"]?.double ?? 0 > 0)
            #expect(answer["refused"]?[0]?["file"] == "fail_start.so")
            let text = try host.toolhost(["status"])
            #expect(text.succeeded && text.output.hasPrefix("host 1: serving at 127.0.0.1:\(host.port), "))
            #expect(text.output.contains("  refused: fail_start.so: its start failed"), "\(text.output)")
        }
    }

    @Test("An address of IPv6 stands in brackets")
    func brackets() throws {
        try RunningHost.with(HostOptions(environment: ["MCP_SERVER_HOST": "::1"])) { host throws in
            #expect(try host.status()[0]["host"]?["address"]?.string == "[::1]:\(host.port)")
        }
    }

    @Test("Calls that are open are counted")
    func calls() throws {
        let options = HostOptions(packs: ["hang_invoke"], environment: ["TOOL_START_TIMEOUT": "2s"])
        try RunningHost.with(options) { host throws in
            let pack = try #require(try host.status()[0]["packs"]?[0])
            #expect(pack["open_calls"] == 0)
            let caller = try host.connect()
            try caller.send(host.callHead("hang_invoke", "Content-Length: 2") + "\r\n{}")
            #expect(try eventually { try host.status()[0]["packs"]?[0]?["open_calls"] == 1 })
            #expect(try eventually { try host.status()[0]["host"]?["connections"] == 1 })
            withExtendedLifetime(caller) {}
        }
    }

    @Test("The folder and the socket are the host's user's alone")
    func modes() throws {
        try RunningHost.with { host throws in
            for (name, expected) in [
                ("hosts", 0o700), ("hosts/1", 0o700), ("hosts/1/lock", 0o600), ("hosts/1/control.sock", 0o600),
                ("hosts/1/control.key", 0o600),
            ] {
                #expect(try mode("\(host.state)/\(name)") == expected, "\(name)")
            }
        }
    }

    @Test("Two hosts on one state folder: both are shown, and commands ask which one is meant")
    func two() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        let first = try RunningHost(in: scratch)
        defer { first.stop() }
        let second = try RunningHost(HostOptions(environment: ["STATE_DIR": first.state]))
        defer { second.stop() }
        let answers = try first.status()
        #expect(answers.compactMap { $0["host"]?["number"]?.int64 } == [1, 2])
        #expect(answers.compactMap { $0["host"]?["pid"]?.int64 } == [first, second].map { Int64($0.process.id) })
        #expect(try first.status("--host", "2").compactMap { $0["host"]?["number"]?.int64 } == [2])
        let unclear = try first.toolhost(["pack", "restart", "fixture"])
        #expect(unclear.end == .exited(64) && unclear.errors.contains("several hosts"), "\(unclear.errors)")
        #expect(unclear.errors.contains("--host N: 1, 2"), "\(unclear.errors)")
        let absent = try first.toolhost(["status", "--host", "3"])
        #expect(absent.end == .exited(64) && absent.errors.contains("no host 3"), "\(absent.errors)")
        second.stop()
        #expect(try first.status().count == 1)
    }

    @Test("No host: exit code 69, and words that say where it was looked for")
    func none() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/var"
        for command in [["status"], ["pack", "restart", "cart"]] {
            let result = try run(
                Setup.executable, command, environment: ["STATE_DIR": state], directory: scratch.path)
            #expect(result.end == .exited(69) && result.output.isEmpty)
            #expect(result.errors.contains("no host is running: none holds a lock in \(state)/hosts"))
        }
        #expect(!FileManager.default.fileExists(atPath: state), "whoever only looks makes nothing")
    }

    @Test("A host that is killed leaves a folder that the next one takes")
    func killed() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        let first = try RunningHost(in: scratch)
        try scratch.write("x", to: "var/hosts/1/left")
        first.process.signal(SIGKILL)
        _ = first.process.wait()
        #expect(FileManager.default.fileExists(atPath: first.state + "/hosts/1/control.sock"))
        #expect(try first.toolhost(["status"]).end == .exited(69))
        try RunningHost.with(in: scratch) { second throws in
            let answers = try second.status()
            #expect(answers.count == 1 && answers[0]["host"]?["number"] == 1)
            #expect(answers[0]["host"]?["pid"]?.int64 == Int64(second.process.id))
            #expect(!FileManager.default.fileExists(atPath: second.state + "/hosts/1/left"))
        }
    }

    @Test("A state folder whose path is longer than a socket's name may be")
    func longPath() throws {
        let scratch = try Scratch()
        let options = HostOptions(
            environment: ["STATE_DIR": "\(scratch.path)/\(String(repeating: "long/", count: 30))var"])
        try options.stage(in: scratch)
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(host.state.utf8.count > 150)
            #expect(try host.status().count == 1)
            #expect(try mode(host.state + "/hosts/1/control.sock") == 0o600)
        }
    }

    @Test("A host without a folder of its own serves, says so, and is not found")
    func folderless() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        try scratch.makeFolder("var")
        try scratch.write("", to: "var/hosts")
        try RunningHost.with(in: scratch) { host throws in
            #expect(try host.call("echo_worker").status == 200)
            #expect(host.logSays("no folder of its own", "var/hosts is not a folder"))
            let result = try host.toolhost(["status"])
            #expect(result.end == .exited(69) && result.errors.contains("var/hosts: Not a directory"))
        }
    }

    @Test("pack restart: what runs inside the host is restarted with it, and a name that nobody has is told")
    func restart() throws {
        try RunningHost.with(HostOptions(packs: ["good", "fail_start"], isolation: .host)) { host throws in
            let pack = try #require(try host.status()[0]["packs"]?[0]?["pack"]?.string)
            let inside = try host.toolhost(["pack", "restart", pack])
            #expect(inside.end == .exited(1) && inside.errors.contains("runs inside the host"), "\(inside.errors)")
            let absent = try host.toolhost(["pack", "restart", "nobody"])
            #expect(absent.end == .exited(64), "\(absent.errors)")
            let words = "no pack \"nobody\" is served by host 1; served: \(pack)"
            #expect(absent.errors.contains(words), "\(absent.errors)")
            for name in ["fail_start", "fail_start.so"] {
                let refused = try host.toolhost(["pack", "restart", name])
                #expect(refused.end == .exited(1), "\(refused.errors)")
                #expect(refused.errors.contains("fail_start.so is refused: its start failed"), "\(refused.errors)")
                #expect(refused.errors.contains("; restart the host once it is mended"), "\(refused.errors)")
            }
            #expect(try host.toolhost(["pack", "restart"]).end == .exited(64))
            #expect(try host.call("echo_worker").status == 200)
        }
    }

    @Test("A host answers while its packs start, and while it stops")
    func beforeAndAfter() throws {
        let scratch = try Scratch()
        let options = HostOptions(
            packs: ["good", "crash", "hang_start"],
            environment: ["TOOL_START_TIMEOUT": "20s", "HTTP_SHUTDOWN_TIMEOUT": "20s"])
        try options.stage(in: scratch)
        let process = try ChildProcess(
            Setup.executable, ["serve"], environment: options.environment(in: scratch), directory: scratch.path,
            output: scratch.path + "/output", errors: scratch.path + "/log")
        func state() throws -> String? {
            let result = try run(
                Setup.executable, ["status", "--json"], environment: options.environment(in: scratch),
                directory: scratch.path)
            return try? JSONValue(parsing: result.output)["hosts"]?[0]?["host"]?["state"]?.string
        }
        #expect(try eventually { try state() == "starting" })
        let host = try RunningHost(following: process, in: scratch, options)
        #expect(try state() == "serving")
        // What is open may end: a call holds the stop up for a while.
        let calling = try host.connect()
        let body = #"{"how":"wait","milliseconds":8000}"#
        try calling.send(host.callHead("end_process", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        #expect(try eventually { try host.pack("crash")["open_calls"] == 1 })
        process.signal(SIGTERM)
        #expect(try eventually { try state() == "stopping" })
        let restart = try host.toolhost(["pack", "restart", "good"])
        #expect(restart.end == .exited(1) && restart.errors.contains("the host is about to stop"), "\(restart.errors)")
        #expect(try calling.response().status == 200)
        #expect(process.wait(within: .seconds(60)) == .exited(0))
    }

    @Test(
        "Nobody but root and the host's user is answered, whatever the permissions say and whoever has the key",
        .enabled(if: getuid() == 0, "only root can become another user"))
    func strangers() throws {
        try RunningHost.with { host throws in
            let socket = host.state + "/hosts/1/control.sock"
            for path in [host.scratch.path, host.state, host.state + "/hosts", host.state + "/hosts/1"] {
                #expect(unsafe chmod(path, 0o755) == 0)
            }
            #expect(unsafe chmod(socket, 0o666) == 0)
            let script = """
                import os, socket, sys
                key = open(os.path.dirname(sys.argv[1]) + '/control.key', 'rb').read()
                os.setresuid(*[int(sys.argv[2])] * 3)
                peer = socket.socket(socket.AF_UNIX)
                peer.connect(sys.argv[1])
                try:
                    peer.sendall(key + b'{"command":"status"}\\n')
                except BrokenPipeError:
                    pass # whoever may not ask is told so at once
                print(peer.makefile().readline(), end="")
                """
            func answer(as user: Int) throws -> JSONValue? {
                let result = try run(Setup.python, ["-c", script, socket, "\(user)"])
                return try? JSONValue(parsing: result.output)
            }
            #expect(try answer(as: 65534)?["error"]?["code"] == "forbidden")
            #expect(try answer(as: 0)?["ok"]?["host"]?["number"] == 1)
        }
    }
}
