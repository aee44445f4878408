// One end of the host that a pack brought about while it was loaded or started, as the next start reads it.

import HostBase
import JSON

/// A line of the file that `crash_blame.h` writes.
struct StartNote: Equatable, Sendable {
    /// What ended the host.
    struct Subject: Hashable, Sendable {
        enum Phase: String, Sendable {
            case load, start
        }

        /// The pack's file name.
        var file: String
        var phase: Phase
        /// A digest of all that is the pack's own and the operator's word on it: another one is another attempt.
        var digest: String

        /// - Parameter configuration: what it is started with; `nil` while it is loaded, when that is not known.
        init(_ file: PackFile, _ policy: PackPolicy, configuration: JSONObject?) {
            self.file = file.name
            phase = configuration == nil ? .load : .start
            let parts: [JSONValue] = [
                .string(HostVersion.current), .string(file.sha256), .array(policy.digest.map { JSONValue(Int64($0)) }),
                configuration.map(JSONValue.object) ?? .null,
            ]
            digest = Digest.sha256.hexadecimal(JSONValue.array(parts).bytes())
        }
    }

    var subject: Subject
    /// The signal's name, or `exit`.
    var end: String

    /// What can be read of a file of them; what was cut short by a full disk or a power cut is passed over.
    static func all(in bytes: [UInt8]) -> [StartNote] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            (try? JSONValue(parsing: Array(line))).flatMap(StartNote.init(json:))
        }
    }

    /// A line without its end and what follows that.
    static func opening(of subject: Subject) -> String {
        let line = StartNote(subject: subject, end: "").line
        return String(decoding: line.dropLast(3), as: UTF8.self)
    }

    var line: [UInt8] {
        let json: JSONValue = [
            "file": .string(subject.file), "phase": .string(subject.phase.rawValue), "digest": .string(subject.digest),
            "end": .string(end),
        ]
        return json.bytes() + [UInt8(ascii: "\n")]
    }
}

extension StartNote {
    init?(json: JSONValue) {
        guard let file = json["file"]?.string, let phase = json["phase"]?.string.flatMap(Subject.Phase.init(rawValue:)),
            let digest = json["digest"]?.string, let end = json["end"]?.string
        else { return nil }
        subject = Subject(file: file, phase: phase, digest: digest)
        self.end = end
    }
}

extension StartNote.Subject {
    fileprivate init(file: String, phase: Phase, digest: String) {
        (self.file, self.phase, self.digest) = (file, phase, digest)
    }
}
