// As a user who may have few threads: a host says so and does not start, or it serves.

import Glibc
import JSON
import Testing

@Suite("Few threads", .enabled(if: getuid() == 0, "only root can become another user, and is bound by no limit itself"))
struct ThreadShortageTests {
    /// A user of its own, whom nothing else on the machine runs as, and what that user may read.
    private func scratch(user: Int) throws -> (Scratch, HostOptions) {
        let scratch = try Scratch()
        var options = HostOptions(
            environment: ["HTTP_EVENT_LOOPS": "2", "TOOL_WORKERS": "8", "TOOL_PACK_WORKERS": "4"], isolation: .host)
        try options.stage(in: scratch)
        try scratch.makeFolder("var")
        #expect(unsafe chown(scratch.path + "/var", uid_t(user), gid_t(user)) == 0)
        #expect(unsafe chmod(scratch.path, 0o755) == 0)
        options.executable = try scratch.copyHost()
        return (scratch, options)
    }

    private func wrapper(_ user: Int, threads: Int) -> [String] {
        [
            "/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "/usr/bin/prlimit",
            "--nproc=\(threads):\(threads)",
        ]
    }

    @Test("Too few threads: it ends with exit code 1 and says what to raise", arguments: 1...9)
    func tooFew(_ threads: Int) throws {
        let user = 1_700_000 + Int(getpid()) % 100_000 * 16 + threads
        var (scratch, options) = try scratch(user: user)
        options.wrapper = wrapper(user, threads: threads)
        let fault = #expect(throws: RunningHost.NotServing.self) { _ = try RunningHost(options, in: scratch) }
        let told = try #require(fault?.description)
        #expect(told.contains("exited(1)"), "\(told)")
        for words in ["ulimit -u, now \(threads)", "threads", "TasksMax=", "pids.max"] {
            #expect(told.contains(words), "\(told)")
        }
    }

    @Test("Fewer threads than workers: it says so and serves, and obeys SIGTERM", arguments: [14, 16, 20])
    func few(_ threads: Int) throws {
        let user = 1_700_000 + Int(getpid()) % 100_000 * 16 + threads
        var (scratch, options) = try scratch(user: user)
        options.wrapper = wrapper(user, threads: threads)
        let host = try RunningHost(options, in: scratch)
        for _ in 1...20 { #expect(try host.call("echo_worker").status == 200) }
        #expect(try host.get("/health").status == 200)
        if threads < 18 { #expect(host.logSays("TOOL_WORKERS", "ulimit -u, now \(threads)")) }
        #expect(host.stop() == .exited(0))
    }

    @Test("Threads that are gone later: calls wait for those there are, one line says so, and one when it is over")
    func later() throws {
        let user = 1_700_000 + Int(getpid()) % 100_000 * 16
        var (scratch, options) = try scratch(user: user)
        options.wrapper = wrapper(user, threads: 60)
        let host = try RunningHost(options, in: scratch)
        defer { host.stop() }
        #expect(try host.call("echo").status == 200)
        // Other processes of the same user take all that is left.
        let command = wrapper(user, threads: 60) + ["/usr/bin/python3", "-c", Self.greed]
        let greedy = try ChildProcess(
            command[0], Array(command.dropFirst()), environment: Scratch.plainEnvironment, directory: "/",
            output: scratch.path + "/greedy", errors: scratch.path + "/greedy")
        #expect(eventually { scratch.text("greedy").contains("threads") }, "\(scratch.text("greedy"))")
        let body = #"{"milliseconds":300}"#
        let open = try (0..<4).map { _ in try host.connect() }
        for connection in open {
            try connection.send(host.callHead("echo_worker", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        }
        for connection in open { #expect(try connection.response().status == 200) }
        #expect(host.logSays("the system gives no more threads", "tool-worker"))
        #expect(host.log.filter { $0.description.contains("gives no more threads") }.count == 1)
        greedy.signal(SIGKILL)
        #expect(host.logSays("threads are not lacking any more", "failed"))
        for _ in 1...8 { #expect(try host.call("echo_worker").status == 200) }
    }

    /// Takes every thread that its user may have.
    private static let greed = """
        import threading, time
        threading.stack_size(65536)
        count = 0
        try:
            while True:
                threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
                count += 1
        except RuntimeError:
            print(count, "threads", flush=True)
        time.sleep(600)
        """
}
