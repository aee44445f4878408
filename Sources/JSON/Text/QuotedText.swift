// A JSON text as a string inside another one, written once and in place: a result goes out as structure and as text.

/// Quotes JSON texts.
public enum QuotedText {
    /// The most bytes that are written for a text of so many, and the sixteen more that are written to on the way.
    public static func room(for count: Int) -> Int { 2 * count + 18 }

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

    /// Writes eight bytes, with a backslash before each one that needs an escape. It goes from the last of these to the
    /// first and moves all from it on up by one place, in two words that are written as they are at the end. What needs
    /// none is so never looked at by itself, though JSON has a quotation mark about every seven bytes. Without
    /// branches, by table or byte by byte, it takes 1.2 to 1.8 times as long.
    ///
    /// - Parameters:
    ///   - word: the first byte lowest.
    ///   - special: the high bits of those that need an escape.
    @inline(__always)
    private static func write(
        _ word: UInt64, _ special: UInt64, to output: inout MutableRawSpan, at start: Int
    ) -> Int {
        guard special != 0 else {
            output.storeBytes(of: word.littleEndian, toByteOffset: start, as: UInt64.self)
            return start &+ 8
        }
        var (low, high, left, end) = (word, 0 as UInt64, special, start &+ 8)
        repeat {
            let bits = UInt64(truncatingIfNeeded: 56 &- left.leadingZeroBitCount)
            let below: UInt64 = 1 &<< bits &- 1
            var mark = UInt64(UInt8(ascii: "\\"))
            if low &>> bits & 0xE0 == 0 {
                let letter: UInt64
                (mark, letter) = control(UInt8(truncatingIfNeeded: low &>> bits))
                low = low & ~(0xFF &<< bits) | letter &<< bits
            }
            high = high &<< 8 | low &>> 56
            low = low & below | (low & ~below) &<< 8 | mark &<< bits
            left &= below
            end &+= 1
        } while left != 0
        output.storeBytes(
            of: SIMD2(low.littleEndian, high.littleEndian), toByteOffset: start, as: SIMD2<UInt64>.self)
        return end
    }

    /// The high bit of each quotation mark, backslash and control character, and of nothing else. Sums of seven bits
    /// never carry into the next byte, so that each one is right, unlike those of `specialBytes`.
    @inline(__always)
    private static func escaped(_ words: SIMD2<UInt64>) -> SIMD2<UInt64> {
        let each = SIMD2<UInt64>(repeating: 0x0101_0101_0101_0101)
        let low = words & (each &* 0x7F)
        let noControl = low &+ each &* 0x60
        let noQuotationMark = (low ^ each &* 0x22) &+ each &* 0x7F
        let noBackslash = (low ^ each &* 0x5C) &+ each &* 0x7F
        return ~(noControl & noQuotationMark & noBackslash | words) & (each &* 0x80)
    }

    /// What stands for a control character: a backslash and a letter.
    private static func control(_ byte: UInt8) -> (UInt64, UInt64) {
        switch byte {
        case 0x09: (0x5C, UInt64(UInt8(ascii: "t")))
        case 0x0A: (0x5C, UInt64(UInt8(ascii: "n")))
        case 0x0D: (0x5C, UInt64(UInt8(ascii: "r")))
        default: (0x20, 0x20)
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
