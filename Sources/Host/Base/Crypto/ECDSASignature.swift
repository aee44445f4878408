// The two spellings of an ECDSA signature: fixed-width R and S in tokens, DER in libcrypto.

/// Converts without interpreting: whether R and S are in range is libcrypto's to say.
enum ECDSASignature {
    /// DER `SEQUENCE { INTEGER r, INTEGER s }` of a JWS signature (RFC 7518 section 3.4), `nil` unless it is exactly
    /// two coordinates wide.
    static func der(fromFixedWidth signature: [UInt8], coordinateLength: Int) -> [UInt8]? {
        guard signature.count == 2 * coordinateLength else { return nil }
        let content = integer(signature[..<coordinateLength]) + integer(signature[coordinateLength...])
        return [0x30] + length(content.count) + content
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.isEmpty || digits[0] & 0x80 != 0 {
            digits.insert(0, at: 0)
        }
        return [0x02] + length(digits.count) + digits
    }

    /// At most 139 bytes follow (P-521), so one length byte after 0x81 is enough.
    private static func length(_ count: Int) -> [UInt8] {
        count < 0x80 ? [UInt8(count)] : [0x81, UInt8(count)]
    }
}
