// Finds packs and takes the private copy that is loaded: what runs is what was checked, whatever happens to the original.

import Glibc

/// One `.so` of the plugins folder and the copy of it under the state folder.
struct PackFile: Sendable {
    /// `catalog.so`
    let name: String
    /// Where the copy lies, named by its SHA-256.
    let copyPath: String
    /// Larger files are refused unread, in bytes.
    private static let sizeLimit = 512 << 20

    /// Lower-case hexadecimal.
    let sha256: String
    /// In bytes.
    let size: Int

    /// A copy that was checked before.
    init(name: String, copyPath: String) {
        self.name = name
        self.copyPath = copyPath
        sha256 = ""
        size = 0
    }

    /// `catalog` for `catalog.so`.
    var stem: String { String(name.dropLast(3)) }

    /// The names of the packs in a folder, in the order in which they are loaded.
    ///
    /// - Throws: `PackRefusal` when the folder cannot be read or others may write to it.
    static func names(in directory: String) throws(PackRefusal) -> [String] {
        let status: FileStatus
        do {
            status = try FileStatus(path: directory)
        } catch {
            throw PackRefusal(file: directory, reason: "the plugins folder cannot be read: \(error.reason)")
        }
        if status.isWritableByOthers {
            throw PackRefusal(
                file: directory,
                reason: "the plugins folder may be written by every user of this machine; run chmod o-w \(directory)")
        }
        guard let names = FileStatus.names(in: directory) else {
            throw PackRefusal(file: directory, reason: "the plugins folder cannot be listed")
        }
        return names.filter { $0.hasSuffix(".so") && !$0.hasPrefix(".") }.sorted()
    }

    /// Checks a file and copies it to `<state>/packs/<sha256>.so`, unless that very copy is there already. Neither is read
    /// when both are still what they were when they were last compared (`PackRecord`).
    init(name: String, directory: String, stateDirectory: String) throws(PackRefusal) {
        func refuse(_ reason: String) -> PackRefusal { PackRefusal(file: name, reason: reason) }
        self.name = name
        let path = "\(directory)/\(name)"
        let folder = "\(stateDirectory)/packs"
        do {
            let status = try FileStatus(path: path)
            guard status.isRegular else { throw refuse("is not a regular file") }
            if status.isWritableByOthers {
                throw refuse("may be written by every user of this machine; run chmod o-w \(path)")
            }
            if let digest = PackRecord.digest(of: name, original: status.identity, in: folder) {
                sha256 = digest
                copyPath = "\(folder)/\(digest).so"
                size = status.size
                return
            }
            let bytes = try FileStatus.read(path, limit: Self.sizeLimit)
            if let problem = ELFHeader.problem(in: bytes) { throw refuse(problem) }
            sha256 = Digest.sha256.hexadecimal(bytes)
            copyPath = "\(folder)/\(sha256).so"
            size = bytes.count
            let copied = try Self.copy(bytes, to: copyPath, in: folder, refuse)
            // The identity from before reading: a change meanwhile shows at the next start.
            if let copied, try FileStatus(path: path).identity == status.identity {
                PackRecord(original: status.identity, copy: copied, sha256: sha256).keep(for: name, in: folder)
            }
        } catch let error as FileStatus.Failure {
            throw refuse("cannot be read: \(error.reason)")
        } catch {
            throw refuse((error as? PackRefusal)?.reason ?? "cannot be read")
        }
    }

    /// Leaves `bytes` at `path`.
    ///
    /// - Returns: the identity of a copy that was there and held them; `nil` for one that is new.
    private static func copy(
        _ bytes: [UInt8], to path: String, in folder: String, _ refuse: (String) -> PackRefusal
    ) throws(PackRefusal) -> FileIdentity? {
        if let identity = try? FileStatus(path: path).identity, FileStatus.file(path, holds: bytes) { return identity }
        do {
            try FileStatus.makeDirectory(folder)
            try FileStatus.write(bytes, to: path, mode: 0o500)
            return nil
        } catch {
            throw refuse("cannot be copied to \(folder): \(error.reason)")
        }
    }
}
