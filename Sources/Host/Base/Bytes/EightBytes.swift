// Text eight bytes at a time: heads are short, but every request has two of them.

/// Eight bytes of a text as one number, the first byte lowest.
public enum EightBytes {
    @inlinable static var each: UInt64 { 0x0101_0101_0101_0101 }

    /// Written byte by byte, which the compiler makes one load of.
    @inlinable
    @inline(__always)
    public static func load(_ text: Span<UInt8>, at start: Int) -> UInt64 {
        let bytes = text.extracting(start..<start &+ 8)
        return UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16 | UInt64(bytes[3]) << 24
            | UInt64(bytes[4]) << 32 | UInt64(bytes[5]) << 40 | UInt64(bytes[6]) << 48 | UInt64(bytes[7]) << 56
    }

    /// With small letters for the capital ones of ASCII: sums of seven bits never carry into the next byte, so
    /// that the high bit of each says whether it is at least an A, and whether it is beyond a Z.
    @inlinable
    @inline(__always)
    public static func lowercased(_ word: UInt64) -> UInt64 {
        let low = word & (each &* 0x7F)
        let capitals = (low &+ each &* (0x80 - 0x41)) & ~(low &+ each &* (0x80 - 0x5B)) & ~word & (each &* 0x80)
        return word | capitals >> 2
    }

    /// The high bit of each control character of ASCII.
    @inlinable
    @inline(__always)
    static func controls(_ word: UInt64) -> UInt64 {
        let low = word & (each &* 0x7F)
        let noControl = (low &+ each &* 0x60) & ((low ^ each &* 0x7F) &+ each &* 0x7F)
        return ~(noControl | word) & (each &* 0x80)
    }

    /// Copies a text, and looks at it on the way. An answer's head copied so, a log line that is not copied to end it,
    /// and the like saved one in thirty of a call's instructions.
    ///
    /// - Returns: whether there is no control character in it.
    @inlinable
    @inline(__always)
    public static func copy(_ text: Span<UInt8>, to output: inout MutableRawSpan, at start: Int) -> Bool {
        guard text.count >= 8 else {
            var isPlain = true
            for index in text.indices {
                let byte = text[index]
                if byte < 0x20 || byte == 0x7F { isPlain = false }
                output.storeBytes(of: byte, toByteOffset: start &+ index, as: UInt8.self)
            }
            return isPlain
        }
        var (found, index) = (UInt64(0), 0)
        // The last eight bytes, some of which may have been copied already.
        let last = text.count &- 8
        while index < last {
            let word = load(text, at: index)
            output.storeBytes(of: word.littleEndian, toByteOffset: start &+ index, as: UInt64.self)
            found |= controls(word)
            index &+= 8
        }
        let word = load(text, at: last)
        output.storeBytes(of: word.littleEndian, toByteOffset: start &+ last, as: UInt64.self)
        return found | controls(word) == 0
    }
}
