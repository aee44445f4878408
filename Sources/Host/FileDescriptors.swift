// Connections need file descriptors, and most systems give a process few unless it asks for more.

import Glibc

/// The limit on open files (`RLIMIT_NOFILE`).
enum FileDescriptors {
    /// What the host needs beside its connections: packs' files, the store, libraries.
    private static let reserve = 256

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// Raises the soft limit as far as the hard one allows and `connections` needs.
    ///
    /// - Returns: how many connections there is room for, at most `connections`.
    static func makeRoom(for connections: Int) -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return connections }
        let wanted = rlim_t(connections + reserve)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            unsafe setrlimit(resource, &limit)
            unsafe getrlimit(resource, &limit)
        }
        return min(connections, max(1, Int(clamping: limit.rlim_cur) - reserve))
    }
}
