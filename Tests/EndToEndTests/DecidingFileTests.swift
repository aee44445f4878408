// Files that decide who may call or what runs, as operators leave them: writable, another's, links that lead nowhere,
// and as Kubernetes mounts them.

import Foundation
import JSON
import Testing

@Suite("Files that decide")
struct DecidingFileTests {
    private static let key = "0123456789abcdef0123456789abcdef"
    static let isRoot = geteuid() == 0

    /// A folder with the packs, and what goes beside them.
    private func stage(_ options: HostOptions = HostOptions()) throws -> Scratch {
        let scratch = try Scratch()
        try options.stage(in: scratch)
        return scratch
    }

    private func command(
        _ arguments: [String] = ["tools"], _ environment: [String: String] = [:], in scratch: Scratch
    ) throws -> Finished {
        try run(
            Setup.executable, arguments, environment: HostOptions(environment: environment).environment(in: scratch),
            directory: scratch.path)
    }

    private func setMode(_ mode: Int, _ name: String, in scratch: Scratch) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(scratch.path)/\(name)")
    }

    private func give(_ name: String, to user: Int, in scratch: Scratch) throws {
        try FileManager.default.setAttributes([.ownerAccountID: user], ofItemAtPath: "\(scratch.path)/\(name)")
    }

    private func link(_ name: String, to target: String, in scratch: Scratch) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(scratch.path)/\(name)", withDestinationPath: target)
    }

    /// A file that a setting names, and how.
    struct Named: Sendable, CustomTestStringConvertible {
        var file: String
        var content: String
        var arguments = ["tools"]
        var environment: [String: String] = [:]
        var key: String
        var testDescription: String { key }
    }

    private static let named = [
        Named(file: ".env.local", content: "TOOLS_READ_ONLY=true\n", key: ".env.local"),
        Named(
            file: "host.env", content: "TOOLS_READ_ONLY=true\n", arguments: ["tools", "--env-file", "host.env"],
            key: "--env-file"),
        Named(
            file: "keys", content: "reporting sha256:\(String(repeating: "ab", count: 32))\n",
            environment: ["MCP_AUTH_MODE": "api-key", "MCP_API_KEYS_FILE": "keys", "MCP_API_KEY": key],
            key: "MCP_API_KEYS_FILE"),
        Named(
            file: "issuers.yaml", content: "issuers:\n  - issuer: https://127.0.0.1:1/a\n    audiences: [a]\n",
            environment: [
                "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUERS_FILE": "issuers.yaml",
                "OAUTH2_ISSUER": "https://127.0.0.1:1/b", "OAUTH2_AUDIENCE": "a",
            ], key: "OAUTH2_ISSUERS_FILE"),
    ]

    @Test("A file that everybody may write to stops the start with the command that mends it", arguments: named)
    func writable(_ named: Named) throws {
        let scratch = try stage()
        try scratch.write(named.content, to: named.file)
        let good = try command(named.arguments, named.environment, in: scratch)
        #expect(good.succeeded && !good.output.contains("Warnings"), "\(good.output) \(good.errors)")
        try setMode(0o666, named.file, in: scratch)
        for arguments in [named.arguments, ["serve"] + named.arguments.dropFirst()] {
            let result = try command(arguments, named.environment, in: scratch)
            #expect(result.end == .exited(78))
            let words = "toolhost: \(named.key): \(scratch.path)/\(named.file) may be written by every user"
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(result.errors.contains("run chmod o-w \(scratch.path)/\(named.file)"), "\(result.errors)")
        }
    }

    @Test("A file that a group may write to is told of, or refused", arguments: named)
    func groupWritable(_ named: Named) throws {
        let scratch = try stage()
        try scratch.write(named.content, to: named.file)
        try setMode(0o664, named.file, in: scratch)
        let words = "\(scratch.path)/\(named.file) may be written by the members of group"
        let warned = try command(named.arguments, named.environment, in: scratch)
        #expect(warned.succeeded, "\(warned.errors)")
        #expect(warned.output.contains("Warnings:\n  \(words)"), "\(warned.output)")
        let doctor = try command(["doctor"] + named.arguments.dropFirst(), named.environment, in: scratch)
        #expect(doctor.output.contains("⚠️  configuration: \(words)"), "\(doctor.output)")
        let refused = try command(
            named.arguments, named.environment.merging(["FILES_GROUP_WRITABLE": "refuse"]) { $1 }, in: scratch)
        #expect(refused.end == .exited(78))
        #expect(refused.errors.contains("\(named.key): \(words)"), "\(refused.errors)")
        #expect(refused.errors.contains("run chmod g-w \(scratch.path)/\(named.file)"))
    }

    @Test("A link that leads nowhere is not the absence of a file", arguments: named)
    func dangling(_ named: Named) throws {
        let scratch = try stage()
        try link(named.file, to: "unmounted/\(named.file)", in: scratch)
        let result = try command(named.arguments, named.environment, in: scratch)
        #expect(result.end == .exited(78))
        #expect(result.errors.contains("toolhost: \(named.key): "))
        let words = "is a link to unmounted/\(named.file), and there is no \(scratch.path)/unmounted"
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test(
        "A file of another user's stops the start", .enabled(if: isRoot, "only root gives files away"),
        arguments: named)
    func foreign(_ named: Named) throws {
        let scratch = try stage()
        try scratch.write(named.content, to: named.file)
        try give(named.file, to: 12345, in: scratch)
        let result = try command(named.arguments, named.environment, in: scratch)
        #expect(result.end == .exited(78))
        #expect(result.errors.contains("belongs to user 12345"))
        #expect(result.errors.contains("run chown root \(scratch.path)/\(named.file)"), "\(result.errors)")
    }

    // MARK: Packs

    @Test("A pack whose YAML is there but cannot be used is refused; the other is served")
    func unusablePolicy() throws {
        let yaml = "plugins.d/good.yaml"
        func makeWritable(_ scratch: Scratch) throws {
            try scratch.write("enabled: true\n", to: yaml)
            try setMode(0o646, yaml, in: scratch)
        }
        let ways: [(reason: String, make: (Scratch) throws -> Void)] = [
            ("is a link to /nowhere/policy.yaml", { try self.link(yaml, to: "/nowhere/policy.yaml", in: $0) }),
            ("is not a regular file", { try $0.makeFolder(yaml) }),
            ("symbolic links", { try self.link(yaml, to: "good.yaml", in: $0) }),
            ("may be written by every user", makeWritable),
            ("is not UTF-8", { try $0.write([0x23, 0xE9, 0x0A], to: yaml) }),
        ]
        for way in ways {
            let scratch = try stage(HostOptions(packs: ["good", "newer_minor"]))
            try way.make(scratch)
            let result = try command(in: scratch)
            #expect(result.end == .exited(1))
            #expect(result.output.contains("  good.so: \(scratch.path)/plugins.d/good.yaml "), "\(result.output)")
            #expect(result.output.contains(way.reason), "\(way.reason) in \(result.output)")
            #expect(result.output.contains("newer_minor.so: ") && !result.output.contains("  echo "))
        }
    }

    @Test("A policy whose name is nearly right is told of")
    func nearlyRight() throws {
        let scratch = try stage()
        try scratch.write("enabled: false\n", to: "plugins.d/good.YAML")
        let result = try command(in: scratch)
        #expect(result.output.contains("good.YAML in PLUGINS_DIR is not read: it has to be called good.yaml"))
    }

    @Test("A pack whose name is no text is refused by its bytes; the other is served")
    func nameOfBytes() throws {
        let scratch = try stage()
        let name = Array("\(scratch.path)/plugins.d/caf".utf8) + [0xE9] + Array(".so".utf8)
        let renamed = unsafe Glibc.link("\(scratch.path)/plugins.d/good.so", name.map { CChar(bitPattern: $0) } + [0])
        #expect(renamed == 0)
        try RunningHost.with(in: scratch) { host throws in
            #expect(host.logSays("pack refused", #"caf\\xe9.so"#, "rename it"), "\(host.log)")
            #expect(try host.call("echo").status == 200)
        }
    }

    @Test("What a group may write to is one line each; FILES_GROUP_WRITABLE=refuse serves nothing of it")
    func groupWritablePack() throws {
        let scratch = try stage(HostOptions(packs: ["good", "newer_minor"], policies: ["good": "enabled: true\n"]))
        for name in ["good.so", "good.yaml"] { try setMode(0o664, "plugins.d/\(name)", in: scratch) }
        try RunningHost.with(in: scratch) { host throws in
            for name in ["good.so", "good.yaml"] {
                let words = "/\(name) may be written by the members of group"
                let lines = host.log.filter { $0.description.contains(words) }
                #expect(lines.count == 1 && lines[0]["level"]?.string == "warning", "\(host.log)")
            }
            #expect(try host.call("echo").status == 200)
        }
        let policy = ["FILES_GROUP_WRITABLE": "refuse"]
        try RunningHost.with(HostOptions(environment: policy), in: scratch) { host throws in
            #expect(host.logSays("pack refused", "good.so", "chmod g-w", "FILES_GROUP_WRITABLE=refuse"))
            #expect(try host.call("echo").status == 404)
            #expect(try host.call("newer_minor").status == 200)
        }
        for name in ["good.so", "good.yaml"] { try setMode(0o644, "plugins.d/\(name)", in: scratch) }
        try setMode(0o775, "plugins.d", in: scratch)
        let warned = try command(in: scratch)
        #expect(warned.succeeded)
        #expect(warned.output.components(separatedBy: "may be written by the members").count == 2, "\(warned.output)")
        let refused = try command(["tools"], policy, in: scratch)
        #expect(refused.end == .exited(1) && refused.output.contains("No pack in"), "\(refused.output)")
    }

    @Test(
        "A pack, its folder and a folder on the way that are another user's are refused",
        .enabled(if: isRoot, "only root gives files away"))
    func foreignPack() throws {
        let scratch = try Scratch()
        try scratch.makeFolder("site/plugins.d")
        let good = try #require(FileManager.default.contents(atPath: try PackSource.fixture("good").path))
        try scratch.write(Array(good), to: "site/plugins.d/good.so", mode: 0o755)
        let environment = ["PLUGINS_DIR": scratch.path + "/site/plugins.d"]
        for name in ["site/plugins.d/good.so", "site/plugins.d", "site"] {
            try give(name, to: 12345, in: scratch)
            let result = try command(["tools"], environment, in: scratch)
            #expect(result.end == .exited(1) && !result.output.contains("  echo "))
            #expect(result.output.contains("run chown root \(scratch.path)/\(name)"), "\(result.output)")
            try give(name, to: 0, in: scratch)
        }
        #expect(try command(["tools"], environment, in: scratch).succeeded)
    }

    @Test("A pack that is a link is judged where it leads, and by each folder on the way")
    func linkedPack() throws {
        let scratch = try stage(HostOptions(packs: []))
        try scratch.makeFolder("packs/1.0")
        let good = try #require(FileManager.default.contents(atPath: try PackSource.fixture("good").path))
        try scratch.write(Array(good), to: "packs/1.0/good.so", mode: 0o755)
        try link("packs/current", to: "1.0", in: scratch)
        try link("plugins.d/good.so", to: "../packs/current/good.so", in: scratch)
        #expect(try command(in: scratch).succeeded)
        for name in ["packs", "packs/1.0", "packs/1.0/good.so"] {
            for mode in [0o777, 0o1777] {
                try setMode(mode, name, in: scratch)
                let result = try command(in: scratch)
                #expect(result.end == .exited(1), "\(name)")
                #expect(result.output.contains("run chmod o-w \(scratch.path)/\(name)"), "\(result.output)")
            }
            try setMode(0o755, name, in: scratch)
        }
        #expect(try command(in: scratch).succeeded)
    }

    @Test(
        "A state folder in which everybody may put something keeps the host from starting", arguments: [0o777, 0o1777])
    func openState(_ mode: Int) throws {
        let scratch = try stage()
        try scratch.makeFolder("var")
        try setMode(mode, "var", in: scratch)
        let result = try command(["serve"], in: scratch)
        #expect(result.end == .exited(1))
        #expect(result.errors.contains("STATE_DIR: ") && result.errors.contains("run chmod o-w \(scratch.path)/var"))
        let tools = try command(in: scratch)
        #expect(tools.end == .exited(1))
        #expect(tools.output.contains("run chmod o-w \(scratch.path)/var"), "\(tools.output)")
    }

    // MARK: Kubernetes

    /// A volume as the kubelet writes it: the names are links into a folder that a link names, which is replaced as a
    /// whole.
    private func mountVolume(_ name: String, _ files: [String: String], mode: Int, in scratch: Scratch) throws {
        try scratch.makeFolder("\(name)/..2026_03_02_09_15_04.1234567890")
        try link("\(name)/..data", to: "..2026_03_02_09_15_04.1234567890", in: scratch)
        for (file, content) in files {
            try scratch.write(content, to: "\(name)/..2026_03_02_09_15_04.1234567890/\(file)")
            try setMode(mode, "\(name)/..2026_03_02_09_15_04.1234567890/\(file)", in: scratch)
            try link("\(name)/\(file)", to: "..data/\(file)", in: scratch)
        }
    }

    private static let volume = [
        "keys": "reporting sha256:\(String(repeating: "ab", count: 32))\n", "toolhost.env": "TOOLS_READ_ONLY=true\n",
    ]

    @Test("Files of a volume of Kubernetes' are used; what fsGroup lets a group write to is told of")
    func volume() throws {
        let scratch = try stage()
        try mountVolume("etc", Self.volume, mode: 0o644, in: scratch)
        let environment = ["MCP_AUTH_MODE": "api-key", "MCP_API_KEYS_FILE": "etc/keys"]
        let arguments = ["tools", "--env-file", "etc/toolhost.env"]
        let good = try command(arguments, environment, in: scratch)
        #expect(good.succeeded && !good.output.contains("Warnings"), "\(good.output) \(good.errors)")
        let files = "etc/..2026_03_02_09_15_04.1234567890"
        for file in Self.volume.keys { try setMode(0o664, "\(files)/\(file)", in: scratch) }
        let warned = try command(arguments, environment, in: scratch)
        #expect(warned.succeeded, "\(warned.errors)")
        for file in Self.volume.keys {
            #expect(warned.output.contains("\(scratch.path)/\(files)/\(file) may be written by the members of"))
        }
        // On a mount that can be written to, its own folder would let anybody turn `..data` elsewhere.
        try setMode(0o1777, "etc", in: scratch)
        let refused = try command(arguments, environment, in: scratch)
        #expect(refused.end == .exited(78) && refused.errors.contains("run chmod o-w \(scratch.path)/etc"))
    }

    @Test(
        "On a mount that nobody can write to, what belongs to root passes whatever its permissions say",
        .enabled(if: isRoot, "only root mounts"), arguments: [0o777, 0o1777, 0o2775])
    func readOnlyMount(_ mode: Int) throws {
        let scratch = try stage()
        try mountVolume("etc", Self.volume, mode: 0o664, in: scratch)
        try setMode(mode, "etc", in: scratch)
        let mounting = "mount --bind etc etc && mount -o remount,bind,ro etc"
        let shell = ["-m", "sh", "-c", "\(mounting) || exit 99; exec \"$0\" tools --env-file etc/toolhost.env"]
        let environment = HostOptions(environment: [
            "MCP_AUTH_MODE": "api-key", "MCP_API_KEYS_FILE": "etc/keys", "FILES_GROUP_WRITABLE": "refuse",
        ]).environment(in: scratch)
        let result = try run(
            "/usr/bin/unshare", shell + [Setup.executable], environment: environment, directory: scratch.path)
        // Containers of continuous integration may not mount; the rule itself has its unit tests.
        if result.end == .exited(99) || result.errors.contains("unshare failed") { return }
        #expect(result.succeeded, "\(result.output) \(result.errors)")
    }
}
