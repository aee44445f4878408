// Base64 exactly as the token formats want it: one text for one value, everything else refused.

/// RFC 4648, strictly: no other alphabet, no white space, no line breaks, unused trailing bits zero (sections 3.3 and
/// 3.5).
public enum Base64: Sendable {
    /// Section 5 without padding: JWS, JWK (RFC 7515 section 2).
    case url
    /// Section 4 with padding: `Basic` credentials (RFC 7617), PEM.
    case standard

    public func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let taken = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if taken > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if taken > 2 { group |= UInt32(bytes[index + 2]) }
            for position in 0...taken {
                text.append(character(UInt8(truncatingIfNeeded: group >> (18 - 6 * UInt32(position))) & 0x3F))
            }
            if self == .standard {
                for _ in taken..<3 { text.append(UInt8(ascii: "=")) }
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` for any text that `encode` would not have made.
    public func decode(_ text: [UInt8]) -> [UInt8]? {
        decode(text.span)
    }

    public func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8).span)
    }

    public func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var length = text.count
        if self == .standard {
            guard length.isMultiple(of: 4) else { return nil }
            var padding = 0
            while padding < 2, length > 0, text[length - 1] == UInt8(ascii: "=") {
                length -= 1
                padding += 1
            }
        }
        guard length % 4 != 1 else { return nil }
        let values = self == .url ? Self.urlValues : Self.standardValues
        let table = values.span
        // One byte collects the marks of all characters that are none, and the bits that must be zero.
        var faults: UInt8 = 0
        let bytes = [UInt8](capacity: length / 4 * 3 + 2) { output in
            var index = 0
            while index + 4 <= length {
                let (a, b) = (table[Int(text[index])], table[Int(text[index + 1])])
                let (c, d) = (table[Int(text[index + 2])], table[Int(text[index + 3])])
                faults |= a | b | c | d
                output.append(a << 2 | b >> 4)
                output.append(b << 4 | c >> 2)
                output.append(c << 6 | d)
                index += 4
            }
            guard index < length else { return }
            let (a, b) = (table[Int(text[index])], table[Int(text[index + 1])])
            faults |= a | b
            output.append(a << 2 | b >> 4)
            if length - index == 2 {
                if b & 0x0F != 0 { faults |= Self.invalid }
            } else {
                let c = table[Int(text[index + 2])]
                faults |= c
                output.append(b << 4 | c >> 2)
                if c & 0x03 != 0 { faults |= Self.invalid }
            }
        }
        return faults & Self.invalid == 0 ? bytes : nil
    }

    /// Set in the place of a character that the alphabet does not have; values have six bits.
    private static let invalid: UInt8 = 0x80
    private static let urlValues = Base64.url.values
    private static let standardValues = Base64.standard.values

    /// The value of each byte as a character.
    private var values: [UInt8] {
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for value in 0..<64 { values[Int(character(UInt8(value)))] = UInt8(value) }
        return values
    }

    private func character(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: self == .url ? UInt8(ascii: "-") : UInt8(ascii: "+")
        default: self == .url ? UInt8(ascii: "_") : UInt8(ascii: "/")
        }
    }
}
