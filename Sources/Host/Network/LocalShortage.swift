// Whether a connection failed for want of something on this machine: then it says nothing about who is at the other
// end.

import Glibc
import HostBase
import NIOCore
import NIOPosix

public enum LocalShortage {
    /// Descriptors of the process and of the machine, memory for sockets and otherwise, ports to connect from.
    private static let numbers: Set<Int32> = [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL]

    /// What was lacking; `nil` where nothing was.
    public static func reason(of error: any Error) -> String? {
        switch error {
        case let error as IOError: reason(of: error.errnoCode)
        case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
            // An address that refused was reached.
            error.connectionErrors.contains { reason(of: $0.error, to: $0.target) == nil }
                ? nil : error.connectionErrors.first.flatMap { reason(of: $0.error) }
        // Libraries hide why they could not open what they needed, such as the authorities to trust.
        default: now
        }
    }

    private static func reason(of error: any Error, to target: SocketAddress) -> String? {
        // Where the system has none of this family at all, as where IPv6 is turned off, no port is lacking.
        if (error as? IOError)?.errnoCode == EADDRNOTAVAIL, !hasRoute(to: target) { return nil }
        return reason(of: error)
    }

    /// Whether this machine has an address to send from to that one. Sends nothing.
    static func hasRoute(to target: SocketAddress) -> Bool {
        let family: Int32
        switch target {
        case .v4: family = AF_INET
        case .v6: family = AF_INET6
        case .unixDomainSocket: return true
        }
        let probe = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { return errno != EAFNOSUPPORT }
        defer { close(probe) }
        return unsafe target.withSockAddr { address, size in unsafe connect(probe, address, socklen_t(size)) } == 0
    }

    public static func reason(of number: Int32) -> String? {
        guard numbers.contains(number) else { return nil }
        let text = FileStatus.Failure(number).reason
        return number == EADDRNOTAVAIL
            ? "this host has no address or port left to connect from: \(text)"
            : "this host is out of something: \(text)"
    }

    /// What is lacking at this very moment.
    public static var now: String? {
        let descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor < 0 else {
            close(descriptor)
            return nil
        }
        return reason(of: errno)
    }
}
