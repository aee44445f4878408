// A descriptor that belongs to somebody: what was judged is what is read, whatever bears its name by now.

import CGlibc
import Glibc

/// Closes its descriptor with its last reference.
final class OpenFile: Sendable {
    let descriptor: Int32

    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// - Parameters:
    ///   - folder: where the name is looked up.
    ///   - flags: for `open(2)`.
    init(_ name: FileName, in folder: OpenFile, _ flags: Int32) throws(FileStatus.Failure) {
        let bytes = name.bytes.map { CChar(bitPattern: $0) } + [0]
        descriptor = unsafe openat(folder.descriptor, bytes, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileStatus.Failure(errno) }
    }

    /// A new file, to be written to.
    ///
    /// - Parameter mode: the umask can only make it narrower.
    init(creating name: FileName, in folder: OpenFile, mode: mode_t) throws(FileStatus.Failure) {
        let bytes = name.bytes.map { CChar(bitPattern: $0) } + [0]
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        descriptor = unsafe openat(folder.descriptor, bytes, flags, mode)
        guard descriptor >= 0 else { throw FileStatus.Failure(errno) }
    }

    /// The folder above all, only to start from.
    static func root() throws(FileStatus.Failure) -> OpenFile {
        let descriptor = unsafe open("/", open_place | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileStatus.Failure(errno) }
        return OpenFile(owning: descriptor)
    }

    /// Where a link leads.
    func target() throws(FileStatus.Failure) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlinkat(descriptor, "", &buffer, buffer.count)
        guard count >= 0 else { throw FileStatus.Failure(errno) }
        guard count < buffer.count else { throw FileStatus.Failure(ENAMETOOLONG) }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// The names in a folder, in no order; all of them or an error.
    func names() throws(FileStatus.Failure) -> [FileName] {
        // This one may be a descriptor that only stands for the folder.
        let listed = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard listed >= 0 else { throw FileStatus.Failure(errno) }
        guard let handle = unsafe fdopendir(listed) else {
            let failure = FileStatus.Failure(errno)
            close(listed)
            throw failure
        }
        defer { unsafe closedir(handle) }
        return unsafe try Self.names(handle)
    }

    /// The names that are left in an open listing. One that breaks off is no shorter listing.
    static func names(_ handle: OpaquePointer) throws(FileStatus.Failure) -> [FileName] {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
        var names: [FileName] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(handle) else {
                if errno != 0 { throw FileStatus.Failure(errno) }
                return names
            }
            // Entries are as long as their names: nothing may be read beyond the zero at the end.
            let start = unsafe UnsafeRawPointer(entry) + offset
            let count = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
            let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
            if bytes != Array(".".utf8) && bytes != Array("..".utf8) { names.append(FileName(bytes: bytes)) }
        }
    }
}
