// The listening end of a host's control socket, and who is let in at it.

import CGlibc
import Glibc
import HostBase

/// Bound in the host's own folder. Stays open until the process ends.
struct ControlSocket: Sendable {
    /// The socket cannot be had; a whole sentence.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// How many may wait to be let in.
    private static let backlog: Int32 = 16

    let descriptor: Int32

    /// Nothing is in the way of the socket: what an earlier host left behind was removed when the folder was taken.
    init(in folder: HostFolder) throws(Fault) {
        func fault(_ operation: String) -> Fault {
            let reason = FileStatus.Failure(errno).reason
            return Fault(description: "\(folder.path)/\(SocketPath.name): \(operation) failed: \(reason)")
        }
        let path = SocketPath(folder: folder.path, descriptor: folder.descriptor)
        descriptor = SocketPath.open()
        guard descriptor >= 0 else { throw fault("socket") }
        guard unsafe path.withAddress({ unsafe bind(descriptor, $0, $1) }) == 0 else {
            let fault = fault("bind")
            close(descriptor)
            throw fault
        }
        // Nobody can connect before it listens.
        guard unsafe fchmodat(folder.descriptor, SocketPath.name, 0o600, 0) == 0, listen(descriptor, Self.backlog) == 0
        else {
            let fault = fault("listen")
            close(descriptor)
            throw fault
        }
    }

    enum Arrival: Equatable {
        /// A connection of root's or of the host's own user, which nothing waits for (`O_NONBLOCK`).
        case peer(Int32)
        /// One of somebody else's.
        case stranger(Int32)
        case nobody
        /// There is no descriptor or no memory for one.
        case shortage
        /// The socket was closed, which nothing of the host does.
        case closed
    }

    func accept() -> Arrival {
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let connection = accept_with_flags(descriptor, nil, nil, flags)
        guard connection >= 0 else {
            switch errno {
            case EAGAIN, EINTR, ECONNABORTED: return .nobody
            case EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP: return .closed
            default: return .shortage
            }
        }
        var user: UInt32 = 0
        guard unsafe get_peer_user(connection, &user) == 0, Self.mayAsk(user, own: geteuid()) else {
            return .stranger(connection)
        }
        return .peer(connection)
    }

    /// Whether a user may ask the host of a user.
    static func mayAsk(_ user: UInt32, own: UInt32) -> Bool {
        user == 0 || user == own
    }
}
