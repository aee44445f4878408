// Addresses: email (RFC 5321), host names (RFC 1123), IPv4 and IPv6 (RFC 4291).

@_spi(Text) import JSON

enum NetworkFormat {
    /// A Mailbox of RFC 5321 section 4.1.2.
    static func isEmail(_ text: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let local = text[..<at]
        let domain = text[(at + 1)...]
        guard isLocalPart(local, allowsUnicode: allowsUnicode) else { return false }
        if domain.first == UInt8(ascii: "["), domain.last == UInt8(ascii: "]") {
            let literal = domain.dropFirst().dropLast()
            if literal.starts(with: "IPv6:".utf8) { return isIPv6(literal.dropFirst(5)) }
            return isIPv4(literal)
        }
        return isDomain(domain, allowsUnicode: allowsUnicode)
    }

    private static func isLocalPart(_ text: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        guard !text.isEmpty, text.count <= 64 || allowsUnicode else { return false }
        if text.first == UInt8(ascii: "\""), text.count >= 2, text.last == UInt8(ascii: "\"") {
            var isEscaped = false
            for byte in text.dropFirst().dropLast() {
                if byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !allowsUnicode) { return false }
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    return false
                }
            }
            return !isEscaped
        }
        var previous = UInt8(ascii: ".")
        for byte in text {
            if byte == UInt8(ascii: ".") {
                if previous == byte { return false }
            } else if !(isAlphanumeric(byte) || (byte >= 0x80 && allowsUnicode) || isAtomSymbol(byte)) {
                return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: ".")
    }

    private static func isAtomSymbol(_ byte: UInt8) -> Bool { "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte) }

    /// RFC 1123 section 2.1; labels that begin with `xn--` have to be ones of IDNA2008 (RFC 5890 section 2.3.2.1).
    static func isHostname(_ text: ArraySlice<UInt8>) -> Bool {
        isDomain(text, allowsUnicode: false)
            && text.split(separator: UInt8(ascii: ".")).allSatisfy { label in
                !isEncoded(label) || InternationalLabel.isEncoded(label.dropFirst(4))
            }
    }

    /// RFC 5890 section 2.3.2.3, with the dots of RFC 3490 section 3.1.
    static func isInternationalHostname(_ text: ArraySlice<UInt8>) -> Bool {
        let dots: Set<Unicode.Scalar> = [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"]
        // Each character is at least one of the 253 once it is encoded, and at most four bytes before.
        guard text.count <= 4 * 253 else { return false }
        var length = -1
        for label in String(decoding: text, as: UTF8.self).unicodeScalars.split(
            omittingEmptySubsequences: false, whereSeparator: dots.contains)
        {
            let scalars = label.map(\.value)
            if scalars.allSatisfy({ $0 < 0x80 }) {
                let ascii = scalars.map { UInt8($0) }
                guard isHostname(ascii[...]) else { return false }
                length += ascii.count + 1
            } else {
                // Longer ones cannot be short enough once they are encoded.
                guard scalars.count <= 63, InternationalLabel.isLabel(scalars) else { return false }
                let encoded = 4 + Punycode.encode(scalars).count
                guard encoded <= 63 else { return false }
                length += encoded + 1
            }
        }
        return length <= 253
    }

    private static func isEncoded(_ label: ArraySlice<UInt8>) -> Bool {
        label.count >= 4 && label.prefix(4).map { $0 | 0x20 } == Array("xn--".utf8)
    }

    /// RFC 1123 section 2.1: labels of letters, digits and inner hyphens.
    private static func isDomain(_ text: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        guard !text.isEmpty, text.count <= 253 else { return false }
        var length = 0
        var previous = UInt8(ascii: ".")
        for byte in text {
            if byte == UInt8(ascii: ".") {
                if length == 0 || previous == UInt8(ascii: "-") { return false }
                length = 0
            } else {
                guard isAlphanumeric(byte) || byte == UInt8(ascii: "-") || (byte >= 0x80 && allowsUnicode) else {
                    return false
                }
                if length == 0, byte == UInt8(ascii: "-") { return false }
                length += 1
                if length > 63 { return false }
            }
            previous = byte
        }
        return length > 0 && previous != UInt8(ascii: "-")
    }

    /// Four decimal octets without leading zeros (RFC 2673 section 3.2).
    static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
        var octets = 0
        var rest = text
        while true {
            let digits = rest.prefix(while: isDigit)
            guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0"),
                digits.reduce(0, { $0 * 10 + Int($1 & 15) }) <= 255
            else { return false }
            octets += 1
            rest = rest.dropFirst(digits.count)
            if rest.isEmpty { return octets == 4 }
            guard rest.first == UInt8(ascii: "."), octets < 4 else { return false }
            rest = rest.dropFirst()
        }
    }

    /// RFC 4291 section 2.2, without a zone.
    static func isIPv6(_ text: ArraySlice<UInt8>) -> Bool {
        var groups = 0
        var hasGap = false
        var rest = text
        if rest.starts(with: "::".utf8) {
            hasGap = true
            rest = rest.dropFirst(2)
            if rest.isEmpty { return true }
        }
        while true {
            let digits = rest.prefix { hexadecimalDigit($0) != nil }
            let tail = rest.dropFirst(digits.count)
            if tail.first == UInt8(ascii: ".") {
                guard isIPv4(rest) else { return false }
                groups += 2
                return hasGap ? groups <= 7 : groups == 8
            }
            guard (1...4).contains(digits.count) else { return false }
            groups += 1
            if tail.isEmpty { return hasGap ? groups <= 7 : groups == 8 }
            guard tail.first == UInt8(ascii: ":") else { return false }
            rest = tail.dropFirst()
            if rest.first == UInt8(ascii: ":") {
                if hasGap { return false }
                hasGap = true
                rest = rest.dropFirst()
                if rest.isEmpty { return groups <= 7 }
            }
        }
    }
}

func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26 }
