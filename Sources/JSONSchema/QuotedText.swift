// A JSON text as a string inside another one, written once and in place: a result goes out as structure and as text.

/// Quotes JSON texts.
public enum QuotedText {
    /// The most bytes that are written for a text of so many, and the eight more that are written to on the way.
    public static func room(for count: Int) -> Int { 2 * count + 10 }

    /// Appends a text as a JSON string (RFC 8259 section 7).
    ///
    /// - Parameters:
    ///   - text: valid JSON. The only control characters in it are tabs and line breaks; any other becomes a space.
    ///   - output: has room for `room(for: text.count)` bytes.
    public static func append(json text: Span<UInt8>, to output: inout OutputRawSpan) {
        output.append(UInt8(ascii: "\""))
        var rest = text
        while rest.count >= 8 {
            let word = word(rest, 0)
            rest = rest.extracting(droppingFirst: append(word, of: 8, escaped(word), to: &output))
        }
        while !rest.isEmpty {
            let word = shortWord(rest)
            let special = escaped(word) & (1 &<< UInt64(rest.count &* 8) &- 1)
            rest = rest.extracting(droppingFirst: append(word, of: rest.count, special, to: &output))
        }
        output.append(UInt8(ascii: "\""))
    }

    /// Appends what stands before the first byte that needs an escape, and that.
    ///
    /// - Parameter word: the first of its `count` bytes lowest. All eight are written, and those behind taken back.
    /// - Returns: how many bytes that were.
    @inline(__always)
    private static func append(
        _ word: UInt64, of count: Int, _ special: UInt64, to output: inout OutputRawSpan
    ) -> Int {
        store(word, to: &output)
        guard special != 0 else {
            output.removeLast(8 &- count)
            return count
        }
        let bits = special.trailingZeroBitCount & 56
        output.removeLast(8 &- bits / 8)
        unsafe output.append(escape(UInt8(truncatingIfNeeded: word &>> UInt64(bits))).littleEndian, as: UInt16.self)
        return bits / 8 &+ 1
    }

    /// Appends bytes as they are.
    public static func append(_ text: Span<UInt8>, to output: inout OutputRawSpan) {
        var index = 0
        while text.count &- index >= 8 {
            store(word(text, index), to: &output)
            index &+= 8
        }
        while index < text.count {
            output.append(text[index])
            index &+= 1
        }
    }

    /// Checked like any other way to append: it is called unsafe for the sake of types whose bytes are no value of theirs.
    @inline(__always)
    private static func store(_ word: UInt64, to output: inout OutputRawSpan) {
        unsafe output.append(word.littleEndian, as: UInt64.self)
    }

    /// The high bit of each quotation mark, backslash and control character, and of nothing else. Sums of seven bits never
    /// carry into the next byte, so that each one is right, unlike those of `specialBytes`.
    @inline(__always)
    private static func escaped(_ word: UInt64) -> UInt64 {
        let each: UInt64 = 0x0101_0101_0101_0101
        let low = word & (each &* 0x7F)
        let noControl = low &+ each &* 0x60
        let noQuotationMark = (low ^ each &* 0x22) &+ each &* 0x7F
        let noBackslash = (low ^ each &* 0x5C) &+ each &* 0x7F
        return ~(noControl & noQuotationMark & noBackslash | word) & (each &* 0x80)
    }

    /// The backslash and what follows it, the first one lowest.
    @inline(__always)
    private static func escape(_ byte: UInt8) -> UInt16 {
        byte >= 0x20 ? UInt16(byte) << 8 | 0x5C : control(byte)
    }

    @inline(__always)
    private static func control(_ byte: UInt8) -> UInt16 {
        switch byte {
        case 0x09: UInt16(UInt8(ascii: "t")) << 8 | 0x5C
        case 0x0A: UInt16(UInt8(ascii: "n")) << 8 | 0x5C
        case 0x0D: UInt16(UInt8(ascii: "r")) << 8 | 0x5C
        default: 0x2020
        }
    }
}
