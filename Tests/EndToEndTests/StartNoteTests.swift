// A pack that ends every start of its host is left out after the second time, and nobody else ever is.

import Foundation
import JSON
import Testing

@Suite("Packs that end a start")
struct StartNoteTests {
    /// A plugins folder with the pack between two good ones.
    private final class Deployment {
        let scratch: Scratch
        var how: String
        var environment: [String: String]

        init(_ how: String, pack: String = "end_start", environment: [String: String] = [:]) throws {
            scratch = try Scratch()
            self.how = how
            self.environment = environment
            try HostOptions(packs: ["good", .fixture(pack, as: "ends"), "newer_minor"]).stage(in: scratch)
        }

        var options: HostOptions {
            // A start that hangs is given up late enough to be ended by somebody else.
            HostOptions(
                environment: ["FIXTURE_HOW": how, "TOOL_START_TIMEOUT": "20s"].merging(environment) { $1 },
                isolation: .host)
        }

        func start() throws -> ChildProcess {
            try? FileManager.default.removeItem(atPath: scratch.path + "/log")
            return try ChildProcess(
                Setup.executable, ["serve"], environment: options.environment(in: scratch), directory: scratch.path,
                output: scratch.path + "/output", errors: scratch.path + "/log")
        }

        /// Starts a host that does not get as far as to listen.
        func startThatEnds() throws -> ChildProcess.End? {
            let end = try start().wait()
            #expect(!scratch.text("log").contains("listening"))
            return end
        }

        /// Whether a start serves the pack, and that it serves the others.
        func serves() throws -> Bool {
            try RunningHost.with(options, in: scratch) { host throws in
                #expect(try host.call("echo").status == 200)
                return try host.call("end_start").status == 200
            }
        }

        func tools() throws -> Finished {
            try run(
                Setup.executable, ["tools"], environment: options.environment(in: scratch), directory: scratch.path)
        }

