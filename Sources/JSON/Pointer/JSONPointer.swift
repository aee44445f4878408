// How errors and references name a place in a document.

/// A JSON Pointer (RFC 6901), kept as its string representation: each place has one alone. Pointers are compared by
/// their bytes, as names of members are: two spellings of one word are two members.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    private var text: ExactText

    /// The whole document.
    package init() {
        text = ExactText("")
    }

    /// - Parameter tokens: Reference tokens, unescaped.
    package init(_ tokens: [String]) {
        self.init()
        for token in tokens { append(token) }
    }

    /// Reads the string representation (section 3); `nil` where it is not one.
    package init?(parsing text: String) {
        guard text.isEmpty || text.utf8.first == Self.slash else { return nil }
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == Self.tilde else { continue }
            guard let second = bytes.next(), second == Self.zero || second == Self.one else { return nil }
        }
        self.text = ExactText(text)
    }

    /// The string representation, empty for the whole document.
    package var description: String { text.text }

    /// Reference tokens, unescaped.
    package var tokens: [String] {
        var tokens: [String] = []
        var rest = text.text.utf8[...]
        while rest.popFirst() != nil {
            let token = rest.prefix { $0 != Self.slash }
            tokens.append(Self.unescaped(token))
            rest = rest[token.endIndex...]
        }
        return tokens
    }

    /// The object or array around the place; `nil` for the whole document.
    package var parent: JSONPointer? {
        guard let slash = text.text.utf8.lastIndex(of: Self.slash) else { return nil }
        var parent = self
        parent.text.text.removeSubrange(slash...)
        return parent
    }

    package mutating func append(_ token: String) {
        text.text.reserveCapacity(text.text.utf8.count + token.utf8.count + 1)
        text.text += "/"
        if !token.utf8.contains(where: { $0 == Self.tilde || $0 == Self.slash }) {
            text.text += token
            return
        }
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": text.text += "~0"
            case "/": text.text += "~1"
            default: text.text.unicodeScalars.append(scalar)
            }
        }
    }

    package func appending(_ more: String...) -> JSONPointer { appending(more) }

    package func appending(_ more: [String]) -> JSONPointer {
        var pointer = self
        for token in more { pointer.append(token) }
        return pointer
    }

    /// What stands at this place; `nil` where nothing does.
    package func value(in root: JSONValue) -> JSONValue? {
        var value = root
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Self.arrayIndex(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// The element that a token names (section 4): digits without a leading zero.
    package static func arrayIndex(_ token: String) -> Int? {
        guard token == "0" || (token.utf8.first != zero && token.utf8.allSatisfy(isDigit)) else { return nil }
        return Int(token)
    }

    private static let slash = UInt8(ascii: "/")
    private static let tilde = UInt8(ascii: "~")
    private static let zero = UInt8(ascii: "0")
    private static let one = UInt8(ascii: "1")

    private static func unescaped(_ token: Substring.UTF8View) -> String {
        guard token.contains(tilde) else { return String(Substring(token)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(token.count)
        var source = token.makeIterator()
        while let byte = source.next() {
            // What follows a tilde was seen to be 0 or 1.
            bytes.append(byte == tilde ? (source.next() == one ? slash : tilde) : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
