// A pack that ends the host whenever it is started would keep it down for good: after the second time it is left out.

import CrashNote
import Glibc
import HostBase
import HostCalls
import JSON
import Logging

/// What earlier starts of this very host left behind about packs that ended them.
///
/// Only an end that the host itself saw happen in a pack's code is written down, by `crash_blame.h`. One by SIGKILL or
/// SIGTERM, for want of memory or of power counts for nothing.
public struct StartNotes: Sendable {
    /// How many ends in a row are enough.
    static let limit = 2
    /// The most bytes that are read, in bytes: far more than the few lines that there can be.
    private static let sizeLimit = 1 << 20

    let path: String
    private let folder: String
    private let notes: [StartNote]

    /// Reads and writes nothing but what is there.
    ///
    /// - Parameters:
    ///   - host: Where this host listens, with its port.
    public init(_ settings: PackSettings, host: String, port: Int) {
        folder = Self.absolute(settings.stateDirectory) + "/starts"
        // Several hosts may share a state folder, and not even their machine.
        let identity: JSONValue = [
            .string(Self.machine), .string(Self.absolute(settings.directory)), .string(host), JSONValue(port),
        ]
        path = "\(folder)/\(Digest.sha256.hexadecimal(identity.bytes()).prefix(16)).jsonl"
        // Whoever can write there can load packs, too.
        let bytes = try? DecidingFile(path: path, trust: FileTrust())?.bytes(limit: Self.sizeLimit)
        notes = StartNote.all(in: bytes ?? [])
    }

    /// - Throws: `PackRefusal` when this ended the host again and again.
    func check(_ subject: StartNote.Subject) throws(PackRefusal) {
        let ends = notes.filter { $0.subject == subject }.map(\.end)
        guard ends.count >= Self.limit else { return }
        let stem = subject.file.dropLast(3)
        let (place, changes) =
            switch subject.phase {
            case .load: ("when it was loaded", "its file or \(stem).yaml changes")
            case .start: ("in its start", "its file, \(stem).yaml or its configuration changes")
            }
        throw PackRefusal(
            file: subject.file,
            reason: "ended the host \(place) \(ends.count) times in a row "
                + "(\(ends.suffix(Self.limit).joined(separator: ", "))); it is left out until \(changes); to try it once "
                + "more, run rm \(path)")
    }

    /// From now on ends in packs are written down, where the process notes crashes at all.
    func begin(_ logger: Logger) {
        warn(logger)
        unsafe crash_blame_begin(strdup(folder), strdup(path))
    }

    /// Where nothing can be written or read, nobody would be left out.
    private func warn(_ logger: Logger) {
        let reason: String
        do {
            _ = try FileStatus.names(in: folder)
            _ = try DecidingFile(path: path, trust: FileTrust())?.bytes(limit: Self.sizeLimit)
            return
        } catch let failure as FileStatus.Failure {
            // It is made when there is something to write.
            if failure.number == ENOENT { return }
            reason = "\(folder): \(failure.reason)"
        } catch {
            reason = "\(error)"
        }
        logger.warning(
            "packs that end a start cannot be noted, nor left out of the next one",
            metadata: ["reason": "\(reason)"])
    }

    /// An end that is put down to `name` will be one of `subject`.
    func expect(_ subject: StartNote.Subject, as name: String) {
        unsafe crash_blame_expect(.forever(name), .forever(StartNote.opening(of: subject)))
    }

    /// Every start is over, and none ended the host: only packs that were left out keep their notes.
    ///
    /// - Parameters:
    ///   - refused: the files of packs that are not served.
    ///   - isInterrupted: somebody has asked the host to end meanwhile, a pack it may be: then nothing is forgotten.
    func end(refused: Set<String>, isInterrupted: Bool) {
        crash_blame_end()
        guard !notes.isEmpty, !isInterrupted else { return }
        let counts = Dictionary(notes.map { ($0.subject, 1) }, uniquingKeysWith: +)
        let kept = notes.filter { counts[$0.subject, default: 0] >= Self.limit && refused.contains($0.subject.file) }
        if kept.isEmpty {
            unsafe unlink(path)
        } else if kept.count < notes.count {
            // Where that fails, a pack is left out after fewer ends than it might be.
            try? FileStatus.write(kept.flatMap(\.line), to: path, mode: 0o600)
        }
    }

    private static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        var folder = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard unsafe getcwd(&folder, folder.count) != nil else { return path }
        return String(decoding: folder.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/" + path
    }

    private static var machine: String {
        var name = [CChar](repeating: 0, count: 256)
        _ = unsafe gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
