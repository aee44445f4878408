// How far packs are confined, as commands and the log tell an operator before and while they run.

import Foundation
import JSON
import Testing

@Suite("What operators see of confinement") struct ConfinementReportTests {
    /// A deployment with one pack, and what its YAML opens.
    private struct Place {
        let scratch: Scratch
        let options: HostOptions

        init(_ yaml: String? = nil, _ environment: [String: String] = [:]) throws {
            scratch = try Scratch()
            try scratch.makeFolder("models")
            try scratch.makeFolder("out")
            var options = HostOptions(environment: environment, isolation: nil)
            let folders = "read: [\(scratch.path)/models], write: [\(scratch.path)/out]"
            if let yaml { options.policies = ["good": yaml.replacing("FOLDERS", with: folders)] }
            self.options = options
            try options.stage(in: scratch)
        }

        func run(_ arguments: String...) throws -> Finished {
            try EndToEndTests.run(
                Setup.executable, arguments, environment: options.environment(in: scratch), directory: scratch.path)
        }

        func json(_ arguments: String...) throws -> JSONValue {
            let finished = try EndToEndTests.run(
                Setup.executable, arguments, environment: options.environment(in: scratch), directory: scratch.path)
            return try JSONValue(parsing: finished.output)
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var yaml: String?
        var environment: [String: String] = [:]
        var level: String
        /// Who says so.
        var source: String
        /// Lines below the pack's.
        var lines: [String] = []
        /// Of the warning that it is not confined, where it is not.
        var wayOut: String?
    }

    static let rows = [
        Row(testDescription: "nobody says", level: "standard", source: "PACK_SANDBOX"),
        Row(
            testDescription: "the deployment", environment: ["PACK_SANDBOX": "strict"], level: "strict",
            source: "PACK_SANDBOX"),
        Row(
            testDescription: "the file", yaml: "sandbox: {level: strict, network: unix, processes: true, FOLDERS}\n",
            environment: ["PACK_SANDBOX": "off"], level: "strict", source: "good.yaml",
            lines: [
                "/models: read (sandbox.read)", "/out: read-write (sandbox.write)", "sockets: unix (sandbox.network)",
                "may start processes (sandbox.processes)",
            ]),
        Row(
            testDescription: "off by the deployment", environment: ["PACK_SANDBOX": "off"], level: "off",
            source: "PACK_SANDBOX", wayOut: "PACK_SANDBOX is off; to confine it, unset it or set it to standard"),
        Row(
            testDescription: "off by the file", yaml: "sandbox: off\n", level: "off", source: "good.yaml",
            wayOut: "good.yaml says `sandbox: off`; to confine it, leave that out"),
        Row(
            testDescription: "inside the host by the file", yaml: "isolation: host\n", level: "off",
            source: "isolation: host in good.yaml",
            wayOut: "good.yaml says `isolation: host`; to confine it, leave that out"),
        Row(
            testDescription: "inside the host by the deployment", environment: ["PACK_ISOLATION": "host"], level: "off",
            source: "PACK_ISOLATION=host", wayOut: "PACK_ISOLATION=host has it run inside the host; to confine it"),
    ]

    @Test("tools, inspect and doctor show what holds for the pack in this deployment", arguments: rows)
    func commands(_ row: Row) throws {
        let place = try Place(row.yaml, row.environment)
        let warning = "pack good.so is not confined, so that it may do whatever the host's user may: "
        let tools = try place.run("tools")
        #expect(tools.output.contains(", sandbox: \(row.level)\n"), "\(tools)")
        let inspect = try place.run("inspect", "plugins.d/good.so")
        #expect(inspect.succeeded && inspect.output.contains("\n  sandbox: \(row.level) (\(row.source))"), "\(inspect)")
        #expect(inspect.output.contains(", here files ") == (row.level != "off"), "\(inspect)")
        #expect(inspect.output.contains(" sockets ") == (row.level == "strict"), "\(inspect)")
        let doctor = try place.run("doctor")
        #expect(
            doctor.output.contains("sandbox: \(row.level) (good.so), ") == (row.level != "off"), "\(doctor.output)")
        for finished in [tools, inspect, doctor] {
            #expect(finished.output.contains(warning) == (row.wayOut != nil), "\(finished.output)")
            if let wayOut = row.wayOut { #expect(finished.output.contains(warning + wayOut), "\(finished.output)") }
        }
        for finished in [tools, inspect] {
            for line in row.lines { #expect(finished.output.contains(line), "\(line) is not in \(finished.output)") }
        }
        let listed = try #require(try place.json("tools", "--json")["packs"]?[0]?["sandbox"])
        let looked = try #require(try place.json("inspect", "--json", "plugins.d/good.so")["sandbox"])
        for object in [listed, looked] {
            #expect(object["level"]?.string == row.level && object["said_by"]?.string == row.source, "\(object)")
            #expect(object["read"]?.array?.count == (row.lines.isEmpty ? 0 : 1), "\(object)")
            #expect(object["write"]?.array?.count == (row.lines.isEmpty ? 0 : 1), "\(object)")
        }
        #expect((looked["layers"]?["files"] != nil) == (row.level != "off"))
    }

    @Test("What an older kernel would hold shows for each level")
    func older() throws {
        let place = try Place("sandbox: strict\n", ["PACK_SANDBOX_ABI": "0"])
        for finished in try [place.run("inspect", "plugins.d/good.so"), place.run("doctor")] {
            #expect(finished.output.contains("files missing (no Landlock (PACK_SANDBOX_ABI=0))"), "\(finished.output)")
            #expect(
                finished.output.contains("processes partly (open are the files of others in /proc; no Landlock"),
                "\(finished.output)")
        }
    }

