// A parsed document: one array of fixed-size entries with skip links over its bytes, no allocation per value.

/// One value, or one member name in front of its value.
struct TapeEntry: Sendable, BitwiseCopyable {
    struct Flags: OptionSet, Sendable, BitwiseCopyable {
        let rawValue: UInt8
        /// The literal `true`.
        static let isTrue = Flags(rawValue: 1)
        /// A number written without fraction and exponent.
        static let isPlainInteger = Flags(rawValue: 2)
        /// A string of ASCII only: as many characters as bytes.
        static let isASCII = Flags(rawValue: 4)
        /// An object two of whose names may be equal.
        static let isSuspect = Flags(rawValue: 8)
    }

    /// First byte: of a string's content, a number's text, a literal, a bracket.
    var start: UInt32
    /// Bytes of a string or number; elements of an array; members of an object.
    var length: UInt32
    /// The entry after this value and all it contains.
    var next: UInt32
    var kind: JSONKind
    var flags: Flags
    /// A mark of a member name's content: different marks, different names. Zero for values.
    var mark: UInt16
}

/// The bytes and the entries; immutable, so any number of threads may read it.
struct Tape: Sendable {
    /// The text; behind it the content of strings that were written with escapes.
    let bytes: [UInt8]
    let entries: ContiguousArray<TapeEntry>
}

/// A cheap mark from length and four sampled bytes: a filter before comparing, never a proof of equality.
@inline(__always)
func contentMark(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> UInt16 {
    guard length > 0 else { return 0 }
    var mark = UInt32(truncatingIfNeeded: length) &* 0x9E37
    mark = (mark ^ UInt32(text[start])) &* 0x85EB
    mark = (mark ^ UInt32(text[start + length - 1])) &* 0xCA6B
    mark = (mark ^ UInt32(text[start + length / 2])) &* 0xC2B3
    mark = (mark ^ UInt32(text[start + length / 4])) &* 0x9E3B
    return UInt16(truncatingIfNeeded: mark ^ (mark >> 16))
}

@inline(__always)
func sameBytes(_ a: Span<UInt8>, _ aStart: Int, _ b: Span<UInt8>, _ bStart: Int, _ length: Int) -> Bool {
    // Cut to size first, so that the loop needs no checks of its own.
    let a = a.extracting(aStart..<aStart &+ length)
    let b = b.extracting(bStart..<bStart &+ length)
    for index in 0..<length where a[index] != b[index] { return false }
    return true
}
