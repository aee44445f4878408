// A trial is passed by telling what the pack describes, and by nothing else; whatever a pack does there stays there.

import Foundation
import JSON
import Testing

@Suite("Trials")
struct TrialTests {
    struct Row: CustomTestStringConvertible {
        var pack: String
        var words: [String]
        var testDescription: String { pack }

        init(_ pack: String, _ words: String...) { (self.pack, self.words) = (pack, words) }
    }

    static let rows = [
        Row("exit_constructor", "exit code 0 before it was described"),
        Row("exit_at_once_constructor", "exit code 0 before it was described"),
        Row("exit_quickly_constructor", "exit code 0 before it was described"),
        Row("exit_entry", "exit code 0 before it was described"),
        Row("close_descriptors", "closed or replaced a descriptor of the host's"),
        Row("forge_descriptors", "wrote to a descriptor of the host's"),
        Row("crash_constructor", "signal 11"),
        Row("last_words", "exit code 9", "it wrote: line", "\\x1b[2Jthe licence caf\\xe9 is missing"),
        Row("sanitized", "ASan runtime", "LD_PRELOAD", "-fsanitize=address"),
    ]

    private func toolhost(
        _ arguments: String..., packs: [PackSource], environment: [String: String] = [:], prefix: [String] = []
    ) throws -> Finished {
        let scratch = try Scratch()
        let options = HostOptions(packs: packs, environment: environment)
        try options.stage(in: scratch)
        let command = try prefix + [Setup.executable] + arguments
        return try run(
            command[0], Array(command.dropFirst()), environment: options.environment(in: scratch),
            directory: scratch.path)
    }

