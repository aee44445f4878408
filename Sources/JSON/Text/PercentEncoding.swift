// Undoes percent-encoding, in which places of documents stand in URIs.

/// The encoding of bytes in URIs (RFC 3986 section 2.1), and so of a JSON Pointer in a fragment (RFC 6901 section 6).
package enum PercentEncoding {
    /// - Parameter plusIsSpace: as in forms and queries (`application/x-www-form-urlencoded`).
    /// - Returns: `nil` where an escape is broken or the result is not UTF-8.
    package static func decoded(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String? {
        bytes(of: text, plusIsSpace: plusIsSpace, keepsBroken: false).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// For what is only told, or looked for: broken escapes stay as they are, and what is not UTF-8 is replaced.
    package static func decodedAsFarAsPossible(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String {
        String(decoding: bytes(of: text, plusIsSpace: plusIsSpace, keepsBroken: true) ?? [], as: UTF8.self)
    }

    /// - Returns: `nil` where an escape is broken and is not kept.
    private static func bytes(of text: some Sequence<UInt8>, plusIsSpace: Bool, keepsBroken: Bool) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.underestimatedCount)
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                if rest.count >= 2, let high = hexadecimalDigit(rest[rest.startIndex]),
                    let low = hexadecimalDigit(rest[rest.startIndex + 1])
                {
                    bytes.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else if keepsBroken {
                    bytes.append(byte)
                } else {
                    return nil
                }
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}

/// What a hexadecimal digit stands for, in either case.
package func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
