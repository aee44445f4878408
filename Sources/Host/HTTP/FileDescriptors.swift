// Connections need file descriptors, and most systems give a process few unless it asks for more.

import Glibc
import HostBase

/// What the limit on open files (`RLIMIT_NOFILE`) leaves for connections; a value.
public struct FileDescriptors: Sendable, Equatable {
    /// The soft limit.
    var limit: Int
    /// How many are open.
    var open: Int

    /// Kept free for packs: their files, the store, their requests to other services.
    private static let mostForPacks = 256
    /// Event loops hold three each: what they wait with, what wakes them and their clock.
    private static let perLoop = 3
    /// What the host opens before it serves, beside its event loops.
    private static let forStart = 15
    /// What it opens last: its socket, the spare ones, an operator who asks, and a file that it reads while it serves.
    private static let forService = 5 + SpareDescriptors.count
    /// Fewer connections than this are no service.
    static let fewestConnections = 8

    /// How many connections there is room for, at most `wanted`; below one where there is none.
    ///
    /// A quarter of what is free is left to packs, and 256 at most: what they hold already is open.
    ///
    /// - Parameter loops: event loops that are still to be made; 0 when all has started but the service itself.
    func connections(wanted: Int, loops: Int) -> Int {
        let free = limit - open - Self.own(loops)
        return min(wanted, free - min(Self.mostForPacks, free / 4))
    }

    /// The limit with which `connections` says this many.
    func limit(for connections: Int, loops: Int) -> Int {
        open + Self.own(loops) + connections + min(Self.mostForPacks, (connections + 2) / 3)
    }

    private static func own(_ loops: Int) -> Int {
        forService + (loops > 0 ? forStart + loops * perLoop : 0)
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// What this process has, now.
    static var current: FileDescriptors {
        var limit = rlimit()
        unsafe getrlimit(resource, &limit)
        // The folder itself is among them for as long as it is read.
        let open = (try? FileStatus.names(in: "/proc/self/fd")).map { $0.count - 1 } ?? 16
        return FileDescriptors(limit: Int(clamping: limit.rlim_cur), open: open)
    }

    /// Raises the soft limit to `wanted`, or as far as the hard one allows. It is never lowered.
    static func raise(to wanted: Int) {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(wanted) else { return }
        limit.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
        unsafe setrlimit(resource, &limit)
    }

    /// How many of the connections there is room for beside what the packs hold by now, and what to tell of it.
    public static func settle(_ connections: Int) -> (connections: Int, warning: String?) {
        raise(to: current.limit(for: connections, loops: 0))
        let now = current
        let room = max(1, now.connections(wanted: connections, loops: 0))
        guard room < connections else { return (connections, nil) }
        return (
            room,
            "HTTP_MAX_CONNECTIONS is lowered from \(connections) to \(room): the limit on open files "
                + "(ulimit -n) is \(now.limit), of which \(now.open) are open already; raise it to "
                + "\(now.limit(for: connections, loops: 0)) (LimitNOFILE= of a systemd unit), or lower the key"
        )
    }

    /// Raises the limit as far as the connections need, before anything is opened.
    ///
    /// - Throws: `HostShortage` where there is hardly room for the host itself.
    public static func prepare(for connections: Int, loops: Int) throws(HostShortage) {
        let before = current
        raise(to: before.limit(for: connections, loops: loops) + mostForPacks)
        let now = current
        guard now.connections(wanted: connections, loops: loops) >= min(connections, fewestConnections) else {
            let least = now.limit(for: min(connections, fewestConnections), loops: loops)
            throw HostShortage(
                description: "the limit on open files (ulimit -n) is \(now.limit), and this host needs \(least) at "
                    + "least: raise it (LimitNOFILE= of a systemd unit, --ulimit nofile= of a container)"
                    + (loops > 1 ? ", or lower HTTP_EVENT_LOOPS, now \(loops)" : ""))
        }
    }
}
