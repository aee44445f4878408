// A folder that only the host's own user may enter, used through its descriptor: what bears its name later is another
// one.

import Glibc

/// A folder of this user's with mode 0700, open.
public struct PrivateFolder: Sendable {
    let path: String
    let file: OpenFile

    /// How deep folders are emptied; nothing that the host writes is as deep.
    private static let depth = 16

    /// Makes the folder in one that is there, unless it is there itself. One of this user's that others may enter is
    /// closed to them: where a whole volume is opened to a group, it is at each mount.
    ///
    /// - Throws: `SecretFileFault` for a link, for what is no folder and for what belongs to somebody else.
    public init(making path: String) throws(SecretFileFault) {
        func fault(_ operation: String) -> SecretFileFault {
            SecretFileFault(path: path, kind: .system(operation: operation, code: errno))
        }
        self.path = path
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST { throw fault("mkdir") }
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOTDIR || errno == ELOOP { throw SecretFileFault(path: path, kind: .notFolder) }
            throw fault("open")
        }
        file = OpenFile(owning: descriptor)
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw fault("stat") }
        guard status.st_uid == geteuid() else { throw SecretFileFault(path: path, kind: .ownedByOther) }
        if status.st_mode & 0o7777 != 0o700, fchmod(descriptor, 0o700) != 0 { throw fault("chmod") }
    }

    /// Removes what lies in it, folders too, and follows no link.
    ///
    /// - Parameter kept: names that stay.
    func clear(keeping kept: Set<FileName>) throws(SecretFileFault) {
        do {
            try Self.clear(file, keeping: kept, depth: Self.depth)
        } catch {
            throw SecretFileFault(path: path, kind: .system(operation: "removing what is in it", code: error.number))
        }
    }

    private static func clear(
        _ folder: OpenFile, keeping kept: Set<FileName>, depth: Int
    ) throws(FileStatus.Failure) {
        guard depth > 0 else { throw FileStatus.Failure(ELOOP) }
        for name in try folder.names() where !kept.contains(name) {
            if folder.remove(name) { continue }
            guard errno == EISDIR else { throw FileStatus.Failure(errno) }
            try clear(
                OpenFile(name, in: folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), keeping: [], depth: depth - 1)
            guard folder.remove(name, AT_REMOVEDIR) else { throw FileStatus.Failure(errno) }
        }
    }
}

extension OpenFile {
    /// Whether an entry of this folder is removed; else `errno` says why not.
    fileprivate func remove(_ name: FileName, _ flags: Int32 = 0) -> Bool {
        unsafe unlinkat(descriptor, name.bytes.map { CChar(bitPattern: $0) } + [0], flags) == 0
    }
}
