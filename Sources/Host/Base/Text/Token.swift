// Tokens, of which HTTP makes the names of methods and fields.

extension String {
    /// Whether the text is a token: RFC 9110 section 5.6.2.
    public var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                byte.isASCIILetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }
}

extension Sequence<UInt8> {
    /// Whether the bytes are `b64token` (RFC 6750 section 2.1):
    /// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
    public var isB64Token: Bool {
        var characters = 0
        var padded = false
        for byte in self {
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
}
