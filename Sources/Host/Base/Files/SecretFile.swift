// Files that only this user may read: written whole or not at all, and refused when others could have read them.

import Glibc

/// Why a secret file or its folder is not used. Its description names the file, the problem and the fix.
public struct SecretFileFault: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case notRegular
        case notFolder
        case ownedByOther
        case openToOthers(mode: UInt32)
        case tooLarge(limit: Int)
        case system(operation: String, code: Int32)
        /// What is in it cannot be used; the text says why.
        case damaged(String)
    }

    public var path: String
    public var kind: Kind

    public init(path: String, kind: Kind) {
        self.path = path
        self.kind = kind
    }

    public var description: String {
        switch kind {
        case .notRegular:
            "\(path) is not a regular file; move it away and a new one is made at the next start"
        case .notFolder:
            "\(path) is not a folder (or a link to one); move it away and a new one is made at the next start"
        case .ownedByOther:
            "\(path) belongs to another user; give it to the user that runs the server (chown)"
        case .openToOthers(let mode):
            "\(path) has mode 0\(String(mode, radix: 8)), so others may have read or changed it; if you trust what is in it: "
                + "chmod go-rwx '\(path)', otherwise delete it and a new one is made at the next start"
        case .tooLarge(let limit):
            "\(path) is larger than \(limit) bytes, so it is not what this server wrote; move it away"
        case .system(let operation, let code):
            "\(path): \(operation) failed: \(unsafe String(cString: strerror(code)))"
        case .damaged(let reason):
            "\(path) cannot be used: \(reason); restore it, or delete it and a new one is made at the next start"
        }
    }
}

public enum SecretFile {
    /// Makes `path` with mode 0700 unless it is there, and refuses one that others can enter or that is not ours.
    public static func prepareFolder(_ path: String) throws(SecretFileFault) {
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw SecretFileFault(path: path, kind: .system(operation: "mkdir", code: errno))
        }
        try checkFolder(path)
    }

    /// Refuses a folder that others can enter or that is not ours.
    public static func checkFolder(_ path: String) throws(SecretFileFault) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            throw SecretFileFault(path: path, kind: .system(operation: "stat", code: errno))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw SecretFileFault(path: path, kind: .notFolder) }
        try checkOwnership(status, path)
    }

    /// Whether anything bears the name, be it a link that leads nowhere.
    public static func isThere(_ path: String) throws(SecretFileFault) -> Bool {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return true }
        guard errno == ENOENT else {
            throw SecretFileFault(path: path, kind: .system(operation: "stat", code: errno))
        }
        return false
    }

    /// The content, or `nil` when there is no such file in its folder. Without the folder nobody can say what was in
    /// it, and it is an error.
    public static func read(_ path: String, limit: Int = 64 * 1024) throws(SecretFileFault) -> [UInt8]? {
        // O_NONBLOCK: opening a pipe that somebody put here must not hang the start.
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 {
            let code = errno
            if code == ENOENT {
                close(try openFolder(of: path))
                return nil
            }
            throw SecretFileFault(
                path: path, kind: code == ELOOP ? .notRegular : .system(operation: "open", code: code))
        }
        defer { close(descriptor) }
        // The status of the file that is open, not of whatever bears its name by now.
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw SecretFileFault(path: path, kind: .system(operation: "stat", code: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SecretFileFault(path: path, kind: .notRegular) }
        try checkOwnership(status, path)
        guard status.st_size <= limit else { throw SecretFileFault(path: path, kind: .tooLarge(limit: limit)) }

        let content: [UInt8]
        do {
            content = try DescriptorBytes.all(of: descriptor, limit: limit)
        } catch {
            throw SecretFileFault(path: path, kind: .system(operation: "read", code: error.number))
        }
        guard content.count <= limit else { throw SecretFileFault(path: path, kind: .tooLarge(limit: limit)) }
        return content
    }

    /// Writes a new file with mode 0600, durably: either all of it is there under its name or nothing is.
    ///
    /// - Returns: False when the file was there already (another process was faster); it is left as it is.
    public static func create(_ path: String, _ content: [UInt8]) throws(SecretFileFault) -> Bool {
        let unique = Base64.url.encode(SecureRandom.bytes(9))
        let temporary = "\(path).\(unique).new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SecretFileFault(path: temporary, kind: .system(operation: "open", code: errno))
        }
        defer { unsafe unlink(temporary) }
        do throws(SecretFileFault) {
            try write(content, to: descriptor, path: temporary)
        } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else {
            throw SecretFileFault(path: temporary, kind: .system(operation: "close", code: errno))
        }
        // A link and not a rename: it fails where the name is taken, so two first starts agree on one secret.
        if unsafe link(temporary, path) != 0 {
            if errno == EEXIST { return false }
            throw SecretFileFault(path: path, kind: .system(operation: "link", code: errno))
        }
        try syncFolder(of: path)
        return true
    }

    private static func write(_ content: [UInt8], to descriptor: Int32, path: String) throws(SecretFileFault) {
        // The mode given to open is subject to the umask, which can only have made it narrower.
        guard fchmod(descriptor, 0o600) == 0 else {
            throw SecretFileFault(path: path, kind: .system(operation: "chmod", code: errno))
        }
        do {
            try DescriptorBytes.write(content, to: descriptor)
        } catch {
            throw SecretFileFault(path: path, kind: .system(operation: "write", code: error.number))
        }
        guard fsync(descriptor) == 0 else {
            throw SecretFileFault(path: path, kind: .system(operation: "fsync", code: errno))
        }
    }

    private static func syncFolder(of path: String) throws(SecretFileFault) {
        let descriptor = try openFolder(of: path)
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw SecretFileFault(path: path, kind: .system(operation: "fsync folder", code: errno))
        }
    }

    private static func openFolder(of path: String) throws(SecretFileFault) -> Int32 {
        let folder = path.lastIndex(of: "/").map { path[..<$0] } ?? "."
        let descriptor = unsafe open(folder.isEmpty ? "/" : String(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SecretFileFault(path: path, kind: .system(operation: "open folder", code: errno))
        }
        return descriptor
    }

    private static func checkOwnership(_ status: stat, _ path: String) throws(SecretFileFault) {
        guard status.st_uid == geteuid() else { throw SecretFileFault(path: path, kind: .ownedByOther) }
        guard status.st_mode & 0o077 == 0 else {
            throw SecretFileFault(path: path, kind: .openToOthers(mode: status.st_mode & 0o7777))
        }
    }
}
