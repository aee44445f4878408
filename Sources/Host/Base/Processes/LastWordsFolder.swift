// The folder where an operator finds what processes of packs wrote before they ended: a few files for each pack.

import Glibc
import Logging

/// Keeps last words. Nothing that goes wrong here stops anything: whoever ended has ended.
public struct LastWordsFolder: Sendable {
    /// How many files of one pack are kept.
    static let count = 10
    /// The most bytes of a pack's name in that of a file.
    private static let nameLimit = 64

    private let path: String
    private let logger: Logger
    /// Whether it is told that nothing can be kept.
    private var isTold = false

    /// - Parameter path: of the folder, which is made when there is something to keep.
    public init(_ path: String, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    /// Writes a file that nobody but the host's user can read, and removes the oldest beyond ten of the pack. Blocks.
    ///
    /// - Parameters:
    ///   - pack: its id or its file's name; whatever it is, the file lies in this folder.
    ///   - date: the time of day of the end.
    /// - Returns: where the file lies; `nil` where there were no words, or they cannot be kept.
    public mutating func keep(_ words: LastWords, of pack: String, process: Int32, at date: NumericDate) -> String? {
        guard !words.isEmpty else { return nil }
        let name = LastWordsName(pack: Self.harmless(pack), date: date, process: process)
        let file = "\(path)/\(name.text)"
        do {
            try FileStatus.makeDirectory(path)
            try FileStatus.write(words.bytes, to: file, mode: 0o600)
        } catch {
            tell(error)
            return nil
        }
        isTold = false
        prune(around: name)
        return file
    }

    /// Once, until something could be kept again.
    private mutating func tell(_ failure: FileStatus.Failure) {
        guard !isTold else { return }
        isTold = true
        logger.warning(
            "the last words of packs cannot be kept", metadata: ["folder": "\(path)", "reason": "\(failure.reason)"])
    }

    /// - Parameter latest: stays, also where the clock was put back.
    private func prune(around latest: LastWordsName) {
        // What cannot be listed now is listed after the next end.
        let names = ((try? FileStatus.names(in: path)) ?? []).compactMap(\.text).compactMap(LastWordsName.init)
        let others = names.filter { $0.pack == latest.pack && $0 != latest }
        for name in others.sorted().dropLast(Self.count - 1) { unsafe unlink("\(path)/\(name.text)") }
    }

    /// Small letters, digits and hyphens, as ids have them; whatever else there is becomes one.
    private static func harmless(_ pack: String) -> String {
        let bytes = pack.utf8.prefix(nameLimit).map { byte in
            byte.isASCIISmallLetter || byte.isASCIIDigit ? byte : UInt8(ascii: "-")
        }
        return bytes.isEmpty ? "-" : String(decoding: bytes, as: UTF8.self)
    }
}
