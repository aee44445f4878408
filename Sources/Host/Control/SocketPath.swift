// The name of a host's control socket, however long the path of its folder is.

import CGlibc
import Glibc

/// A path as `sockaddr_un` takes it.
struct SocketPath: Sendable, Equatable {
    /// The name of the socket in its folder.
    static let name = "control.sock"
    /// The most bytes of a path, beside the zero at its end (unix(7)).
    static let longest = 107

    let text: String

    /// The path itself where it fits, else a way by the open folder.
    ///
    /// - Parameter descriptor: of the folder, open for as long as the path is used.
    init(folder: String, descriptor: Int32) {
        let path = "\(folder)/\(Self.name)"
        text = path.utf8.count <= Self.longest ? path : "/proc/self/fd/\(descriptor)/\(Self.name)"
    }

    /// Calls `bind` or `connect` with it.
    func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: text.utf8) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// A Unix socket that is not connected.
    ///
    /// - Returns: a negative number where there is none to be had; `errno` says why.
    static func open() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    }
}
