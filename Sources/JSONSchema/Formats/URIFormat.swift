// URIs, IRIs and their templates, checked character by character (RFC 3986, 3987, 6570).

@_spi(Text) import JSON

enum URIFormat {
    static func isReference(_ text: ArraySlice<UInt8>, needsScheme: Bool, allowsUnicode: Bool) -> Bool {
        var rest = text
        if let colon = text.firstIndex(where: { ":/?#".utf8.contains($0) }), text[colon] == UInt8(ascii: ":") {
            guard isScheme(text[..<colon]) else { return false }
            rest = text[(colon + 1)...]
        } else if needsScheme {
            return false
        }
        let fragment = rest.firstIndex(of: UInt8(ascii: "#")) ?? rest.endIndex
        guard isText(rest[fragment...].dropFirst(), "/?:@", allowsUnicode) else { return false }
        rest = rest[..<fragment]
        let query = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        guard isText(rest[query...].dropFirst(), "/?:@", allowsUnicode, allowsPrivate: true) else { return false }
        rest = rest[..<query]
        if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            guard isAuthority(rest[..<slash], allowsUnicode) else { return false }
            rest = rest[slash...]
        }
        return isText(rest, "/:@", allowsUnicode)
    }

    /// RFC 3986 section 3.1.
    static func isScheme(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, isAlphanumeric(first), !isDigit(first) else { return false }
        return text.allSatisfy { isAlphanumeric($0) || "+-.".utf8.contains($0) }
    }

    private static func isAuthority(_ text: ArraySlice<UInt8>, _ allowsUnicode: Bool) -> Bool {
        var host = text
        if let at = text.lastIndex(of: UInt8(ascii: "@")) {
            guard isText(text[..<at], ":", allowsUnicode) else { return false }
            host = text[(at + 1)...]
        }
        if host.first == UInt8(ascii: "[") {
            guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = host[..<end].dropFirst()
            guard NetworkFormat.isIPv6(address) || isFutureAddress(address) else { return false }
            return isPort(host[(end + 1)...])
        }
        let colon = host.lastIndex(of: UInt8(ascii: ":")) ?? host.endIndex
        return isText(host[..<colon], "", allowsUnicode) && isPort(host[colon...])
    }

    private static func isFutureAddress(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, first | 0x20 == UInt8(ascii: "v") else { return false }
        let version = text.dropFirst().prefix { hexadecimalDigit($0) != nil }
        let rest = text.dropFirst(1 + version.count)
        return !version.isEmpty && rest.first == UInt8(ascii: ".") && rest.count > 1
            && isText(rest.dropFirst(), ":", false)
    }

    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        text.isEmpty || (text.first == UInt8(ascii: ":") && text.dropFirst().allSatisfy(isDigit))
    }

    /// Unreserved characters, sub-delims, percent-encoded bytes and some `extra`.
    private static func isText(
        _ text: ArraySlice<UInt8>, _ extra: String, _ allowsUnicode: Bool, allowsPrivate: Bool = false
    ) -> Bool {
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte >= 0x80, allowsUnicode {
                let (scalar, size) = URICharacters.scalar(text, at: index)
                guard URICharacters.isInternational(scalar, allowsPrivate: allowsPrivate) else { return false }
                index += size
                continue
            }
            if byte == UInt8(ascii: "%") {
                guard index + 2 < text.endIndex, hexadecimalDigit(text[index + 1]) != nil,
                    hexadecimalDigit(text[index + 2]) != nil
                else { return false }
                index += 3
                continue
            }
            guard isAlphanumeric(byte) || "-._~!$&'()*+,;=".utf8.contains(byte) || extra.utf8.contains(byte) else {
                return false
            }
            index += 1
        }
        return true
    }

    /// RFC 6570 section 2: literals and expressions in braces; an apostrophe is a literal (erratum 6937).
    static func isTemplate(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        while let byte = rest.first {
            if byte == UInt8(ascii: "{") {
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")), isExpression(rest[..<end].dropFirst()) else {
                    return false
                }
                rest = rest[(end + 1)...]
            } else if byte >= 0x80 {
                let (scalar, size) = URICharacters.scalar(rest, at: rest.startIndex)
                guard URICharacters.isInternational(scalar, allowsPrivate: true) else { return false }
                rest = rest.dropFirst(size)
            } else {
                if byte <= 0x20 || byte == 0x7F || "\"<>\\^`|}".utf8.contains(byte) { return false }
                if byte == UInt8(ascii: "%") {
                    guard rest.count >= 3, rest.dropFirst().prefix(2).allSatisfy({ hexadecimalDigit($0) != nil })
                    else { return false }
                }
                rest = rest.dropFirst()
            }
        }
        return true
    }

    private static func isExpression(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        if let first = rest.first, "+#./;?&=,!@|".utf8.contains(first) { rest = rest.dropFirst() }
        return rest.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).allSatisfy(isVariable)
    }

    private static func isVariable(_ text: ArraySlice<UInt8>) -> Bool {
        var name = text
        if name.last == UInt8(ascii: "*") {
            name = name.dropLast()
        } else if let colon = name.firstIndex(of: UInt8(ascii: ":")) {
            let length = name[(colon + 1)...]
            guard (1...4).contains(length.count), length.allSatisfy(isDigit), length.first != UInt8(ascii: "0") else {
                return false
            }
            name = name[..<colon]
        }
        // Section 2.3: dots only between characters, which may be percent-encoded.
        return name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
            var rest = part
            while let byte = rest.first {
                if byte == UInt8(ascii: "%") {
                    guard rest.count >= 3, rest.dropFirst().prefix(2).allSatisfy({ hexadecimalDigit($0) != nil })
                    else { return false }
                    rest = rest.dropFirst(3)
                } else {
                    guard isAlphanumeric(byte) || byte == UInt8(ascii: "_") else { return false }
                    rest = rest.dropFirst()
                }
            }
            return !part.isEmpty
        }
    }
}
