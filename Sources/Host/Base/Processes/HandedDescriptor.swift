// A descriptor that a process was started with, which code of others may close, and whose number may be another file's
// then.

import Glibc

/// A descriptor and what was behind it when this was made.
public struct HandedDescriptor: Sendable {
    public let number: Int32
    private let device: dev_t
    private let inode: ino_t

    public init(_ number: Int32) {
        self.number = number
        let status = Self.status(of: number)
        (device, inode) = (status?.st_dev ?? 0, status?.st_ino ?? 0)
    }

    /// Whether it is open, and the same as it was.
    public var isThere: Bool {
        guard let status = Self.status(of: number) else { return false }
        return status.st_dev == device && status.st_ino == inode
    }

    private static func status(of number: Int32) -> stat? {
        var status = stat()
        return unsafe fstat(number, &status) == 0 ? status : nil
    }
}
