// Reads `application/x-www-form-urlencoded` as OAuth wants it: every parameter at most once.

/// The parameters of a token request.
struct FormParameters: Sendable, Hashable {
    enum Fault: Error, Sendable, Hashable {
        /// A `%` without two hex digits, or bytes that are not UTF-8.
        case encoding
        /// RFC 6749 section 3.2: "parameters MUST NOT be included more than once". `resource` may (RFC 8707 section 2).
        case duplicate
        case tooMany
    }

    private var values: [String: [String]] = [:]

    init(parsing body: [UInt8]) throws(Fault) {
        let pairs = body.split(separator: UInt8(ascii: "&"), maxSplits: 64, omittingEmptySubsequences: true)
        guard pairs.count <= 64 else { throw .tooMany }
        for pair in pairs {
            let separator = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = Self.decode(pair[..<separator]), let value = Self.decode(pair[separator...].dropFirst())
            else { throw .encoding }
            // Duplicates are refused before values are looked at: a second, empty one is a second one too.
            guard values[name] == nil || name == "resource" else { throw .duplicate }
            values[name, default: []].append(value)
        }
    }

    /// `nil` when it is absent or has no value, which is the same thing (RFC 6749 section 3.2).
    subscript(name: String) -> String? {
        all(name).first
    }

    func all(_ name: String) -> [String] {
        (values[name] ?? []).filter { !$0.isEmpty }
    }

    /// One name or value: `+` is a space, `%XX` a byte.
    static func decode(_ text: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
