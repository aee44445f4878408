// A listening socket at which nobody is accepted yet: what needs to know its port is made now.

import Glibc
import NIOCore

/// Clients that connect wait until a server accepts them.
public struct BoundSocket: ~Copyable {
    /// Where it listens, with the port that the system chose where it was 0.
    public let address: SocketAddress
    /// -1 once it is a server's.
    private var descriptor: Int32

    /// How many clients may wait.
    static let backlog: Int32 = 1024

    /// Binds and listens: from here on the port is taken. Blocks while a name is looked up.
    ///
    /// - Parameter port: 0: one that the system chooses.
    /// - Throws: `IOError`, or what `SocketAddress` says of a name without an address.
    public init(host: String, port: Int) throws {
        var address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        let descriptor = try Self.open(at: address)
        address.port = Self.port(of: descriptor)
        (self.address, self.descriptor) = (address, descriptor)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The socket, which is the caller's from here on.
    mutating func take() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }

    private static func open(at address: SocketAddress) throws -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.protocol.rawValue, kind, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        var isOn: Int32 = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        let isBound = unsafe address.withSockAddr { unsafe bind(descriptor, $0, socklen_t($1)) } == 0
        guard isBound, listen(descriptor, backlog) == 0 else {
            let reason = errno
            close(descriptor)
            throw IOError(errnoCode: reason, reason: "bind")
        }
        return descriptor
    }

    /// In both families it stands behind the family, in network order.
    private static func port(of descriptor: Int32) -> Int {
        var name = [UInt8](repeating: 0, count: 28)
        var size = socklen_t(name.count)
        let isKnown = unsafe name.withUnsafeMutableBytes {
            unsafe getsockname(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &size) == 0
        }
        return isKnown ? Int(name[2]) << 8 | Int(name[3]) : 0
    }
}
