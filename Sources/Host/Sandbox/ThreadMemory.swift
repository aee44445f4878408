// Looks into the memory of a thread that waits for an answer: it may be another one a moment later.

import Glibc
import HostBase

/// The memory of a process that this one may look into.
enum ThreadMemory {
    /// - Returns: how many bytes were read.
    static func read(_ buffer: UnsafeMutableRawBufferPointer, at address: UInt64, of thread: Int32) -> Int {
        guard let offset = off_t(exactly: address) else { return 0 }
        let memory = unsafe open("/proc/\(thread)/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0 else { return 0 }
        defer { close(memory) }
        return max(0, unsafe pread(memory, buffer.baseAddress, buffer.count, offset))
    }

    /// A text up to its zero; `nil` where there is none within `limit` bytes, or where it is no UTF-8.
    static func text(at address: UInt64, of thread: Int32, limit: Int) -> String? {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read($0, at: address, of: thread) }
        guard let end = bytes.prefix(count).firstIndex(of: 0) else { return nil }
        return String(validating: bytes[..<end], as: UTF8.self)
    }
}
