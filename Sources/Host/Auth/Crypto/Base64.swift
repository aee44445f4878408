// Base64 exactly as the token formats want it: one text for one value, everything else refused.

/// RFC 4648, strictly: no other alphabet, no white space, no line breaks, unused trailing bits zero (sections 3.3 and 3.5).
enum Base64: Sendable {
    /// Section 5 without padding: JWS, JWK (RFC 7515 section 2).
    case url
    /// Section 4 with padding: `Basic` credentials (RFC 7617), PEM.
    case standard

    func encode(_ bytes: [UInt8]) -> String {
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
    func decode(_ text: [UInt8]) -> [UInt8]? {
        decode(text.span)
    }

    func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8).span)
    }

    func decode(_ text: Span<UInt8>) -> [UInt8]? {
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
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length / 4 * 3 + 2)
        var group: UInt32 = 0
        for index in 0..<length {
            guard let value = value(of: text[index]) else { return nil }
            group = group << 6 | UInt32(value)
            if index % 4 == 3 {
                bytes.append(UInt8(truncatingIfNeeded: group >> 16))
                bytes.append(UInt8(truncatingIfNeeded: group >> 8))
                bytes.append(UInt8(truncatingIfNeeded: group))
                group = 0
            }
        }
        switch length % 4 {
        case 2:
            guard group & 0xF == 0 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: group >> 4))
        case 3:
            guard group & 0x3 == 0 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: group >> 10))
            bytes.append(UInt8(truncatingIfNeeded: group >> 2))
        default:
            break
        }
        return bytes
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

    private func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-") where self == .url, UInt8(ascii: "+") where self == .standard: 62
        case UInt8(ascii: "_") where self == .url, UInt8(ascii: "/") where self == .standard: 63
        default: nil
        }
    }
}
