// Walks through a text whose members are known beforehand, without a tree: for what comes in with every request. It
// never refuses: where it finds anything unusual it gives up, and the text is parsed, which finds out more slowly and
// says why.

/// Names that an object may have, as nearly everybody writes them: without escapes, the colon right behind.
public struct JSONMemberNames: Sendable {
    /// A name with its quotation marks and the colon.
    private struct Place: BitwiseCopyable {
        let start: Int
        let length: Int
        /// The first eight bytes, and the bits of them that count: a shorter one has fewer.
        let head: UInt64
        let mask: UInt64
    }

    /// All of them, one behind the other.
    private let text: [UInt8]
    private let places: [Place]

    /// The most names there may be; what comes behind is never found.
    private static let maximumCount = 8

    /// - Parameter names: plain text in the order in which they mostly come.
    public init(_ names: [String]) {
        var (text, places): ([UInt8], [Place]) = ([], [])
        for name in names.prefix(Self.maximumCount) {
            let bytes = JSONValue.string(name).bytes() + [UInt8(ascii: ":")]
            places.append(
                Place(
                    start: text.count, length: bytes.count, head: contentHead(bytes.span, 0, bytes.count),
                    mask: bytes.count < 8 ? 1 << UInt64(bytes.count * 8) - 1 : .max))
            text += bytes
        }
        (self.text, self.places) = (text, places)
    }

    /// Which of the names stands at a position, one of those not found before, and where its colon ends.
    @inline(__always)
    fileprivate func find(
        in bytes: Span<UInt8>, at position: Int, except found: UInt8
    ) -> (number: Int, end: Int)? {
        let (text, places) = (text.span, places.span)
        let count = bytes.count &- position
        guard count > 0 else { return nil }
        let head = contentHead(bytes, position, count)
        for number in places.indices where found &>> UInt8(truncatingIfNeeded: number) & 1 == 0 {
            let place = places[number]
            guard head & place.mask == place.head, place.length <= count else { continue }
            let rest = place.length &- 8
            if rest <= 0 || sameBytes(bytes, position &+ 8, text, place.start &+ 8, rest) {
                return (number, position &+ place.length)
            }
        }
        return nil
    }
}

/// A place in a text. What reads something moves it behind that and behind white space, and says when there is no such
/// thing: then the place no longer means anything.
public struct JSONWalk: Sendable {
    public private(set) var position = 0

    public init() {}

    /// The members of one object that were found so far: each name may come once.
    public struct Found: Sendable {
        fileprivate var numbers: UInt8 = 0

        public init() {}

        /// Whether all of these are among them, by their numbers.
        @inline(__always)
        public func contains(_ numbers: Int...) -> Bool {
            numbers.allSatisfy { self.numbers &>> UInt8(truncatingIfNeeded: $0) & 1 != 0 }
        }
    }

    /// Whether the text has come to its end.
    public func isAtEnd(of text: Span<UInt8>) -> Bool { position == text.count }

    /// The byte that stands here; 0, which no value begins with, behind the end.
    public func peek(_ text: Span<UInt8>) -> UInt8 { position < text.count ? text[position] : 0 }

    public mutating func skipSpace(_ text: Span<UInt8>) {
        // Anything above a space is a token, and in most texts every byte is.
        while position < text.count, text[position] <= 0x20 {
            let byte = text[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position &+= 1
        }
    }

    /// Passes a bracket, a brace or a comma.
    public mutating func pass(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position &+= 1
        skipSpace(text)
        return true
    }

    /// The number of the member's name that stands here.
    public mutating func name(_ text: Span<UInt8>, among names: JSONMemberNames, _ found: inout Found) -> Int? {
        guard let (number, end) = names.find(in: text, at: position, except: found.numbers) else { return nil }
        found.numbers |= 1 &<< UInt8(truncatingIfNeeded: number)
        position = end
        skipSpace(text)
        return number
    }

    /// Passes a string.
    ///
    /// - Parameter content: plain text, without anything that could be written as an escape only.
    public mutating func pass(string content: String, _ text: Span<UInt8>) -> Bool {
        let expected = content.utf8.span
        let end = position &+ expected.count &+ 1
        guard end < text.count, text[position] == UInt8(ascii: "\""), text[end] == UInt8(ascii: "\""),
            sameBytes(text, position &+ 1, expected, 0, expected.count)
        else { return false }
        position = end &+ 1
        skipSpace(text)
        return true
    }

    /// A string of ASCII without escapes.
    public mutating func plainString(_ text: Span<UInt8>) -> Range<Int>? {
        guard position < text.count, text[position] == UInt8(ascii: "\"") else { return nil }
        let start = position &+ 1
        let end = endOfPlainText(text, from: start, asciiOnly: true)
        guard end < text.count, text[end] == UInt8(ascii: "\"") else { return nil }
        position = end &+ 1
        skipSpace(text)
        return start..<end
    }

    /// A whole number of at most eighteen digits and no sign.
    public mutating func digits(_ text: Span<UInt8>) -> Int64? {
        let start = position
        var value: Int64 = 0
        while position < text.count, isDigit(text[position]), position &- start < 18 {
            value = value &* 10 &+ Int64(text[position] & 15)
            position &+= 1
        }
        guard position > start, position < text.count, position &- start == 1 || text[start] != UInt8(ascii: "0")
        else { return nil }
        switch text[position] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
        default: break
        }
        skipSpace(text)
        return value
    }

    /// Any value at all, strict JSON like every document.
    public mutating func value(_ text: Span<UInt8>, limits: JSONLimits = .init()) -> Range<Int>? {
        let start = position
        // Much of what nobody looks at is empty.
        if text.count &- start >= 2, text[start] == UInt8(ascii: "{"), text[start &+ 1] == UInt8(ascii: "}") {
            return moved(from: start, to: start &+ 2, text)
        }
        guard let end = TapeParser.endOfValue(text, from: start, limits: limits) else { return nil }
        return moved(from: start, to: end, text)
    }

    /// Behind a value that somebody else has read to its end.
    package mutating func moved(from start: Int, to end: Int, _ text: Span<UInt8>) -> Range<Int> {
        position = end
        skipSpace(text)
        return start..<end
    }
}
