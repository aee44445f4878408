// Remembers which private copy belongs to a file of the plugins folder, so that a start need not read and hash both:
// that was half of the processor time until the first call.

import HostBase
import JSON

/// A file and its copy as they were when the copy was last compared with the file, byte by byte.
///
/// Kept under the state folder beside the copies, where nobody but the host's own user can write; whoever could change
/// it could change the copy itself.
struct PackRecord: Equatable {
    var original: FileIdentity
    var copy: FileIdentity
    /// Lower-case hexadecimal.
    var sha256: String

    static func path(of name: String, in folder: String) -> String { "\(folder)/\(name).json" }

    /// The digest of the file's copy; `nil` unless both are known to be what they were.
    static func digest(of name: String, original: FileIdentity, in copies: DecidingFolder) -> String? {
        // Without a record that can be used, both are read.
        guard let file = try? copies.file("\(name).json"), file.isOnlyOurs, let bytes = try? file.bytes(limit: 4096),
            let record = try? PackRecord(JSONValue(parsing: bytes)), record.original == original,
            let copy = try? copies.file("\(record.sha256).so"), copy.isOnlyOurs, record.copy == copy.status.identity
        else { return nil }
        return record.sha256
    }

    /// Where it cannot be kept, the next start reads both files again.
    func keep(for name: String, in copies: DecidingFolder) {
        guard original.isSettled, copy.isSettled else { return }
        try? FileStatus.write(json.bytes(), to: Self.path(of: name, in: copies.path), mode: 0o600)
    }
}

extension PackRecord {
    struct Unreadable: Error {}

    var json: JSONValue { ["original": original.json, "copy": copy.json, "sha256": .string(sha256)] }

    init(_ json: JSONValue) throws(Unreadable) {
        guard let original = json["original"].flatMap(FileIdentity.init(json:)),
            let copy = json["copy"].flatMap(FileIdentity.init(json:)),
            let sha256 = json["sha256"]?.string, sha256.utf8.count == 64,
            sha256.utf8.allSatisfy({ $0.isASCIIDigit || (0x61...0x66).contains($0) })
        else { throw Unreadable() }
        self.init(original: original, copy: copy, sha256: sha256)
    }
}
