// The host as the first process of a container, which inherits every process that loses its parent.

import Glibc
import JSON
import Testing

@Suite("The first process of a container", .enabled(if: geteuid() == 0, "namespaces of process ids need root"))
struct FirstProcessTests {
    /// The processes of a namespace that are dead and not taken, as its /proc shows them.
    private func dead(below id: pid_t) -> Int {
        let listing = try? run("/bin/ps", ["-o", "stat=", "--ppid", "\(id)"])
        return listing?.output.split(separator: "\n").count { $0.hasPrefix("Z") } ?? -1
    }

    /// The host itself, whose number in this namespace is not 1.
    private func child(of id: pid_t) -> pid_t? {
        let listing = try? run("/bin/ps", ["-o", "pid=", "--ppid", "\(id)"])
        return listing?.output.split(whereSeparator: \.isWhitespace).first.flatMap { pid_t($0) }
    }

    @Test("Orphans are taken, children of packs are left to them")
    func orphans() throws {
        let scratch = try Scratch()
        let options = HostOptions(
            packs: ["good", "orphans"], policies: ["orphans": "sandbox: {processes: true}\n"])
        try options.stage(in: scratch)
        let process = try ChildProcess(
            "/usr/bin/unshare", ["--pid", "--fork", "--mount-proc", "--kill-child", Setup.executable, "serve"],
            environment: options.environment(in: scratch), directory: scratch.path, output: scratch.path + "/output",
            errors: scratch.path + "/log")
        // Ends it where the test does not come to its end: with unshare goes the child.
        defer { process.signal(SIGKILL) }
        let host = try RunningHost(following: process, in: scratch, options)
        let first = try #require(child(of: process.id))
        #expect(try host.call("start_children", #"{"orphans":5}"#).status == 200)
        #expect(try host.call("start_children", #"{"own":1}"#).json?["known"] == true)
        #expect(try host.call("start_children", #"{"own":2,"wait":4500}"#).json?["known"] == true)
        #expect(try host.call("start_children", #"{"own":3}"#).json?["known"] == true)
        #expect(eventually { dead(below: first) == 0 })
        // unshare passes on no signal, but its child's exit code.
        kill(first, SIGTERM)
        #expect(process.wait() == .exited(0))
    }
}
