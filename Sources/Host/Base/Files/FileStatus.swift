// What the system says of a file that is open, and the few operations on files that the host's own folder needs.

import CGlibc
import Glibc

/// What `fstat(2)` and `fstatvfs(3)` say of an open file, folder or link.
public struct FileStatus: Sendable {
    /// A call of the system's that failed.
    public struct Failure: Error, CustomStringConvertible {
        /// The value that `errno` had.
        public var number: Int32

        public init(_ number: Int32) {
            self.number = number
        }

        public var description: String { reason }

        /// Such as `Permission denied`.
        public var reason: String { unsafe String(cString: strerror(number)) }
    }

    enum Kind: Sendable {
        case file, folder, link, other
    }

    let kind: Kind
    let ownership: FileOwnership
    /// In bytes.
    public let size: Int
    /// Names that lead to it; 0 once it is removed, and always on some file systems.
    let links: Int
    /// Which file it is, and in which state.
    public let identity: FileIdentity

    init(of file: OpenFile) throws(Failure) {
        var status = stat()
        guard unsafe fstat(file.descriptor, &status) == 0 else { throw Failure(errno) }
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        var system = statvfs()
        let isKnown = unsafe fstatvfs(file.descriptor, &system) == 0
        ownership = FileOwnership(
            owner: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o7777,
            isReadOnly: isKnown && system.f_flag & UInt(ST_RDONLY) != 0,
            isMountRoot: is_mount_root(file.descriptor) != 0)
        size = Int(status.st_size)
        links = Int(status.st_nlink)
        identity = FileIdentity(status)
    }

    /// All names in a folder, in no order.
    public static func names(in folder: String) throws(Failure) -> [FileName] {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(errno) }
        return try OpenFile(owning: descriptor).names()
    }

    /// Creates a folder, and those above it, that only the host's own user can enter. What bears the name already
    /// stays.
    public static func makeDirectory(_ path: String) throws(Failure) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else {
            throw Failure(errno)
        }
        try makeDirectory(String(path[..<slash]))
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure(errno) }
    }

    /// Writes a file under another name and renames it, so that nobody ever sees half of it, not even after a crash of
    /// the machine. The other name is random: hosts in different containers may have the same process id.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(Failure) {
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
        let draft = "\(folder).\(Base64.url.encode(SecureRandom.bytes(12))).draft"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure(errno) }
        var failure: Int32 = 0
        do {
            // In pieces: what is written at once is kept and mapped by the kernel as one block, and a pack of which a
            // part is used would count as a whole.
            try DescriptorBytes.write(bytes, to: descriptor, piece: 64 << 10)
        } catch {
            failure = error.number
        }
        // An empty file says all by its name.
        if failure == 0, !bytes.isEmpty, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure == 0, unsafe rename(draft, path) != 0 { failure = errno }
        if failure != 0 {
            unsafe unlink(draft)
            throw Failure(failure)
        }
    }
}
