// Reads the claims of a token in the types that they must have.

import HostBase
import JSON

/// The members of a token's payload, read where they stand: most tokens have more of them than anybody asks for.
struct TokenClaims: Sendable {
    let members: JSONNode
    /// `iss`, when it is a string that is not empty.
    let issuer: String?

    /// - Parameter members: An object; anything else has no claims.
    init(_ members: JSONNode) {
        self.members = members
        issuer = Self.text(members["iss"])
    }

    func has(_ name: String) -> Bool {
        members[name] != nil
    }

    /// A non-empty string, otherwise `nil`.
    func text(_ name: String) -> String? {
        Self.text(members[name])
    }

    /// `nil` when it is absent; a claim that is there and no number is a fault.
    func date(_ name: String) throws(RefusalReason) -> NumericDate? {
        guard let value = members[name] else { return nil }
        guard let date = NumericDate(value) else { throw .invalidClaim }
        return date
    }

    /// `aud`: a string or an array of strings (RFC 7519 section 4.1.3); empty when it is absent.
    func audiences() throws(RefusalReason) -> [String] {
        guard let value = members["aud"] else { return [] }
        if let audience = value.string { return [audience] }
        return try Self.texts(value)
    }

    /// The words of a claim that is a string with spaces (RFC 6749 section 3.3) or an array of strings; empty when it
    /// is absent.
    func words(_ name: String) throws(RefusalReason) -> [String] {
        guard let value = members[name] else { return [] }
        return try Self.words(value)
    }

    /// As `words`, at a JSON Pointer (RFC 6901), for claims such as `/realm_access/roles`.
    func words(at pointer: String) throws(RefusalReason) -> [String] {
        var value = members
        for token in pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            var name = String(Substring(token))
            if token.contains(UInt8(ascii: "~")) {
                name = name.replacing("~1", with: "/").replacing("~0", with: "~")
            }
            guard let next = value[name] else { return [] }
            value = next
        }
        return try Self.words(value)
    }

    private static func text(_ value: JSONNode?) -> String? {
        guard let text = value?.string, !text.isEmpty else { return nil }
        return text
    }

    private static func words(_ value: JSONNode) throws(RefusalReason) -> [String] {
        if let text = value.string {
            var words: [String] = []
            var rest = text.utf8[...]
            while let end = rest.firstIndex(of: 0x20) {
                if end > rest.startIndex { words.append(String(Substring(rest[..<end]))) }
                rest = rest[rest.index(after: end)...]
            }
            if !rest.isEmpty { words.append(String(Substring(rest))) }
            return words
        }
        return try texts(value)
    }

    private static func texts(_ value: JSONNode) throws(RefusalReason) -> [String] {
        guard value.kind == .array else { throw .invalidClaim }
        let texts = value.elements.compactMap(\.string)
        guard texts.count == value.count else { throw .invalidClaim }
        return texts
    }
}