    @Test("serve refuses the pack by name, with the reason and its last words, and serves the others", arguments: rows)
    func serve(_ row: Row) throws {
        try RunningHost.with(HostOptions(packs: ["good", .fixture(row.pack, as: "a_bad")])) { host throws in
            #expect(try host.call("echo").status == 200)
            let line = try #require(host.logLine { $0["file"] == "a_bad.so" })
            #expect(line["message"] == "pack refused")
            for words in row.words { #expect(line["reason"]?.string?.contains(words) == true, "\(line)") }
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("tools, its JSON, openapi and doctor name it, too, and go on", arguments: rows)
    func commands(_ row: Row) throws {
        let packs: [PackSource] = ["good", .fixture(row.pack, as: "a_bad")]
        let text = try toolhost("tools", packs: packs)
        #expect(text.end == .exited(1) && text.errors.isEmpty, "\(text)")
        #expect(text.output.contains("echo_worker"))
        for words in row.words { #expect(text.output.contains("a_bad.so: ") && text.output.contains(words), "\(text)") }
        let json = try toolhost("tools", "--json", packs: packs)
        #expect(json.end == .exited(1))
        #expect(try JSONValue(parsing: json.output)["refused"]?[0]?["file"] == "a_bad.so")
        let document = try toolhost("openapi", packs: packs)
        #expect(document.succeeded)
        #expect(try JSONValue(parsing: document.output)["paths"]?["/tools/echo"] != nil)
        let doctor = try toolhost("doctor", packs: packs)
        #expect(doctor.end != .exited(0) || doctor.output.contains("documents"))
        #expect(doctor.output.contains("packs: a_bad.so is refused: "), "\(doctor)")
    }

    @Test("inspect says it of the file alone", arguments: rows)
    func inspect(_ row: Row) throws {
        let path = try "\(Setup.fixtures)/\(row.pack).so"
        let text = try run(Setup.executable, ["inspect", path])
        #expect(text.end == .exited(1) && text.errors.isEmpty)
        for words in row.words { #expect(text.output.contains(words), "\(text)") }
        let json = try run(Setup.executable, ["inspect", "--json", path])
        #expect(json.end == .exited(1))
        #expect(try JSONValue(parsing: json.output)["problems"]?.array?.count == 1)
    }

    @Test("What a constructor prints stands in nobody's output, and keeps no pack from being served")
    func printing() throws {
        let packs: [PackSource] = ["print_constructor"]
        let json = try toolhost("tools", "--json", packs: packs)
        #expect(json.succeeded && json.errors.isEmpty)
        #expect(try JSONValue(parsing: json.output)["packs"]?[0]?["id"] == "print-constructor")
        let text = try toolhost("tools", packs: packs)
        #expect(text.output.hasPrefix("print_constructor.so: ") && text.errors.isEmpty)
        let report = try run(Setup.executable, ["inspect", "--json", "\(Setup.fixtures)/print_constructor.so"])
        #expect(try report.succeeded && JSONValue(parsing: report.output)["id"] == "print-constructor")
        #expect(try JSONValue(parsing: toolhost("openapi", packs: packs).output)["paths"] != nil)
    }

    @Test("A pack that ends the process only where it is served does nothing to the commands that look")
    func servedOnly() throws {
        let result = try toolhost("tools", packs: ["exit_when_served"])
        #expect(result.succeeded && result.output.contains("exit-when-served"), "\(result)")
    }

    @Test("A pack that describes itself differently each time is refused")
    func changing() throws {
        try RunningHost.with(HostOptions(packs: ["good", "changing"], isolation: .host)) { host throws in
            #expect(host.logSays("changing.so", "describes itself differently"))
            #expect(try host.call("echo").status == 200)
        }
    }

    @Test("Names that look like options are names", arguments: ["-rf.so", "--help.so", "--host.so", "-.so"])
    func optionLikeNames(_ name: String) throws {
        let stem = String(name.dropLast(3))
        let result = try toolhost("tools", packs: [.fixture("good", as: stem)])
        #expect(result.succeeded && result.output.hasPrefix("\(name): good"), "\(result)")
        try RunningHost.with(HostOptions(packs: [.fixture("good", as: stem)])) { host throws in
            #expect(try host.call("echo").status == 200)
        }
        let scratch = try Scratch()
        try HostOptions(packs: [.fixture("good", as: stem)]).stage(in: scratch)
        for arguments in [["inspect", "--", name], ["inspect", "./\(name)"]] {
            let report = try run(Setup.executable, arguments, directory: scratch.path + "/plugins.d")
            #expect(report.succeeded && report.output.hasPrefix("\(name): good"), "\(report)")
        }
    }

    @Test("inspect shows a name that is no text byte by byte, and how to rename the file")
    func nameThatIsNoText() throws {
        let scratch = try Scratch()
        let script = "cp \(try Setup.fixtures)/good.so $'caf\\xe9\\'s.so'; exec \"$0\" inspect $'./caf\\xe9\\'s.so' $1"
        for option in [[], ["--json"]] {
            let report = try run(
                "/bin/bash", ["-c", script, Setup.executable] + option, directory: scratch.path)
            #expect(report.end == .exited(1))
            #expect(report.output.contains("not UTF-8"), "\(report)")
            // In JSON a backslash stands twice.
            let command = "mv -- $'./caf\\xe9\\'s.so' NAME.so"
            let shown = option.isEmpty ? command : command.replacing("\\", with: "\\\\")
            #expect(report.output.contains(shown), "\(report)")
            #expect(!report.output.contains("No such file"))
        }
    }

    @Test("A trial has no descriptor of the host's, signals as they are by default, and leaves no child behind")
    func surroundings() throws {
        let scratch = try Scratch()
        let notes = scratch.path + "/notes"
        try HostOptions(packs: ["surroundings"]).stage(in: scratch)
        // Started with signals ignored and blocked, and with a descriptor that belongs to somebody else.
        let script = "trap '' USR1 HUP; exec 7</etc/hostname; exec \"$0\" tools"
        let options = HostOptions(environment: ["SURROUNDINGS": notes, "PACK_SANDBOX": "off"])
        let result = try run(
            "/bin/bash", ["-c", script, Setup.executable], environment: options.environment(in: scratch),
            directory: scratch.path)
        #expect(result.succeeded, "\(result)")
        let lines = scratch.text("notes").split(separator: "\n").map(String.init)
        let open = lines.filter { $0.hasPrefix("descriptor ") }
        let kinds = open.map { line in line.split(separator: " ").prefix(3).joined(separator: " ") }
        #expect(open.count == 4, "\(lines)")
        for (number, kind) in [(0, "/dev/null"), (1, "pipe:"), (2, "pipe:"), (4, "pipe:")] {
            #expect(kinds.contains { $0.hasPrefix("descriptor \(number) \(kind)") }, "\(lines)")
        }
        for name in ["SigBlk:", "SigIgn:"] {
            let mask = try #require(lines.first { $0.hasPrefix(name) }).dropFirst(name.count)
            // But for SIGPIPE and SIGXFSZ, which the program ignores, and 32 and 33, which belong to the C library.
            let set = try #require(UInt64(mask.drop { $0 == "\t" }, radix: 16))
            #expect(set & ~0x1_8100_1000 == 0, "\(lines)")
        }
        let number = { (name: String) in
            lines.first { $0.hasPrefix(name) }.flatMap { pid_t($0.dropFirst(name.count)) }
        }
        let (process, child) = (try #require(number("process ")), try #require(number("child ")))
        // A child whose parent is gone is reaped by whoever has it then: it is over where it is no more than a name.
        #expect(eventually { isOver(process) && isOver(child) })
    }

    private func isOver(_ process: pid_t) -> Bool {
        guard let status = SystemFile.bytes("/proc/\(process)/stat") else { return true }
        return String(decoding: status, as: UTF8.self).contains(") Z ")
    }

    @Test("Who starts the host with the ends of children ignored gets the same words, but for the exit code")
    func ignoredEnds() throws {
        let prefix = ["/usr/bin/env", "--ignore-signal=CHLD"]
        let good = try toolhost("tools", packs: ["good"], prefix: prefix)
        #expect(good.succeeded && good.output.contains("echo_worker"), "\(good)")
        let bad = try toolhost("tools", packs: ["good", "exit_constructor"], prefix: prefix)
        #expect(bad.end == .exited(1), "\(bad)")
        #expect(bad.output.contains("exit_constructor.so: ended its process"), "\(bad)")
    }

    @Test("A trial ends with the host")
    func hostThatIsKilled() throws {
        let scratch = try Scratch()
        let options = HostOptions(
            packs: ["surroundings", "hang_entry"],
            environment: ["SURROUNDINGS": scratch.path + "/n", "PACK_SANDBOX": "off"])
        try options.stage(in: scratch)
        let host = try ChildProcess(
            Setup.executable, ["tools"], environment: options.environment(in: scratch), directory: scratch.path,
            output: scratch.path + "/output", errors: scratch.path + "/errors")
        func trials() -> [pid_t] {
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return all.compactMap { pid_t($0) }.filter { process in
                SystemFile.text("/proc/\(process)/cmdline").contains("--host\0\(host.id)\0") && !isOver(process)
            }
        }
        #expect(eventually { trials().count == 1 && scratch.text("n").contains("child") })
        host.signal(SIGKILL)
        _ = host.wait()
        #expect(eventually { trials().isEmpty })
    }

    @Test("probe by hand says what to use instead")
    func byHand() throws {
        let result = try run(Setup.executable, ["probe", "--host", "1", "a", "b"])
        #expect(result.end == .exited(64) && result.errors.contains("toolhost inspect"))
    }
}
