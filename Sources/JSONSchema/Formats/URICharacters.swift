// Which characters beyond ASCII may stand in IRIs and URI templates (RFC 3987 section 2.2, RFC 6570 section 1.5).

enum URICharacters {
    /// `ucschar`, and `iprivate` where that is allowed.
    static func isInternational(_ scalar: UInt32, allowsPrivate: Bool) -> Bool {
        switch scalar {
        case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
        case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: allowsPrivate
        case 0xE0000...0xE0FFF: false
        case 0x10000...0xEFFFD: scalar & 0xFFFF <= 0xFFFD
        default: false
        }
    }

    /// The scalar that begins at `index` of valid UTF-8, and how many bytes it has.
    static func scalar(_ text: ArraySlice<UInt8>, at index: Int) -> (value: UInt32, size: Int) {
        let lead = UInt32(text[index])
        if lead < 0x80 { return (lead, 1) }
        let size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard index + size <= text.endIndex else { return (0xFFFF, 1) }
        var value = lead & (0x7F >> UInt32(size))
        for offset in 1..<size { value = value << 6 | UInt32(text[index + offset] & 0x3F) }
        return (value, size)
    }
}
