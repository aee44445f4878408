// Modes, times and, before Landlock 3, lengths of a pack's own files. The filter of system calls sees a path and not
// where it leads, so it refuses all of these; what is a pack's own the host changes for it.

import CGlibc
import Glibc
import HostBase

/// A refused system call that is about the mode, the times or the length of a file.
struct OwnFileChange {
    private enum What {
        case mode(mode_t)
        /// Where the thread keeps them; 0: now.
        case times(UInt64)
        /// Bytes.
        case length(UInt64)
    }

    private let what: What
    /// -100 (AT_FDCWD): where the thread is.
    private let folder: Int32
    /// Where the thread keeps it; `nil`: `folder` is the file itself.
    private let path: UInt64?
    private let followsLinks: Bool

    /// `nil` for whatever else.
    init?(_ name: String, _ arguments: [UInt64]) {
        func number(_ index: Int) -> Int32 { Int32(truncatingIfNeeded: arguments[index]) }
        func mode(_ index: Int) -> What { .mode(mode_t(truncatingIfNeeded: arguments[index]) & 0o7777) }
        switch name {
        case "chmod": (what, folder, path, followsLinks) = (mode(1), AT_FDCWD, arguments[0], true)
        case "fchmod": (what, folder, path, followsLinks) = (mode(1), number(0), nil, true)
        case "fchmodat": (what, folder, path, followsLinks) = (mode(2), number(0), arguments[1], true)
        case "utimensat":
            (what, folder) = (.times(arguments[2]), number(0))
            path = arguments[1] == 0 ? nil : arguments[1]
            followsLinks = number(3) & AT_SYMLINK_NOFOLLOW == 0
        case "truncate": (what, folder, path, followsLinks) = (.length(arguments[1]), AT_FDCWD, arguments[0], true)
        default: return nil
        }
    }

    /// Makes the change where the file is one of this user's below `roots`. What is looked at is what is changed,
    /// whatever its path leads to a moment later.
    ///
    /// - Parameters:
    ///   - thread: that asked for it.
    ///   - roots: absolute paths without links.
    /// - Returns: whether it was made.
    func isMade(for thread: Int32, below roots: [String]) -> Bool {
        guard let file = open(for: thread) else { return false }
        defer { close(file) }
        let handle = "/proc/self/fd/\(file)"
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_uid == geteuid(),
            [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT), let place = Self.target(of: handle),
            roots.contains(where: { place == $0 || place.hasPrefix($0 + "/") })
        else { return false }
        switch what {
        case .mode(let mode):
            // A program that runs as somebody else is nothing of a pack's.
            return unsafe mode & 0o6000 == 0 && chmod(handle, mode) == 0
        case .length(let length): return Self.shorten(handle, to: length, from: status)
        case .times(0): return unsafe utimensat(AT_FDCWD, handle, nil, 0) == 0
        case .times(let address):
            var times = [timespec](repeating: timespec(), count: 2)
            let count = unsafe times.withUnsafeMutableBytes { unsafe ThreadMemory.read($0, at: address, of: thread) }
            return unsafe count == 2 * MemoryLayout<timespec>.size && utimensat(AT_FDCWD, handle, times, 0) == 0
        }
    }

    /// Never makes it longer: the pack's bound on that is none of this process's. Nor does it wait for whoever has a
    /// lease on the file (fcntl(2)), which may be the pack.
    private static func shorten(_ handle: String, to length: UInt64, from status: stat) -> Bool {
        guard status.st_mode & S_IFMT == S_IFREG, length <= UInt64(max(0, status.st_size)) else { return false }
        let file = unsafe Glibc.open(handle, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return ftruncate(file, off_t(length)) == 0
    }

    /// What stands for the file, of which nothing can be read.
    private func open(for thread: Int32) -> Int32? {
        let base = folder == AT_FDCWD ? "/proc/\(thread)/cwd" : "/proc/\(thread)/fd/\(folder)"
        var name = base
        if let path {
            guard let text = ThreadMemory.text(at: path, of: thread, limit: Int(PATH_MAX)), !text.isEmpty else {
                return nil
            }
            name = text.hasPrefix("/") ? text : "\(base)/\(text)"
            // Of whoever asks, and so the host's here. That spares the common ways there; by others, such as a link,
            // one comes upon what is the host's all the same, and it is the place of what is found that decides.
            if text.hasPrefix("/proc/self/") || text.hasPrefix("/proc/thread-self/") || text.hasPrefix("/dev/") {
                return nil
            }
        }
        let descriptor = unsafe Glibc.open(
            name, open_place | O_CLOEXEC | (followsLinks || path == nil ? 0 : O_NOFOLLOW))
        return descriptor >= 0 ? descriptor : nil
    }

    private static func target(of link: String) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(link, &bytes, bytes.count)
        guard count > 0, count < bytes.count else { return nil }
        return String(validating: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
