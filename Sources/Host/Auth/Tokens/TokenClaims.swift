// Reads the claims of a token in the types that they must have.

import JSONSchema

/// The members of a token's payload.
struct TokenClaims: Sendable {
    let members: JSONObject

    init(_ members: JSONObject) {
        self.members = members
    }

    func has(_ name: String) -> Bool {
        members[name] != nil
    }

    /// A non-empty string, otherwise `nil`.
    func text(_ name: String) -> String? {
        guard let text = members[name]?.string, !text.isEmpty else { return nil }
        return text
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
        guard let values = value.array else { throw .invalidClaim }
        let audiences = values.compactMap(\.string)
        guard audiences.count == values.count else { throw .invalidClaim }
        return audiences
    }

    /// The words of a claim that is a string with spaces (RFC 6749 section 3.3) or an array of strings; empty when it is absent.
    func words(_ name: String) throws(RefusalReason) -> [String] {
        guard let value = members[name] else { return [] }
        return try Self.words(value)
    }

    /// As `words`, at a JSON Pointer (RFC 6901), for claims such as `/realm_access/roles`.
    func words(at pointer: String) throws(RefusalReason) -> [String] {
        var value = JSONValue.object(members)
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(token.replacing("~1", with: "/").replacing("~0", with: "~"))
            guard let next = value[name] else { return [] }
            value = next
        }
        return try Self.words(value)
    }

    private static func words(_ value: JSONValue) throws(RefusalReason) -> [String] {
        if let text = value.string { return text.split(separator: " ").map(String.init) }
        guard let values = value.array else { throw .invalidClaim }
        let words = values.compactMap(\.string)
        guard words.count == values.count else { throw .invalidClaim }
        return words
    }
}
