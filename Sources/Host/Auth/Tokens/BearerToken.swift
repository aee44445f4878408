// Takes the bearer token out of `Authorization`, or says what is wrong with the field.

enum BearerToken {
    /// The token of the only field value in `fields` (RFC 6750 section 2.1); only the scheme is looked at here.
    ///
    /// Nothing sent is `.missing`, and so is another scheme, which RFC 6750 section 3.1 counts as no credentials at all. Two
    /// fields are `.malformed`: which of them counts would be a guess.
    static func extract(from fields: [String]) throws(AuthenticationFailure) -> Substring {
        guard let field = fields.first else { throw .missing }
        guard fields.count == 1 else { throw .malformed(.severalCredentials) }
        // Usually the HTTP parser has removed white space around a field value already (RFC 9110 section 5.5).
        let text = field.utf8.trimmingSpace()
        guard !text.isEmpty else { throw .malformed(.malformedCredentials) }
        let schemeEnd = text.firstIndex(of: 0x20) ?? text.endIndex
        guard isBearer(text[..<schemeEnd]) else { throw .missing }
        // RFC 9110 section 11.4: one or more spaces follow the scheme.
        let token = text[schemeEnd...].drop { $0 == 0x20 }
        guard !token.isEmpty else { throw .malformed(.malformedCredentials) }
        return Substring(token)
    }

    /// Whether `token` is `b64token` (RFC 6750 section 2.1): `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
    static func isWellFormed(_ token: some Sequence<UInt8>) -> Bool {
        var characters = 0
        var padded = false
        for byte in token {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                guard !padded else { return false }
                characters += 1
            case UInt8(ascii: "="):
                padded = true
            default:
                return false
            }
        }
        return characters > 0
    }

    /// Scheme names are case-insensitive (RFC 9110 section 11.1).
    private static func isBearer(_ scheme: Substring.UTF8View) -> Bool {
        scheme.elementsEqual("bearer".utf8) { $0 | 0x20 == $1 }
    }
}

extension String.UTF8View {
    fileprivate func trimmingSpace() -> Substring.UTF8View {
        var text = self[...]
        while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
        while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        return text
    }
}
