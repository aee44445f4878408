// What a pack may use up, in a process of its own: where it takes more it is ended, or told so by the system, and
// nobody else notices.

import Foundation
import Glibc
import JSON
import Testing

@Suite("Limits of packs") struct PackLimitTests {
    private func options(_ yaml: String, _ more: [String: String] = [:]) -> HostOptions {
        var options = HostOptions(
            packs: ["good", "greedy"], environment: ["PACK_RESTART_DELAYS": "0"].merging(more) { $1 },
            isolation: .process)
        options.policies = ["greedy": yaml]
        return options
    }

    private func take(_ host: RunningHost, _ what: String, _ count: Int, _ more: String = "") throws -> HTTPResponse {
        try host.call("take", #"{"what":"\#(what)","count":\#(count)\#(more)}"#)
    }

    private struct Excess: CustomTestStringConvertible {
        var what: String
        var count: Int
        var rate = 0
        var limit: String
        var yaml: String
        /// Of the log's reason.
        var words: [String]
        /// Of the answer.
        var message: String

        var testDescription: String { what }

        static let all = [
            Excess(
                what: "memory", count: 4000, rate: 500, limit: "memory", yaml: "memory: 96MiB\n",
                words: ["MiB of memory and may hold 96MiB", "`memory: 192MiB` in greedy.yaml", "PACK_MEMORY"],
                message: "more memory than it may"),
            Excess(
                what: "shared", count: 4000, rate: 500, limit: "memory", yaml: "memory: 96MiB\n",
                words: ["may hold 96MiB"], message: "more memory than it may"),
            Excess(
                what: "threads", count: 2000, limit: "threads", yaml: "threads: 40\n",
                words: ["threads and may have 40", "`threads: 80` in greedy.yaml", "PACK_THREADS"],
                message: "more threads than it may"),
        ]
    }

    @Test(
        "Beyond a bound the process is ended and started again, its callers hear why, and nobody else notices",
        arguments: Excess.all)
    private func excess(_ excess: Excess) throws {
        try RunningHost.with(options(excess.yaml)) { host throws in
            let other = try host.pack("good")
            let before = try host.pack("greedy")
            #expect(before["usage"]?["memory_bytes"]?.int64 ?? 0 > 0)
            // Root is bound by no count of the system's.
            if geteuid() == 0 { #expect(before["limits"]?["threads_held_by"] == "host") }
            let bound = try #require(before["limits"]?[excess.limit == "memory" ? "memory_bytes" : "threads"]?.int64)
            let connection = try host.connect()
            let body =
                #"{"what":"\#(excess.what)","count":\#(excess.count),"rate":\#(excess.rate),"milliseconds":9000}"#
            try connection.send(host.callHead("take", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
            for _ in 0..<20 { #expect(try host.call("echo").status == 200) }
            let answer = try connection.response()
            #expect(answer.status == 502 && answer.problem?["code"] == "pack_over_limit", "\(answer.text)")
            #expect(answer.problem?["detail"]?.string?.contains(excess.message) == true, "\(answer.text)")
            #expect(answer["Retry-After"] == nil)
            let line = try #require(host.logLine { $0["message"] == "the process of a pack ended" })
            let reason = line["reason"]?.string ?? ""
            #expect(line["limit"]?.string == excess.limit && line["level"] == "error" && line["tool"] == "take")
            #expect(line["signal"] == "SIGKILL" && line["requests"] != nil && line["pack"] == "greedy")
            for words in excess.words { #expect(reason.contains(words), "\(reason)") }
            #expect(try eventually { try take(host, "core", 0).status == 200 })
            let after = try host.pack("greedy")
            #expect(after["restart_count"] == 1 && after["pid"] != before["pid"])
            #expect(after["restarts"]?[0]?["reason"]?.string?.contains(excess.words[0]) == true, "\(after)")
            #expect(after["usage"]?[excess.limit == "memory" ? "memory_bytes" : "threads"]?.int64 ?? .max <= bound)
            let text = try host.toolhost(["status"]).output
            #expect(text.contains(excess.words[0]) && text.contains(" of "), "\(text)")
            #expect(try host.pack("good")["pid"] == other["pid"] && host.pack("good")["restart_count"] == 0)
        }
    }

    @Test("One that takes memory before it has described itself is refused, as are its later starts")
    func constructor() throws {
        var options = options("", ["PACK_MEMORY": "96MiB"])
        options.packs = ["good", "greedy_constructor"]
        options.policies = [:]
        try RunningHost.with(options) { host throws in
            let line = try #require(host.logLine { $0["message"] == "pack refused" })
            let reason = line["reason"]?.string ?? ""
            #expect(line["file"] == "greedy_constructor.so")
            #expect(reason.contains("may hold 96MiB") && reason.contains("in greedy_constructor.yaml"), "\(reason)")
            #expect(try host.call("echo").status == 200)
            #expect(eventually { RunningHost.runners(of: host.process.id).count == 1 })
            // In the trial of one that is to run inside the host, and of one that is only looked at, as well.
            let tools = try host.toolhost(["tools"], environment: ["PACK_MEMORY": "64MiB"])
            #expect(tools.output.contains("may hold 64MiB"), "\(tools.output)")
        }
    }

    @Test("A pack that brings its process beyond a bound again and again is given up, and its tool is kept out")
    func again() throws {
        try RunningHost.with(options("memory: 64MiB\n")) { host throws in
            for _ in 1...3 {
                #expect(try eventually { try take(host, "core", 0).status == 200 })
                #expect(try take(host, "memory", 4000, #","milliseconds":9000"#).problem?["code"] == "pack_over_limit")
            }
            #expect(try eventually { try host.pack("greedy")["quarantined_tools"] == ["take"] })
            #expect(try take(host, "core", 0).problem?["code"] == "tool_quarantined")
        }
    }

    @Test("Address space is nobody's memory, and the wall stands where allocations beyond twice the bound are")
    func reservations() throws {
        try RunningHost.with(options("memory: 64MiB\nthreads: 32\n")) { host throws in
            let runner = host.runner("greedy")
            for mebibytes in [1 << 10, 1 << 20, 16 << 20] {
                #expect(try take(host, "reserve", mebibytes).json?["taken"] == 1)
            }
            // 128 MiB and 32 stacks of 8; what it has already is not counted.
            #expect(try take(host, "wall", 120).json?["taken"] == 1)
            #expect(try take(host, "wall", 1000).json?["taken"] == 0)
            #expect(host.runner("greedy") == runner)
        }
    }

    @Test("The wall stands as well where threads have no bound")
    func wallWithoutABoundOfThreads() throws {
        try RunningHost.with(options("memory: 64MiB\nthreads: none\n")) { host throws in
            let runner = host.runner("greedy")
            // 32 GiB for the stacks of 4096 threads.
            for _ in 0..<60 { #expect(try take(host, "wall", 512).json?["taken"] == 1) }
            var isRefused = false
            for _ in 0..<12 where !isRefused { isRefused = try take(host, "wall", 512).json?["taken"] == 0 }
            #expect(isRefused)
            #expect(host.runner("greedy") == runner)
        }
    }

    @Test("A process that goes on without its first thread keeps to its bounds")
    func withoutItsFirstThread() throws {
        try RunningHost.with(options("memory: 96MiB\n")) { host throws in
            let runner = try #require(host.runner("greedy"))
            #expect(try take(host, "first thread", 1).json?["taken"] == 1)
            let state = "/proc/\(runner)/task/\(runner)/stat"
            #expect(
                eventually {
                    let text = SystemFile.text(state)
                    return text.split(separator: ")").last?.hasPrefix(" Z") == true
                })
            let answer = try take(host, "shared", 4000, #","rate":500"#)
            #expect(answer.status == 502 && answer.problem?["code"]?.string == "pack_over_limit", "\(answer)")
            #expect(try eventually { try take(host, "memory", 1).status == 200 })
        }
    }

    @Test("Without bounds there are none")
    func unbounded() throws {
        try RunningHost.with(options("sandbox: off\nmemory: none\nthreads: none\nfile_size: none\n")) { host throws in
            #expect(try take(host, "memory", 1100).json?["taken"] == 1100)
            #expect(try take(host, "threads", 300).json?["taken"] == 300)
            #expect(try take(host, "file", 3).json == ["taken": 3, "error": ""])
            let limits = try host.pack("greedy")["limits"]
            #expect(limits?["memory_bytes"] == .null && limits?["threads"] == .null)
            #expect(limits?["file_size_bytes"] == .null && limits?["open_files"] == 1024)
            // It is looked at ten times a second.
            #expect(try eventually { try host.pack("greedy")["usage"]?["threads"]?.int64 ?? 0 > 300 })
        }
    }

    @Test("Too many open files are an error of the pack's own, and nobody else's")
    func openFiles() throws {
        try RunningHost.with(options("open_files: 80\n")) { host throws in
            let answer = try take(host, "files", 200).json
            #expect(answer?["error"] == "EMFILE")
            #expect((40..<80).contains(answer?["taken"]?.int64 ?? 0), "\(String(describing: answer))")
            #expect(try take(host, "files", 10).json == ["taken": 10, "error": ""])
            #expect(try host.call("echo").status == 200)
        }
    }

    @Test("A file that would grow too large is an error of the pack's own")
    func fileSize() throws {
        try RunningHost.with(options("sandbox: off\nfile_size: 2621440\n")) { host throws in
            let runner = host.runner("greedy")
            #expect(try take(host, "file", 2).json == ["taken": 2, "error": ""])
            #expect(try take(host, "file", 5).json == ["taken": 2, "error": "EFBIG"])
            #expect(host.runner("greedy") == runner)
        }
    }

    @Test(
        "Core dumps are off, or kept",
        arguments: [("# nothing\n", 0), ("core_dumps: true\n", 1), ("core_dumps: false\n", 0)])
    func coreDumps(yaml: String, isKept: Int64) throws {
        var options = options(yaml)
        // As where nobody has asked for them, which is what makes the setting worth having.
        options.wrapper = ["/bin/sh", "-c", "ulimit -S -c 0 && exec \"$@\"", "sh"]
        try RunningHost.with(options) { host throws in
            #expect(try take(host, "core", 0).json?["taken"]?.int64 == isKept)
        }
    }

    @Test("The system ends a pack's process before it ends the host")
    func expendable() throws {
        func score(_ process: pid_t) throws -> Int? {
            let text = SystemFile.text("/proc/\(process)/oom_score_adj")
            return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        try RunningHost.with(options("# nothing\n")) { host throws in
            let runner = try #require(try host.runner("greedy").map { try score($0) })
            let own = try #require(try score(host.process.id))
            #expect(runner == min(1000, own + 500))
        }
    }

    @Test(
        "For a plain user the system itself holds a strict pack to its threads, where it can, and the host any other",
        arguments: ["standard", "strict"])
    func plainUser(level: String) throws {
        var options = options("threads: 40\nsandbox: \(level)\n")
        let scratch = try Scratch()
        try options.stage(in: scratch)
        if getuid() == 0 {
            let user = 1_800_000 + Int(getpid()) % 100_000
            options.executable = try scratch.copyHost()
            options.wrapper = ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
            #expect(try run("/usr/bin/chown", ["-R", "\(user):\(user)", scratch.path]).succeeded)
        }
        try RunningHost.with(options, in: scratch) { host throws in
            let pack = try host.pack("greedy")
            let answer = try take(host, "threads", 2000)
            if level == "standard" { #expect(pack["limits"]?["threads_held_by"] == "host") }
            if pack["limits"]?["threads_held_by"] == "system" {
                #expect((20..<40).contains(answer.json?["taken"]?.int64 ?? 0), "\(answer.text)")
                #expect(try host.pack("greedy")["pid"] == pack["pid"])
                // Each process has a count of its own.
                #expect(try host.pack("good")["usage"]?["threads"]?.int64 ?? 0 > 1)
            } else {
                if level == "strict" {
                    print("threads held by the system: not tried, since it gives this user no namespaces")
                }
                #expect(answer.problem?["code"] == "pack_over_limit", "\(answer.text)")
            }
        }
    }

    @Test("Bounds that leave the host's part no room refuse the pack and name the key")
    func tooTight() throws {
        try RunningHost.with(options("threads: 16\n", ["TOOL_PACK_WORKERS": "12"])) { host throws in
            #expect(host.logSays("pack refused", "greedy.so", "`threads:` in its YAML, or PACK_THREADS"))
            #expect(try host.call("echo").status == 200)
        }
    }
}
