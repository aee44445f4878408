// Undoes percent-encoding, in which places of documents stand in URIs.

/// The encoding of bytes in URIs (RFC 3986 section 2.1), and so of a JSON Pointer in a fragment (RFC 6901 section 6).
package enum PercentEncoding {
    /// - Parameter plusIsSpace: as in forms and queries (`application/x-www-form-urlencoded`).
    /// - Returns: `nil` where an escape is broken or the result is not UTF-8.
    package static func decoded(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.underestimatedCount)
        var source = text.makeIterator()
        while let byte = source.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = source.next().flatMap(hexadecimalDigit),
                    let low = source.next().flatMap(hexadecimalDigit)
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// What a hexadecimal digit stands for, in either case.
@inlinable
package func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