    @Test("A file beside a pack that makes no sense is a problem of the pack", arguments: ["sandbox: strictly\n", ""])
    func wrong(_ yaml: String) throws {
        let inspect = try Place(yaml).run("inspect", "plugins.d/good.so")
        #expect(inspect.end == .exited(1) && inspect.output.contains("good.so: good.yaml"), "\(inspect)")
    }

    @Test("A start says which packs are not confined, in one line for each reason")
    func start() throws {
        var options = HostOptions(
            packs: ["good", "newer_minor", "config"], environment: ["PACK_SANDBOX": "off"], isolation: .process)
        options.policies = ["newer_minor": "sandbox: standard\n"]
        try RunningHost.with(options) { host throws in
            let lines = host.log.filter { $0["message"]?.string?.contains("not confined") == true }
            #expect(lines.count == 1 && lines[0]["level"] == "warning", "\(lines)")
            #expect(
                lines[0]["message"]?.string?.hasPrefix("packs config.so, good.so are not confined, so that they")
                    == true,
                "\(lines)")
        }
    }

    @Test(
        "inspect keeps from a file what the host has as its own where the environment says, not in the working folder")
    func hidden() throws {
        let scratch = try Scratch()
        let options = HostOptions(
            packs: [],
            environment: [
                "STATE_DIR": scratch.path + "/elsewhere/state", "PLUGINS_DIR": scratch.path + "/elsewhere/packs",
            ], isolation: .process)
        for name in ["var", "elsewhere/state", "elsewhere/packs"] { try scratch.makeFolder(name) }
        for name in ["elsewhere/state/secret", "elsewhere/packs/orders.yaml", "var/mine"] {
            try scratch.write("text\n", to: name)
        }
        func deed(_ name: String, _ outcome: BreakoutDeed.Outcome) -> EarlyDeed {
            EarlyDeed(what: "read", members: #""path":"\#(scratch.path)/\#(name)""#, confined: outcome)
        }
        let deeds = [
            deed("elsewhere/state/secret", .file), deed("elsewhere/packs/orders.yaml", .file), deed("var/mine", .done),
        ]
        try scratch.write(
            EarlyDeed.pack(deeds + [EarlyDeed(what: "tell and end", confined: .done)]), to: "breakout.so", mode: 0o755)
        let told = try run(
            Setup.executable, ["inspect", "breakout.so"], environment: options.environment(in: scratch),
            directory: scratch.path)
        let place = try #require(told.output.range(of: #"it wrote: {"deeds":["#), "\(told)")
        let text = told.output[told.output.index(place.upperBound, offsetBy: -10)...]
        let results = try #require(text.range(of: "]}")).upperBound
        let list = try JSONValue(parsing: String(text[..<results]))["deeds"]?.array ?? []
        #expect(list.count == deeds.count, "\(told)")
        for (deed, result) in zip(deeds, list.map(BreakoutWorld.result)) {
            switch (deed.confined, result) {
            case (.done, .done): break
            case (.refused(let reasons), .refused(let reason)): #expect(reasons.contains(reason), "\(deed): \(result)")
            case (let outcome, _): Issue.record("\(deed): \(result), not \(outcome)")
            }
        }
    }
}