        var notes: [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: scratch.path + "/var/starts")) ?? []).map {
                scratch.path + "/var/starts/" + $0
            }
        }
    }

    struct Row: CustomTestStringConvertible {
        var how: String
        var end: ChildProcess.End
        var word: String
        var testDescription: String { how }
    }

    static let rows = [
        Row(how: "fault", end: .signalled(11), word: "SIGSEGV"),
        Row(how: "thread fault", end: .signalled(11), word: "SIGSEGV"),
        Row(how: "abort", end: .signalled(6), word: "SIGABRT"),
        Row(how: "exit", end: .exited(71), word: "exit"),
        Row(how: "exit at once", end: .exited(71), word: "exit"),
        Row(how: "exit quickly", end: .exited(71), word: "exit"),
        Row(how: "raise", end: .exited(71), word: "a signal to itself"),
    ]

    @Test("Twice in a row are enough; the line names the file to delete, and the others are served", arguments: rows)
    func leftOut(_ row: Row) throws {
        let deployment = try Deployment(row.how)
        for _ in 1...2 {
            #expect(try deployment.tools().succeeded)
            #expect(try deployment.startThatEnds() == row.end)
        }
        #expect(try !deployment.serves())
        let note = try #require(deployment.notes.first)
        let lines = deployment.scratch.text("log").split(separator: "\n")
        let line = try #require(lines.first { $0.contains("pack refused") })
        for words in ["ends.so", "2 times in a row (\(row.word), \(row.word))", "rm \(note)"] {
            #expect(line.contains(words), "\(line)")
        }
        // As often as one likes.
        #expect(try !deployment.serves())
        let tools = try deployment.tools()
        #expect(tools.end == .exited(1) && tools.output.contains("rm \(note)"), "\(tools)")
        let doctor = try run(
            Setup.executable, ["doctor"], environment: deployment.options.environment(in: deployment.scratch),
            directory: deployment.scratch.path)
        #expect(doctor.output.contains("rm \(note)"), "\(doctor)")
        #expect(deployment.notes == [note])
        // And until somebody says otherwise.
        try FileManager.default.removeItem(atPath: note)
        #expect(try deployment.startThatEnds() == row.end)
    }

    @Test("A pack that hangs when it is loaded to be served ends two starts in time, and is left out of the third")
    func hangsWhenLoaded() throws {
        let scratch = try Scratch()
        let options = HostOptions(
            packs: ["good", "hang_when_served"], environment: ["TOOL_START_TIMEOUT": "1s"], isolation: .host)
        try options.stage(in: scratch)
        for _ in 1...2 {
            let end = try run(
                Setup.executable, ["serve"], environment: options.environment(in: scratch), directory: scratch.path)
            #expect(end.end == .exited(71))
            #expect(end.errors.contains("a pack hangs while it is loaded"))
            #expect(end.errors.contains("hang_when_served.so"))
        }
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(try host.call("echo").status == 200)
            #expect(host.log.contains { $0["file"] == "hang_when_served.so" && $0["message"] == "pack refused" })
        }
    }

    @Test("Another file, another YAML or another configuration is another attempt")
    func changes() throws {
        for change in ["file", "yaml", "configuration"] {
            let deployment = try Deployment("exit")
            for _ in 1...2 { _ = try deployment.startThatEnds() }
            #expect(try !deployment.serves())
            switch change {
            case "file":
                let path = try Setup.fixtures + "/end_start.so"
                let bytes = try #require(FileManager.default.contents(atPath: path))
                try deployment.scratch.write(Array(bytes) + [0], to: "plugins.d/ends.so", mode: 0o755)
                #expect(try deployment.startThatEnds() == .exited(71))
            case "yaml":
                try deployment.scratch.write("config: {how: nothing}\n", to: "plugins.d/ends.yaml")
                #expect(try deployment.serves())
            default:
                deployment.how = "nothing"
                #expect(try deployment.serves())
            }
        }
    }

    @Test("A start that ends well in between makes it one again")
    func notInARow() throws {
        let deployment = try Deployment("fault")
        _ = try deployment.startThatEnds()
        deployment.how = "nothing"
        #expect(try deployment.serves())
        #expect(deployment.notes == [])
        deployment.how = "fault"
        #expect(try deployment.startThatEnds() == .signalled(11))
        #expect(deployment.notes.count == 1)
        #expect(try deployment.startThatEnds() == .signalled(11))
        #expect(try !deployment.serves())
    }

    @Test("Whoever ends a host while a pack starts blames nobody", arguments: [SIGKILL, SIGSEGV, SIGABRT])
    func endedFromOutside(_ signal: Int32) throws {
        let deployment = try Deployment("wait")
        for _ in 1...3 {
            let host = try deployment.start()
            // Only the thread inside the one pack that does not come back is left.
            var threads: [pid_t] = []
            let isStarting = eventually {
                threads = threadsInStart(of: host)
                return threads.count == 1
            }
            #expect(isStarting)
            // That thread gets it.
            #expect(kill(threads[0], signal) == 0)
            #expect(host.wait() == .signalled(signal))
            #expect(deployment.notes == [])
        }
        deployment.how = "nothing"
        #expect(try deployment.serves())
    }

    private func threadsInStart(of host: ChildProcess) -> [pid_t] {
        let folder = "/proc/\(host.id)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return threads.compactMap { pid_t($0) }.filter { thread in
            SystemFile.text("\(folder)/\(thread)/comm") == "pack-start\n"
        }
    }

    @Test("A pack that kills the process by what also others send is not told from them")
    func killed() throws {
        let deployment = try Deployment("killed")
        for _ in 1...3 { #expect(try deployment.startThatEnds() == .signalled(SIGKILL)) }
        #expect(deployment.notes == [])
    }

    @Test("One that ends the process only when it is loaded to be served is left out, too")
    func load() throws {
        let deployment = try Deployment("", pack: "exit_when_served")
        for _ in 1...2 { #expect(try deployment.startThatEnds() == .exited(71)) }
        try RunningHost.with(deployment.options, in: deployment.scratch) { host throws in
            #expect(host.logSays("ends.so", "when it was loaded 2 times in a row (exit, exit)"))
            #expect(try host.call("echo").status == 200)
        }
        #expect(try deployment.tools().output.contains("when it was loaded"))
    }

    @Test("Another host on the same state folder does not know of it")
    func twoHosts() throws {
        let deployment = try Deployment("exit")
        for _ in 1...2 { _ = try deployment.startThatEnds() }
        #expect(try !deployment.serves())
        deployment.environment = ["MCP_SERVER_HOST": "127.0.0.2"]
        #expect(try deployment.startThatEnds() == .exited(71))
        #expect(deployment.notes.count == 2)
    }

    @Test("A state folder where nothing can be written, and notes that are damaged, keep nobody from starting")
    func damaged() throws {
        let deployment = try Deployment("exit")
        for _ in 1...2 { _ = try deployment.startThatEnds() }
        let note = try #require(deployment.notes.first)
        try Data("\u{0}\u{0}{\"file\":".utf8).write(to: URL(fileURLWithPath: note))
        #expect(try deployment.startThatEnds() == .exited(71))
        deployment.how = "nothing"
        #expect(try deployment.serves())
        // A file where the folder should be.
        try? FileManager.default.removeItem(atPath: deployment.scratch.path + "/var/starts")
        try deployment.scratch.write("", to: "var/starts")
        deployment.how = "exit"
        for _ in 1...3 { #expect(try deployment.startThatEnds() == .exited(71)) }
    }
}
