// Names one place in a JSON value, so that schemas can be moved and problems located exactly.

import JSON

/// A JSON Pointer (RFC 6901).
struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// Reference tokens, unescaped.
    var tokens: [String]

    init(_ tokens: [String] = []) {
        self.tokens = tokens
    }

    /// Reads the string representation (section 3); `nil` where it is not one.
    init?(parsing text: String) {
        guard text.isEmpty || text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    /// The string representation, empty for the whole document.
    var description: String {
        tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    func appending(_ more: String...) -> JSONPointer {
        JSONPointer(tokens + more)
    }

    func appending(_ more: [String]) -> JSONPointer {
        JSONPointer(tokens + more)
    }

    /// Member names are compared by their bytes: two spellings of one word are two members, as in `JSONObject`.
    static func == (a: JSONPointer, b: JSONPointer) -> Bool {
        a.tokens.count == b.tokens.count && zip(a.tokens, b.tokens).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    func hash(into hasher: inout Hasher) {
        for token in tokens {
            hasher.combine(token.utf8.count)
            for byte in token.utf8 { hasher.combine(byte) }
        }
    }

    /// What stands at this place; `nil` where nothing does.
    func value(in root: JSONValue) -> JSONValue? {
        var value = root
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                // Section 4: digits without a leading zero.
                guard token.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                    let index = Int(token), String(index) == token, index < elements.count
                else { return nil }
                value = elements[index]
            default:
                return nil
            }
        }
        return value
    }

    private static func unescape(_ part: Substring) -> String? {
        var token = ""
        var characters = part.unicodeScalars.makeIterator()
        while let scalar = characters.next() {
            guard scalar == "~" else {
                token.unicodeScalars.append(scalar)
                continue
            }
            switch characters.next() {
            case "0": token.append("~")
            case "1": token.append("/")
            default: return nil
            }
        }
        return token
    }
}
