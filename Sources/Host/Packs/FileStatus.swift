// The few file operations that loading packs needs, with errors that say which call failed on what.

import Glibc

/// What `stat(2)` says of a path, and reading and writing whole files beside it.
struct FileStatus {
    struct Failure: Error {
        /// Such as `Permission denied`.
        var reason: String
        /// Whether the path does not exist.
        var isAbsent: Bool

        init(reason: String) {
            self.reason = reason
            isAbsent = false
        }

        init(_ number: Int32) {
            isAbsent = number == ENOENT
            reason = unsafe String(cString: strerror(number))
        }
    }

    private let mode: mode_t
    /// In bytes.
    let size: Int
    /// Which file it is, and in which state.
    let identity: FileIdentity

    init(path: String) throws(Failure) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw Failure(errno) }
        mode = status.st_mode
        size = Int(status.st_size)
        identity = FileIdentity(status)
    }

    var isRegular: Bool { mode & S_IFMT == S_IFREG }
    var isWritableByOthers: Bool { mode & S_IWOTH != 0 }

    /// The entries of a folder; `nil` when it cannot be opened.
    static func names(in directory: String) -> [String]? {
        guard let handle = unsafe opendir(directory) else { return nil }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The whole of a regular file.
    ///
    /// - Parameter limit: the most bytes it may have.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        // Not to wait for the writer of a named pipe.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Failure(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(reason: "it is not a regular file") }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw Failure(reason: "it has \(size) bytes; at most \(limit) are possible")
        }
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = unsafe Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                count += got
            }
        }
        if failure != 0 { throw Failure(failure) }
        return bytes
    }

    /// Whether a file holds these bytes and no more.
    static func file(_ path: String, holds bytes: [UInt8]) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        var position = 0
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe piece.withUnsafeMutableBytes { piece in
                while true {
                    let count = unsafe Glibc.read(descriptor, piece.baseAddress, piece.count)
                    if count < 0 && errno == EINTR { continue }
                    if count <= 0 { return count == 0 && position == bytes.count }
                    guard position + count <= bytes.count,
                        unsafe memcmp(bytes.baseAddress! + position, piece.baseAddress!, count) == 0
                    else { return false }
                    position += count
                }
            }
        }
    }

    /// Creates a folder, and those above it, that only the host's own user can enter.
    static func makeDirectory(_ path: String) throws(Failure) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw Failure(errno)
        }
        try makeDirectory(String(path[..<slash]))
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure(errno) }
    }

    /// Writes a file under another name and renames it, so that nobody ever sees half of it.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(Failure) {
        let draft = "\(path).\(getpid()).draft"
        unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure(errno) }
        var failure: Int32 = 0
        unsafe bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                // In pieces: what is written at once is kept and mapped by the kernel as one block, and a pack of which a
                // part is used would count as a whole.
                let size = min(buffer.count - written, 64 << 10)
                let count = unsafe Glibc.write(descriptor, buffer.baseAddress! + written, size)
                if count < 0 && errno == EINTR { continue }
                if count < 0 {
                    failure = errno
                    break
                }
                written += count
            }
        }
        close(descriptor)
        if failure == 0, unsafe rename(draft, path) != 0 { failure = errno }
        if failure != 0 {
            unsafe unlink(draft)
            throw Failure(failure)
        }
    }
}
