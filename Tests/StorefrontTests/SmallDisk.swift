// A file system of its own with hardly any room, to be filled on purpose.

import Glibc

/// Mounted in memory, and gone with this object.
final class SmallDisk: Sendable {
    let path: String
    private let folder: TemporaryFolder

    /// Whether this process may mount anything.
    static let isPermitted = (try? SmallDisk(kilobytes: 64)) != nil

    struct NotPermitted: Error {
        let number: Int32
    }

    init(kilobytes: Int) throws {
        folder = try TemporaryFolder()
        path = folder.path + "/disk"
        unsafe mkdir(path, 0o700)
        guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k,mode=0700") == 0 else {
            throw NotPermitted(number: errno)
        }
    }

    deinit {
        // MNT_DETACH: what still has a file open there keeps it, and nothing else.
        unsafe umount2(path, 2)
    }

    /// Takes all the room there is.
    func fill() {
        let file = unsafe open(path + "/rest", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let zeros = [UInt8](repeating: 0, count: 4096)
        while unsafe write(file, zeros, zeros.count) == zeros.count {}
        close(file)
    }

    func makeRoom() { unsafe unlink(path + "/rest") }
}
