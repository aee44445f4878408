// Tells whether a file is the one that was read before, without reading it again.

import Glibc
import JSON

/// Which file a path leads to, and when it was last changed. Whoever writes to a file changes its `changed` time, which
/// no call can set back.
public struct FileIdentity: Sendable, Equatable {
    private let device: Int64
    private let inode: Int64
    private let size: Int64
    /// In nanoseconds since 1970, like `changed`.
    private let modified: Int64
    private let changed: Int64

    init(_ status: stat) {
        device = Int64(truncatingIfNeeded: status.st_dev)
        inode = Int64(truncatingIfNeeded: status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    /// Whether a change from now on would show: the clock of a file system is coarse, and two changes within one of its
    /// ticks look like one.
    public var isSettled: Bool {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return max(modified, changed) < Self.nanoseconds(now) - 2_000_000_000
    }

    /// Whether nobody wrote to the file in between, though it may have got another name or lost its own.
    func hasContent(of earlier: FileIdentity) -> Bool {
        device == earlier.device && inode == earlier.inode && size == earlier.size && modified == earlier.modified
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension FileIdentity {
    public var json: JSONValue { .array([device, inode, size, modified, changed].map { JSONValue($0) }) }

    public init?(json: JSONValue) {
        let numbers = json.array?.compactMap(\.int64) ?? []
        guard numbers.count == 5 else { return nil }
        (device, inode, size, modified, changed) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
    }
}
