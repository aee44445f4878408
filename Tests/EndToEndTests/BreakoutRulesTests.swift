// What the YAML of a pack gives it, it has, and not a bit more.

import Foundation
import JSON
import Testing

@Suite("What a pack is given") struct BreakoutRulesTests {
    private func world(_ level: BreakoutLevel, _ rules: String) throws -> BreakoutWorld {
        try BreakoutWorld(BreakoutSetting(level: level, rules: rules))
    }

    /// The names of errors that are as good as each other.
    private static let refusals = ["EPERM", "EACCES"]

    private func expectRefused(_ result: BreakoutResult, _ what: String) {
        guard case .refused(let reason) = result, Self.refusals.contains(reason) else {
            Issue.record("\(what): \(result)")
            return
        }
    }

    @Test(
        "Processes that a pack may start are as confined as it is, and gain nothing",
        arguments: [BreakoutLevel.standard, .strict])
    func processes(_ level: BreakoutLevel) throws {
        let world = try world(level, "sandbox: {level: \(level.rawValue), processes: true}\n")
        #expect(try world.attempt("fork").isDone && world.attempt("vfork").isDone)
        #expect(try world.attempt("run", ["path": "/bin/true"]).isDone)
        let secret = "\(world.state)/auth/client.json"
        #expect(try world.attempt("run", ["path": "/usr/bin/id", "text": "uid="]).isDone)
        expectRefused(try world.attempt("read in child", ["path": .text(secret)]), "read in child")
        expectRefused(try world.attempt("signal in child", ["number": 0]), "signal in child")
        expectRefused(try world.attempt("leave namespace"), "leave namespace")
        expectRefused(try world.attempt("clone into namespace"), "clone into namespace")
    }

    @Test("Sockets of the kinds that are named")
    func network() throws {
        for (network, path, port) in [("none", false, false), ("unix", true, false), ("any", true, true)] {
            for level in [BreakoutLevel.standard, .strict] {
                let world = try world(level, "sandbox: {level: \(level.rawValue), network: \(network)}\n")
                let toPath = try world.attempt("connect to path", ["path": .text(world.unixSocket.path)])
                let toPort = try world.attempt("connect to port", ["number": .number(world.tcpSocket.port)])
                if path { #expect(toPath.isDone, "\(network): \(toPath)") } else { expectRefused(toPath, network) }
                if port { #expect(toPort.isDone, "\(network): \(toPort)") } else { expectRefused(toPort, network) }
                // A key that cannot be read cannot be sent.
                let guess = try world.attempt(
                    "command host", ["path": .text(world.controlSocket), "text": "A"])
                #expect(guess == .refused(path ? "forbidden" : "EPERM"), "\(network): \(guess)")
            }
        }
    }

    @Test("Folders that are named, to read or to write as well", arguments: [BreakoutLevel.standard, .strict])
    func folders(_ level: BreakoutLevel) throws {
        let scratch = try Scratch()
        for name in ["read", "write"] { try scratch.makeFolder(name) }
        try scratch.write("x", to: "read/file")
        let path = scratch.path
        let world = try world(
            level, "sandbox: {level: \(level.rawValue), read: [\(path)/read], write: [\(path)/write]}\n")
        #expect(try world.attempt("read", ["path": "\(path)/read/file"]).isDone)
        expectRefused(try world.attempt("append", ["path": "\(path)/read/file"]), "append")
        expectRefused(try world.attempt("create", ["path": "\(path)/read/other"]), "create")
        let kept = try world.attempt("keep files", ["path": "\(path)/write"])
        #expect(kept.isDone, "\(kept)")
        expectRefused(try world.attempt("create", ["path": "\(path)/other"]), "beside it")
    }

    @Test(
        "A folder in whose place a pack puts a link opens nothing, also to its next process",
        arguments: [BreakoutLevel.standard, .strict])
    func replaced(_ level: BreakoutLevel) throws {
        let scratch = try Scratch()
        for name in ["given", "given/inner"] { try scratch.makeFolder(name) }
        let path = scratch.path + "/given"
        let world = try world(
            level, "sandbox: {level: \(level.rawValue), write: [\(path), \(path)/inner]}\n")
        #expect(try world.attempt("rename", ["path": "\(path)/inner", "other": "\(path)/away"]).isDone)
        // It leads to everything there is.
        #expect(try world.attempt("create link", ["path": "\(path)/inner"]).isDone)
        let before = world.host.runner("breakout")
        #expect(try world.host.toolhost(["pack", "restart", "breakout"]).succeeded)
        #expect(eventually { world.host.runner("breakout").map { $0 != before } ?? false })
        #expect(try eventually { try world.attempt("create", ["path": "\(path)/new"]).isDone })
        expectRefused(try world.attempt("read", ["path": "\(world.state)/auth/client.json"]), "read")
        expectRefused(try world.attempt("create", ["path": .text(try world.vacant(world.outside))]), "create")
    }

    @Test("A path that is the host's, or holds what is, refuses the pack", arguments: ["read", "write"])
    func ownPaths(_ key: String) throws {
        for path in ["/", "/proc", "PATH/var", "PATH/var/auth", "PATH/plugins.d", "PATH"] {
            let scratch = try Scratch()
            let named = path.replacingOccurrences(of: "PATH", with: scratch.path)
            let options = HostOptions(
                packs: ["good", "config"], policies: ["config": "sandbox: {\(key): [\(named)]}\n"], isolation: .process)
            try options.stage(in: scratch)
            try RunningHost.with(options, in: scratch) { host throws in
                #expect(try host.call("echo").status == 200)
                #expect(host.logSays("pack refused", "config.so", "sandbox.\(key)", "\(named) "), "\(named)")
            }
        }
    }

    @Test("A level that a pack's YAML names wins over the deployment's")
    func level() throws {
        let off = try world(.strict, "sandbox: off\n")
        #expect(try off.attempt("fork").isDone)
        let strict = try world(.off, "sandbox: strict\n")
        expectRefused(try strict.attempt("fork"), "fork")
    }

    @Test("The environment is the small list, and what is named") func environment() throws {
        let world = try BreakoutWorld(BreakoutSetting(level: .standard, rules: "env: [BREAKOUT_GIVEN]\n"))
        let listed = try world.attempt("list variables")
        guard case .done(let names) = listed else {
            Issue.record("\(listed)")
            return
        }
        // The last is the host's own word to Swift's runtime.
        let allowed: Set = ["PATH", "HOME", "TZ", "LANG", "TMPDIR", "BREAKOUT_GIVEN", "SWIFT_BACKTRACE"]
        for name in names.split(separator: " ").map(String.init) {
            #expect(allowed.contains(name) || name.hasPrefix("LC_") || name.hasPrefix("SSL_CERT_"), "\(name)")
        }
        #expect(try world.attempt("find variable", ["text": "BREAKOUT_GIVEN"]).isDone)
        #expect(try world.attempt("find variable", ["text": "HOME"]).isDone)
        #expect(try !world.attempt("find variable", ["text": .text(BreakoutWorld.secretName)]).isDone)
    }
}
