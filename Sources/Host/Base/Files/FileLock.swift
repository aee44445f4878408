// A lock that goes with whoever holds it, however that ends: nothing that is left behind looks like somebody alive.

import Glibc

/// A locked file (`flock(2)`), until the last reference goes away or the process ends.
struct FileLock: Sendable {
    /// How often a lock is asked for that somebody else only looks at, which takes microseconds, and how long is waited
    /// between.
    private static let attempts = 1000
    private static let microseconds: UInt32 = 100

    private let file: OpenFile

    /// Makes the file unless it is there, and locks it. Waits for nobody.
    ///
    /// - Returns: `nil` where somebody holds the lock.
    /// - Throws: `SecretFileFault` for a link, for what is no file and for what belongs to somebody else.
    init?(_ name: String, in folder: PrivateFolder) throws(SecretFileFault) {
        let path = "\(folder.path)/\(name)"
        func fault(_ operation: String) -> SecretFileFault {
            SecretFileFault(path: path, kind: .system(operation: operation, code: errno))
        }
        // O_NONBLOCK: not to wait for the other end of a named pipe.
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let descriptor = unsafe openat(folder.file.descriptor, name, flags, 0o600)
        guard descriptor >= 0 else {
            // A link, a folder, a socket.
            if errno == ELOOP || errno == EISDIR || errno == ENXIO {
                throw SecretFileFault(path: path, kind: .notRegular)
            }
            throw fault("open")
        }
        file = OpenFile(owning: descriptor)
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw fault("stat") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SecretFileFault(path: path, kind: .notRegular) }
        guard status.st_uid == geteuid() else { throw SecretFileFault(path: path, kind: .ownedByOther) }
        guard Self.take(descriptor) else {
            guard errno == EWOULDBLOCK else { throw fault("flock") }
            return nil
        }
        // Whoever deleted the file has made room for another one, which somebody may hold.
        guard unsafe fstat(descriptor, &status) == 0, status.st_nlink > 0 else { return nil }
    }

    private static func take(_ descriptor: Int32) -> Bool {
        for _ in 0..<attempts {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            // Who holds it shares it with nobody; who looks shares it with everybody who looks.
            guard errno == EWOULDBLOCK, flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return false }
            usleep(microseconds)
        }
        errno = EWOULDBLOCK
        return false
    }

    /// Whether somebody holds the lock of a file at this moment. Changes nothing.
    static func isHeld(_ name: String, in folder: OpenFile) -> Bool {
        guard let file = try? OpenFile(FileName(name), in: folder, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) else {
            return false
        }
        return withExtendedLifetime(file) {
            flock(file.descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
        }
    }
}
