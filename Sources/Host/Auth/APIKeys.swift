// Keys that a deployment hands out itself: one from the environment, or several with names from a file.

import HostBase

/// The keys in force, as digests: a file that is read by somebody else gives no key away.
public struct APIKeys: Sendable {
    /// One caller's key.
    public struct Entry: Sendable, Hashable {
        /// Names the caller in logs and as the principal's client.
        public var name: String
        /// SHA-256 of the key.
        var digest: [UInt8]
        /// What the key grants; `nil`: everything.
        var scopes: [String]?
    }

    /// A line that cannot be used. Nothing of a key is in it.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        var line: Int
        var reason: String
        public var description: String { "line \(line): \(reason)" }
    }

    /// Shorter keys can be found by trying, and their digests sooner still.
    public static let minimumLength = 16

    public let entries: [Entry]

    public init(entries: [Entry]) {
        self.entries = entries
    }

    /// One key in clear text (`MCP_API_KEY`); `nil` when it is shorter than `minimumLength`.
    public init?(key: String, name: String = "default") {
        guard key.utf8.count >= Self.minimumLength else { return nil }
        entries = [Entry(name: name, digest: Self.digest(key), scopes: nil)]
    }

    /// A file with a line for each key: `name sha256:HEX`, then optionally the scopes that it grants. `#` starts a
    /// comment.
    public init(parsing text: String) throws(Fault) {
        var entries: [Entry] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
            guard let name = words.first else { continue }
            guard words.count > 1, words[1].hasPrefix("sha256:"),
                let digest = Self.bytes(hex: words[1].dropFirst("sha256:".count)), digest.count == 32
            else { throw Fault(line: index + 1, reason: "expected a name and sha256: with 64 hex digits") }
            guard !entries.contains(where: { $0.name == name }) else {
                throw Fault(line: index + 1, reason: "the name is there twice")
            }
            entries.append(Entry(name: name, digest: digest, scopes: words.count > 2 ? Array(words[2...]) : nil))
        }
        self.entries = entries
    }

    /// The entry that `key` belongs to. Looks at all of them, each in constant time.
    public func entry(for key: String) -> Entry? {
        let digest = Self.digest(key)
        var found: Entry?
        for entry in entries where ConstantTime.digestsEqual(entry.digest, digest) { found = entry }
        return found
    }

    private static func digest(_ key: String) -> [UInt8] {
        Digest.sha256.hash(Array(key.utf8))
    }

    private static func bytes(hex: Substring) -> [UInt8]? {
        let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
        guard digits.count == hex.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
