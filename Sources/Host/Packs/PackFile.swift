// Finds packs and takes the private copy that is loaded: what runs is what was checked, whatever happens to the
// original.

import HostBase
import HostCalls

/// One `.so` of the plugins folder and the copy of it under the state folder.
public struct PackFile: Sendable {
    /// `catalog.so`
    public let name: String
    /// Where the copy lies, named by its SHA-256.
    let copyPath: String
    /// Larger files are refused unread, in bytes.
    private static let sizeLimit = 512 << 20

    /// Lower-case hexadecimal.
    let sha256: String
    /// In bytes.
    public let size: Int

    /// What a group may write to, of the file and of what lies on the way to it.
    let remarks: [FileTrust.Remark]

    /// A copy that was checked before.
    init(name: String, copyPath: String) {
        self.name = name
        self.copyPath = copyPath
        sha256 = ""
        size = 0
        remarks = []
    }

    /// `catalog` for `catalog.so`.
    var stem: String { PackNames.stem(name) }

    /// Copies a file to `<sha256>.so` among the copies, unless that very copy is there already. Neither is read when
    /// both are still what they were when they were last compared (`PackRecord`).
    ///
    /// - Parameter name: for messages, and for the record of the copy.
    public init(name: String, file: DecidingFile, copies: DecidingFolder) throws(PackRefusal) {
        func refuse(_ reason: String) -> PackRefusal { PackRefusal(file: name, reason: reason) }
        self.name = name
        remarks = file.remarks
        if let digest = PackRecord.digest(of: name, original: file.status.identity, in: copies) {
            sha256 = digest
            copyPath = "\(copies.path)/\(digest).so"
            size = file.status.size
            return
        }
        let bytes: [UInt8]
        do {
            bytes = try file.bytes(limit: Self.sizeLimit)
        } catch {
            throw refuse("\(error)")
        }
        if let problem = ELFHeader.problem(in: bytes) { throw refuse(problem) }
        sha256 = Digest.sha256.hexadecimal(bytes)
        copyPath = "\(copies.path)/\(sha256).so"
        size = bytes.count
        if let copied = try Self.copy(bytes, named: "\(sha256).so", in: copies, refuse) {
            PackRecord(original: file.status.identity, copy: copied, sha256: sha256).keep(for: name, in: copies)
        }
    }

    /// Leaves `bytes` under a name among the copies.
    ///
    /// - Returns: the identity of a copy that was there and held them; `nil` for one that is new.
    private static func copy(
        _ bytes: [UInt8], named name: String, in copies: DecidingFolder, _ refuse: (String) -> PackRefusal
    ) throws(PackRefusal) -> FileIdentity? {
        // A copy that others may write to, or that is none, is replaced.
        if let copy = try? copies.file(name), copy.isOnlyOurs, copy.holds(bytes) { return copy.status.identity }
        do {
            try FileStatus.write(bytes, to: "\(copies.path)/\(name)", mode: 0o500)
            return nil
        } catch {
            throw refuse("cannot be copied to \(copies.path): \(error.reason)")
        }
    }
}
