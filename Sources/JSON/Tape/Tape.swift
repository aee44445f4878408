// A parsed document: one array of fixed-size entries with skip links over its bytes, no allocation per value.

/// One value, or one member name in front of its value.
package struct TapeEntry: Sendable, BitwiseCopyable {
    package struct Flags: OptionSet, Sendable, BitwiseCopyable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The literal `true`.
        package static let isTrue = Flags(rawValue: 1)
        /// A number written without fraction and exponent.
        package static let isPlainInteger = Flags(rawValue: 2)
        /// A string of ASCII only: as many characters as bytes.
        package static let isASCII = Flags(rawValue: 4)
        /// An object two of whose names may be equal.
        static let isSuspect = Flags(rawValue: 8)
    }

    /// First byte: of a string's content, a number's text, a literal, a bracket.
    package var start: UInt32
    /// Bytes of a string or number; elements of an array; members of an object.
    package var length: UInt32
    /// The entry after this value and all it contains.
    package var next: UInt32
    package var kind: JSONKind
    package var flags: Flags
    /// A mark of a member name's content: different marks, different names. Zero for values.
    package var mark: UInt16
}

/// The bytes and the entries; immutable, so any number of threads may read it.
package struct Tape: Sendable {
    /// The text; behind it the content of strings that were written with escapes.
    package private(set) var bytes: [UInt8]
    package private(set) var entries: ContiguousArray<TapeEntry>

    /// Exchanged rather than copied: one reference to each array is what lets it be written to in place.
    fileprivate mutating func leave(_ bytes: inout [UInt8], _ entries: inout ContiguousArray<TapeEntry>) {
        swap(&bytes, &self.bytes)
        swap(&entries, &self.entries)
    }
}

/// What a document was kept in, empty and ready for the next one: who reads many, one after the other, need not ask for
/// memory each time.
public struct JSONMemory: Sendable {
    /// The text of the next document, once it was put here.
    public var text: [UInt8] = []
    private var entries = ContiguousArray<TapeEntry>()

    public init() {}

    /// Takes the memory of a document, which is gone afterwards. Where somebody else holds it too, or a value of it,
    /// this comes to nothing: they keep it, and the next document gets its own.
    public init(of document: inout JSONDocument?) {
        document?.tape.leave(&text, &entries)
        document = nil
        text.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    /// Exchanged as well.
    mutating func takeAll() -> (text: [UInt8], entries: ContiguousArray<TapeEntry>) {
        var taken = (text: [UInt8](), entries: ContiguousArray<TapeEntry>())
        swap(&taken.text, &text)
        swap(&taken.entries, &entries)
        return taken
    }
}

/// A cheap mark from length and the first and the last eight bytes: a filter before comparing, never a proof of
/// equality.
@inlinable
@inline(__always)
@_spi(Text) public func contentMark(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> UInt16 {
    var mark = (UInt64(length) ^ contentHead(text, start, length)) &* 0x9E37_79B9_7F4A_7C15
    if length > 8 { mark = (mark ^ mark >> 32 ^ word(text, start &+ length &- 8)) &* 0xC2B2_AE3D_27D4_EB4F }
    return UInt16(truncatingIfNeeded: mark >> 48)
}

/// The first eight bytes of a text, zeros behind a shorter one.
@inlinable
@inline(__always)
@_spi(Text) public func contentHead(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> UInt64 {
    length >= 8 ? word(text, start) : shortWord(text.extracting(start..<start &+ length))
}

@inlinable
@inline(__always)
@_spi(Text) public func sameBytes(_ a: Span<UInt8>, _ aStart: Int, _ b: Span<UInt8>, _ bStart: Int, _ length: Int)
    -> Bool
{
    let a = a.extracting(aStart..<aStart &+ length)
    let b = b.extracting(bStart..<bStart &+ length)
    guard length >= 8 else { return shortWord(a) == shortWord(b) }
    var index = 0
    while index < length &- 8 {
        if word(a, index) != word(b, index) { return false }
        index &+= 8
    }
    return word(a, length &- 8) == word(b, length &- 8)
}
