// Whether a connection failed for want of something on this machine: then it says nothing about who is at the other end.

import Glibc
import NIOCore
import NIOPosix

enum LocalShortage {
    /// Descriptors of the process and of the machine, memory for sockets and otherwise, ports to connect from.
    private static let numbers: Set<Int32> = [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL]

    /// What was lacking; `nil` where nothing was.
    static func reason(of error: any Error) -> String? {
        switch error {
        case let error as IOError: reason(of: error.errnoCode)
        case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
            // An address that refused was reached.
            error.connectionErrors.contains { reason(of: $0.error) == nil }
                ? nil : error.connectionErrors.first.flatMap { reason(of: $0.error) }
        // Libraries hide why they could not open what they needed, such as the authorities to trust.
        default: now
        }
    }

    static func reason(of number: Int32) -> String? {
        guard numbers.contains(number) else { return nil }
        let text = FileStatus.Failure(number).reason
        return number == EADDRNOTAVAIL
            ? "this host has no address or port left to connect from: \(text)"
            : "this host is out of something: \(text)"
    }

    /// What is lacking at this very moment.
    static var now: String? {
        let descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor < 0 else {
            close(descriptor)
            return nil
        }
        return reason(of: errno)
    }
}
