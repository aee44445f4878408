// Finds the end of what needs no attention in a string, eight bytes at a time: most of every document is that.

/// The first byte from `start` on that a string cannot simply go on with: a quotation mark, a backslash, a control
/// character, and with `asciiOnly` whatever is not ASCII; the end of the text where there is none.
@inline(__always)
func endOfPlainText(_ text: Span<UInt8>, from start: Int, asciiOnly: Bool) -> Int {
    var index = start
    while text.count &- index >= 8 {
        let special = specialBytes(word(text, index), asciiOnly: asciiOnly)
        if special != 0 { return index &+ special.trailingZeroBitCount / 8 }
        index &+= 8
    }
    while index < text.count {
        let byte = text[index]
        if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || (asciiOnly && byte >= 0x80) {
            break
        }
        index &+= 1
    }
    return index
}

/// Eight bytes, the first one lowest. Written byte by byte, which the compiler makes one load of.
@inline(__always)
private func word(_ text: Span<UInt8>, _ start: Int) -> UInt64 {
    let bytes = text.extracting(start..<start &+ 8)
    return UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16 | UInt64(bytes[3]) << 24
        | UInt64(bytes[4]) << 32 | UInt64(bytes[5]) << 40 | UInt64(bytes[6]) << 48 | UInt64(bytes[7]) << 56
}

/// The high bit of each byte that is special; right up to the lowest such byte, which is the one that counts.
///
/// A subtraction from all bytes at once borrows, and so sets the high bit, where a byte is too small: below a space, or
/// zero after exclusive-or with the byte looked for. What lies above a borrow may be wrong.
@inline(__always)
private func specialBytes(_ word: UInt64, asciiOnly: Bool) -> UInt64 {
    let each: UInt64 = 0x0101_0101_0101_0101
    let control = word &- each &* 0x20
    let quotationMark = (word ^ each &* 0x22) &- each
    let backslash = (word ^ each &* 0x5C) &- each
    let found = control | quotationMark | backslash
    return (asciiOnly ? found | word : found & ~word) & (each &* 0x80)
}
