// Reading and writing by a descriptor, to the end and whatever signals come.

import Glibc

/// Repeats a call of the system for as long as a signal interrupts it (`EINTR`).
@inlinable
public func repeatingInterrupted<Count: SignedInteger>(_ call: () -> Count) -> Count {
    while true {
        let count = call()
        if count >= 0 || errno != EINTR { return count }
    }
}

/// All bytes behind a descriptor, or into it.
public enum DescriptorBytes {
    /// What is there of a descriptor that does not block, up to 64 KiB; empty at the end and after an error, `nil` when
    /// there is nothing at the moment.
    public static func available(of descriptor: Int32) -> [UInt8]? {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, size in
            count = repeatingInterrupted { unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
            size = max(0, count)
        }
        if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) { return nil }
        return bytes
    }

    /// What is there from where the descriptor stands to the end.
    ///
    /// - Parameter limit: of bytes, beyond which nothing more is read; what is longer shows by what is returned.
    static func all(of descriptor: Int32, limit: Int = .max) throws(FileStatus.Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(descriptor, into: &bytes, limit: limit)
        return bytes
    }

    /// The same, with what was read before an error.
    static func read(
        _ descriptor: Int32, into bytes: inout [UInt8], limit: Int = .max
    ) throws(FileStatus.Failure) {
        var piece = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= limit {
            let count = repeatingInterrupted { unsafe Glibc.read(descriptor, &piece, piece.count) }
            guard count >= 0 else { throw FileStatus.Failure(errno) }
            if count == 0 { break }
            bytes += piece[..<count]
        }
    }

    /// The next bytes of a descriptor that blocks, of which nothing more is read.
    ///
    /// - Returns: `nil` where it ends before, or cannot be read.
    public static func next(_ count: Int, of descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var taken = 0
        while taken < count {
            let more = unsafe bytes.withUnsafeMutableBytes { buffer in
                repeatingInterrupted { unsafe Glibc.read(descriptor, buffer.baseAddress! + taken, count - taken) }
            }
            guard more > 0 else { return nil }
            taken += more
        }
        return bytes
    }

    /// Writes all of it by a descriptor that does not block, to somebody who may not read. SIGPIPE has to be ignored
    /// where that may be gone.
    ///
    /// - Parameter patience: how long it is waited in all for room, in milliseconds or more.
    /// - Returns: whether all was taken.
    public static func offer(_ bytes: [UInt8], to descriptor: Int32, patience: Int) -> Bool {
        var rest = bytes[...]
        var patience = patience
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                repeatingInterrupted { unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count) }
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN, patience > 0 {
                patience -= 1
                usleep(1000)
            } else {
                return false
            }
        }
        return true
    }

    /// Writes all of it.
    ///
    /// - Parameter piece: the most bytes that the system is handed at once.
    public static func write(
        _ bytes: [UInt8], to descriptor: Int32, piece: Int = .max
    ) throws(FileStatus.Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.prefix(piece).withUnsafeBytes { buffer in
                repeatingInterrupted { unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count) }
            }
            guard count >= 0 else { throw FileStatus.Failure(errno) }
            rest = rest.dropFirst(count)
        }
    }
}
