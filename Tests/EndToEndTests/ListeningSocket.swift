// Sockets that somebody else on the machine listens at: whoever connects to one waits in its queue and is never let in.

import Glibc

/// Closed with this object.
final class ListeningSocket: Sendable {
    /// A place in a file system, which the socket takes; it may be connected to by every user.
    let path: String
    /// Of an abstract one.
    let name: String
    /// On the loopback; 0: none.
    let port: Int
    private let descriptor: Int32

    ///
    /// - Parameter takesDatagrams: in place of connections.
    init(path: String, takesDatagrams: Bool = false) throws {
        (self.path, name, port) = (path, "", 0)
        descriptor = try Self.unix(Array(path.utf8), takesDatagrams ? SOCK_DGRAM : SOCK_STREAM)
        try Self.check(unsafe chmod(path, 0o777))
    }

    /// - Parameter name: without the zero before it.
    init(abstract name: String) throws {
        (path, self.name, port) = ("", name, 0)
        descriptor = try Self.unix([0] + Array(name.utf8))
    }

    /// At any port.
    init() throws {
        let end = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try unsafe withUnsafeMutablePointer(to: &address) { pointer in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try Self.check(unsafe bind(end, address, size))
                try Self.check(listen(end, 64))
                try Self.check(unsafe getsockname(end, address, &size))
            }
        }
        (path, name, port, descriptor) = ("", "", Int(UInt16(bigEndian: address.sin_port)), end)
    }

    deinit {
        close(descriptor)
    }

    private static func unix(_ bytes: [UInt8], _ kind: __socket_type = SOCK_STREAM) throws -> Int32 {
        let end = socket(AF_UNIX, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        // The length is a part of an abstract name.
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (bytes.first == 0 ? 0 : 1))
        try unsafe withUnsafePointer(to: &address) { pointer in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try check(unsafe bind(end, address, size))
            }
        }
        if kind == SOCK_STREAM { try check(listen(end, 64)) }
        return end
    }

    private static func check(_ result: Int32) throws {
        if result != 0 { throw ChildProcess.Fault("socket", errno) }
    }
}
