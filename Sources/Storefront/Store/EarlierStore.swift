// The store of a release that kept it in the state folder itself: found, so that nobody goes on with an empty shop.

import Glibc

/// A store that lies beside the folder of the store, where releases before had it, while that folder has none.
struct EarlierStore {
    private let old: String
    private let new: String
    private let folder: String

    /// `nil` where there is none, or where its successor is there already.
    ///
    /// Looks only: a pack may be kept from opening what lies there.
    ///
    /// - Parameter folder: of the store of today, an absolute path.
    init?(beside folder: String) {
        var above = folder
        while above.count > 1, above.hasSuffix("/") { above.removeLast() }
        guard let slash = above.lastIndex(of: "/"), slash > above.startIndex else { return nil }
        self.folder = above
        new = above + Store.name
        old = above[..<slash] + Store.name
        // An empty one is what a start that came to nothing leaves.
        guard Self.size(of: old) ?? 0 > 0, Self.size(of: new) ?? 0 == 0 else { return nil }
    }

    /// What to do, for the operator, with commands to be pasted into a shell.
    var words: String {
        """
        The store of an earlier release is \(old), and \(folder) has none yet. It is not moved by itself. Stop the host \
        and every other one that uses it, and run as the host's user: \(commands)
        """
    }

    /// Copies all that is committed, what is only in the log beside it included, and takes the old name away.
    var commands: String {
        // As the program's own commands read a name: in quotes only where it has to be, since a line of the log that is
        // JSON has a backslash before each.
        let isPlain = new.utf8.allSatisfy { Self.isPlain($0) }
        let target = isPlain ? new : "\"" + new.map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "\""
        let steps = [
            "umask 077", "mkdir -p \(Self.quoted(folder))",
            "sqlite3 \(Self.quoted(old)) \(Self.quoted(".backup \(target)"))",
            "mv \(Self.quoted(old)) \(Self.quoted(old + ".moved"))",
        ]
        return steps.joined(separator: " && ")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func size(of path: String) -> Int? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// As a shell reads it.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
