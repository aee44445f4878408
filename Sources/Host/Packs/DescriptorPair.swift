// A pair of connected descriptors of which another process gets one.

import CGlibc
import Glibc
import Synchronization

/// Closed with this object. Ours never blocks; neither is inherited unless it is handed on.
final class DescriptorPair: Sendable {
    let ours: Int32
    /// -1 once it is closed.
    private let other: Mutex<Int32>

    var theirs: Int32 { other.withLock { $0 } }

    /// Both ways. `nil` with `errno` where there is none.
    static func sockets() -> DescriptorPair? {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 else { return nil }
        return DescriptorPair(ours: pair[0], theirs: pair[1])
    }

    /// From them to us. `nil` with `errno` where there is none.
    static func pipe() -> DescriptorPair? {
        var pair: [Int32] = [-1, -1]
        guard unsafe make_pipe(&pair, O_CLOEXEC) == 0 else { return nil }
        return DescriptorPair(ours: pair[0], theirs: pair[1])
    }

    private init?(ours: Int32, theirs: Int32) {
        // Above those that have a meaning in the other process, where it would be replaced before it is handed on.
        let moved = fcntl(theirs, F_DUPFD_CLOEXEC, TrialProcess.recordDescriptor + 1)
        var error = moved < 0 ? errno : 0
        if moved >= 0, fcntl(ours, F_SETFL, O_NONBLOCK) < 0 { error = errno }
        close(theirs)
        guard error == 0 else {
            close(ours)
            if moved >= 0 { close(moved) }
            errno = error
            return nil
        }
        self.ours = ours
        other = Mutex(moved)
    }

    /// So that the end shows when the other process is gone.
    func closeTheirs() {
        other.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    deinit {
        closeTheirs()
        close(ours)
    }
}
