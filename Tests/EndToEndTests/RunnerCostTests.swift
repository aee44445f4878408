// What a pack in a process of its own costs the host: descriptors, memory maps, threads; and that all come back.

import Foundation
import Glibc
import Testing

@Suite("Cost of runners") struct RunnerCostTests {
    private static let loops = 2
    /// What docs/operating.md says: eight, and one for each event loop.
    private static let descriptors = 8 + loops
    private static let restarts = 50

    /// What a host has at one moment.
    private struct Belongings: Equatable {
        var descriptors: Int
        /// Of memory that is shared with packs.
        var maps: Int
        var threads: Int
        /// Children that ended and that nobody has waited for.
        var zombies: Int

        init(of host: RunningHost) {
            let folder = "/proc/\(host.process.id)"
            func names(_ path: String) -> [String] {
                (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            }
            descriptors = names(folder + "/fd").count
            maps = SystemFile.text(folder + "/maps").split(separator: "\n").count { $0.contains("toolhost-pack") }
            threads = names(folder + "/task").count
            zombies = names("/proc").count { name in
                guard pid_t(name) != nil else { return false }
                // `PID (NAME) STATE PARENT …`; a name may have spaces.
                let stat = SystemFile.text("/proc/\(name)/stat")
                let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
                return fields.count > 1 && fields[0] == "Z" && fields[1] == "\(host.process.id)"
            }
        }
    }

    private func options(_ packs: [PackSource]) -> HostOptions {
        // Nothing is open in the host that these tests happen to have open.
        let script = """
            for file in /proc/$$/fd/*; do
                if [ "${file##*/}" -gt 2 ]; then eval "exec ${file##*/}>&-"; fi
            done
            exec "$@"
            """
        return HostOptions(
            packs: packs,
            environment: [
                "PACK_RESTART_DELAYS": "0", "PACK_RESTART_LIMIT": "off", "HTTP_EVENT_LOOPS": "\(Self.loops)",
            ], isolation: .process, wrapper: ["/bin/bash", "-c", script, "bash"])
    }

    @Test("A pack costs so many descriptors, one memory map and one thread")
    func cost() throws {
        let one = try RunningHost(options(["good"]))
        defer { one.stop() }
        let two = try RunningHost(options(["good", "crash"]))
        defer { two.stop() }
        var (less, more) = (Belongings(of: one), Belongings(of: two))
        // What the start needed goes in its own time.
        _ = eventually {
            (less, more) = (Belongings(of: one), Belongings(of: two))
            return more.descriptors == less.descriptors + Self.descriptors && more.threads == less.threads + 1
        }
        #expect(more.descriptors == less.descriptors + Self.descriptors)
        #expect(less.maps == 1 && more.maps == 2)
        #expect(more.threads == less.threads + 1)
    }

    @Test("After 50 restarts, by hand and after kills, a host has what it had")
    func restarts() throws {
        try RunningHost.with(options(["good", "crash"])) { host throws in
            #expect(try host.call("end_process").status == 200)
            var before = Belongings(of: host)
            // What the first call needed goes in its own time.
            _ = eventually(within: .seconds(3)) {
                defer { before = Belongings(of: host) }
                return before == Belongings(of: host)
            }
            for number in 1...Self.restarts {
                let process = try #require(host.runner("crash"))
                if number % 2 == 0 {
                    #expect(try host.toolhost(["pack", "restart", "crash"]).succeeded)
                } else {
                    kill(process, SIGKILL)
                }
                let isNew = try eventually {
                    guard let other = host.runner("crash"), other != process else { return false }
                    return try host.call("end_process").status == 200
                }
                try #require(isNew, "it does not come back after restart \(number): \(host.log.suffix(3))")
            }
            var after = Belongings(of: host)
            _ = eventually {
                after = Belongings(of: host)
                // Threads that have nothing to do end after a while.
                after.threads = max(after.threads, before.threads)
                return after == before
            }
            #expect(after == before)
        }
    }
}
