// A JSON text as a string inside another one, written once and in place: a result goes out as structure and as text.

/// Quotes JSON texts.
public enum QuotedText {
    /// The most bytes that are written for a text of so many, and the eight more that are written to on the way.
    public static func room(for count: Int) -> Int { 2 * count + 10 }

    /// Writes a text as a JSON string (RFC 8259 section 7).
    ///
    /// - Parameters:
    ///   - text: valid JSON. The only control characters in it are tabs and line breaks; any other becomes two spaces.
    ///   - output: has room for `room(for: text.count)` bytes from `start` on.
    /// - Returns: where the string ends.
    public static func write(json text: Span<UInt8>, to output: inout MutableRawSpan, at start: Int) -> Int {
        output.storeBytes(of: UInt8(ascii: "\""), toByteOffset: start, as: UInt8.self)
        var (index, end) = (0, start &+ 1)
        while text.count &- index >= 16 {
            let pair = wordPair(text, index)
            let special = escaped(pair)
            end = write(pair.x, special.x, to: &output, at: end)
            end = write(pair.y, special.y, to: &output, at: end)
            index &+= 16
        }
        if text.count &- index >= 8 {
            let word = word(text, index)
            end = write(word, escaped(SIMD2(word, 0)).x, to: &output, at: end)
            index &+= 8
        }
        let rest = text.extracting(index..<text.count)
        let word = shortWord(rest)
        let special = escaped(SIMD2(word, 0)).x & (1 &<< UInt64(rest.count &* 8) &- 1)
        end = write(word, special, to: &output, at: end) &- (8 &- rest.count)
        output.storeBytes(of: UInt8(ascii: "\""), toByteOffset: end, as: UInt8.self)
        return end &+ 1
    }

    /// Writes eight bytes, and for each one that needs an escape a backslash in its place and all from it on once more, one
    /// place further. What needs none is so never looked at by itself, though JSON has a quotation mark about every seven
    /// bytes.
    ///
    /// - Parameters:
    ///   - word: the first byte lowest.
    ///   - special: the high bits of those that need an escape.
    @inline(__always)
    private static func write(
        _ word: UInt64, _ special: UInt64, to output: inout MutableRawSpan, at start: Int
    ) -> Int {
        output.storeBytes(of: word.littleEndian, toByteOffset: start, as: UInt64.self)
        guard special != 0 else { return start &+ 8 }
        var (left, start) = (special &>> 7, start)
        repeat {
            let bits = left.trailingZeroBitCount
            let rest = word &>> UInt64(bits)
            var escaped = rest &<< 8 | UInt64(UInt8(ascii: "\\"))
            if rest & 0xE0 == 0 { escaped = escaped & ~0xFFFF | control(UInt8(truncatingIfNeeded: rest)) }
            output.storeBytes(of: escaped.littleEndian, toByteOffset: start &+ bits / 8, as: UInt64.self)
            start &+= 1
            left &= left &- 1
        } while left != 0
        // The last of the eight is pushed out by an escape before it, and with its own the letter is.
        let last = UInt8(truncatingIfNeeded: word &>> 56)
        let end = last < 0x20 ? UInt8(truncatingIfNeeded: control(last) &>> 8) : last
        output.storeBytes(of: end, toByteOffset: start &+ 7, as: UInt8.self)
        return start &+ 8
    }

    /// The high bit of each quotation mark, backslash and control character, and of nothing else. Sums of seven bits never
    /// carry into the next byte, so that each one is right, unlike those of `specialBytes`.
    @inline(__always)
    private static func escaped(_ words: SIMD2<UInt64>) -> SIMD2<UInt64> {
        let each = SIMD2<UInt64>(repeating: 0x0101_0101_0101_0101)
        let low = words & (each &* 0x7F)
        let noControl = low &+ each &* 0x60
        let noQuotationMark = (low ^ each &* 0x22) &+ each &* 0x7F
        let noBackslash = (low ^ each &* 0x5C) &+ each &* 0x7F
        return ~(noControl & noQuotationMark & noBackslash | words) & (each &* 0x80)
    }

    /// A backslash and the letter behind it, the first one lowest.
    private static func control(_ byte: UInt8) -> UInt64 {
        switch byte {
        case 0x09: UInt64(UInt8(ascii: "t")) << 8 | 0x5C
        case 0x0A: UInt64(UInt8(ascii: "n")) << 8 | 0x5C
        case 0x0D: UInt64(UInt8(ascii: "r")) << 8 | 0x5C
        default: 0x2020
        }
    }

    /// Writes bytes as they are.
    ///
    /// - Returns: where they end.
    public static func write(_ text: Span<UInt8>, to output: inout MutableRawSpan, at start: Int) -> Int {
        let end = start &+ text.count
        guard text.count >= 8 else {
            for index in text.indices {
                output.storeBytes(of: text[index], toByteOffset: start &+ index, as: UInt8.self)
            }
            return end
        }
        var index = 0
        // The last eight bytes, some of which may have been written already.
        let last = text.count &- 8
        while index < last {
            output.storeBytes(of: word(text, index).littleEndian, toByteOffset: start &+ index, as: UInt64.self)
            index &+= 8
        }
        output.storeBytes(of: word(text, last).littleEndian, toByteOffset: start &+ last, as: UInt64.self)
        return end
    }
}
