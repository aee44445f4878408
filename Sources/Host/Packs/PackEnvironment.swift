// What a pack's process finds in its environment: a few names that programs go by, and what the operator lists for it.

import Glibc
import HostBase

/// The environment of this process, and what becomes of it for a pack's.
public struct PackEnvironment: Sendable {
    /// Strings of C, `NAME=value`.
    private let entries: [[CChar]]

    /// What tells no secret and is needed to find programs, times, words and authorities.
    private static let plain: Set<String> = ["PATH", "TZ", "LANG"]
    private static let families = ["LC_", "SSL_CERT_"]
    /// Swift's runtime would write a report about a crash, which takes a second.
    private static let quiet = "SWIFT_BACKTRACE=enable=no"

    /// As it is now: before any pack could change it.
    public static var ofThisProcess: PackEnvironment {
        var entries: [[CChar]] = []
        var index = 0
        while let entry = unsafe environ[index] {
            unsafe entries.append(Array(UnsafeBufferPointer(start: entry, count: strlen(entry) + 1)))
            index += 1
        }
        return PackEnvironment(entries)
    }

    init(_ entries: [[CChar]]) {
        self.entries = entries
    }

    /// All of it, for a pack that is not confined.
    public var whole: [[CChar]] { entries.filter { Self.name($0) != "SWIFT_BACKTRACE" } + [Self.string(Self.quiet)] }

    /// What a pack has that keeps to its own folder.
    ///
    /// - Parameters:
    ///   - folder: its home, with room for temporary files.
    ///   - listed: what the operator lists for it, with the values of the host's configuration. It counts where a name
    ///     is given twice.
    public func strings(in folder: PackDataFolder, listed: [(name: String, value: String)]) -> [[CChar]] {
        let own = [
            (name: "HOME", value: folder.path), (name: "TMPDIR", value: folder.temporary),
        ].filter { own in !listed.contains { $0.name == own.name } }
        let passed = entries.filter { entry in
            let name = Self.name(entry)
            return (Self.plain.contains(name) || Self.families.contains(where: name.hasPrefix))
                && !listed.contains { $0.name == name }
        }
        let quiet = listed.contains { $0.name == "SWIFT_BACKTRACE" } ? [] : [Self.string(Self.quiet)]
        return passed + (own + listed).map { Self.string("\($0.name)=\($0.value)") } + quiet
    }

    private static func string(_ text: String) -> [CChar] { Array(text.utf8CString) }

    private static func name(_ entry: [CChar]) -> String {
        String(decoding: entry.prefix { $0 != 0 && $0 != 0x3D }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
