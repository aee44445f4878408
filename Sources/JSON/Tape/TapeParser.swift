// The one parser of the module: strict RFC 8259 text to a tape, in one pass.

package struct TapeParser {
    private(set) var entries: ContiguousArray<TapeEntry>
    /// Contents of strings that had escapes; they end up behind the text.
    var unescaped: [UInt8] = []
    var position = 0
    private var hasSuspects = false
    private let maximumDepth: Int

    /// - Parameter entries: None, but perhaps room for some.
    static func parse(
        _ bytes: [UInt8], limits: JSONLimits, entries: consuming ContiguousArray<TapeEntry> = []
    ) throws(JSONSyntaxError) -> Tape {
        var parser = TapeParser(maximumDepth: limits.effectiveDepth, entries: entries)
        do throws(ParseFailure) {
            guard bytes.count <= limits.effectiveBytes else { throw ParseFailure(limits.effectiveBytes, .tooLong) }
            try parser.document(bytes.span)
        } catch {
            throw JSONSyntaxError(error, in: bytes.span)
        }
        let tape = Tape(bytes: parser.unescaped.isEmpty ? bytes : bytes + parser.unescaped, entries: parser.entries)
        if parser.hasSuspects, let offset = tape.firstDuplicate(textLength: bytes.count) {
            throw JSONSyntaxError(ParseFailure(offset, .duplicate), in: bytes.span)
        }
        return tape
    }

    /// Where the value ends that begins at `start`, as a part of something larger.
    ///
    /// - Returns: `nil` also for some values that are sound: those in which two members may have the same name.
    static func endOfValue(_ text: Span<UInt8>, from start: Int, limits: JSONLimits) -> Int? {
        guard text.count <= limits.effectiveBytes else { return nil }
        var parser = TapeParser(maximumDepth: limits.effectiveDepth, entries: [])
        parser.position = start
        do {
            try parser.value(text, depth: 0)
        } catch {
            return nil
        }
        return parser.hasSuspects ? nil : parser.position
    }

    private init(maximumDepth: Int, entries: consuming ContiguousArray<TapeEntry>) {
        self.maximumDepth = maximumDepth
        self.entries = entries
    }

    private mutating func document(_ text: Span<UInt8>) throws(ParseFailure) {
        if text.isEmpty { throw ParseFailure(0, .empty) }
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
            throw ParseFailure(0, .byteOrderMark)
        }
        entries.reserveCapacity(min(text.count / 6, 1 << 16) + 8)
        skipSpace(text)
        try value(text, depth: 0)
        skipSpace(text)
        if position < text.count { throw ParseFailure(position, .trailing) }
    }

    /// The byte at the position, or 0, which no token starts with.
    @inline(__always)
    func peek(_ text: Span<UInt8>) -> UInt8 { position < text.count ? text[position] : 0 }

    func failure(_ text: Span<UInt8>, _ reason: ParseFailure.Reason) -> ParseFailure {
        ParseFailure(position, position < text.count ? reason : .unexpectedEnd)
    }

    @inline(__always)
    private mutating func skipSpace(_ text: Span<UInt8>) {
        // Anything above a space is a token, and in most documents every byte is.
        if position < text.count, text[position] > 0x20 { return }
        skipSpaces(text)
    }

    @inline(never)
    private mutating func skipSpaces(_ text: Span<UInt8>) {
        while position < text.count {
            let byte = text[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    private mutating func value(_ text: Span<UInt8>, depth: Int) throws(ParseFailure) {
        switch peek(text) {
        case UInt8(ascii: "\""): _ = try string(text, isName: false)
        case UInt8(ascii: "{"): try object(text, depth: depth + 1)
        case UInt8(ascii: "["): try array(text, depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(text)
        case UInt8(ascii: "t"): try literal(text, "true", .bool, .isTrue)
        case UInt8(ascii: "f"): try literal(text, "false", .bool, [])
        case UInt8(ascii: "n"): try literal(text, "null", .null, [])
        default: throw failure(text, .expectedValue)
        }
    }

    private mutating func object(_ text: Span<UInt8>, depth: Int) throws(ParseFailure) {
        let opening = try open(.object, depth)
        var count: UInt32 = 0
        var seen: (UInt64, UInt64) = (0, 0)
        var isSuspect = false
        skipSpace(text)
        if peek(text) == UInt8(ascii: "}") {
            position += 1
            return close(opening, count: 0, isSuspect: false)
        }
        while true {
            guard peek(text) == UInt8(ascii: "\"") else { throw failure(text, .expectedKey) }
            let mark = try string(text, isName: true)
            // Two bits for each name: that both were set by others is rare.
            let (one, other) = (1 &<< UInt64(mark & 63) as UInt64, 1 &<< UInt64(mark >> 6 & 63) as UInt64)
            if seen.0 & one != 0, seen.1 & other != 0 { isSuspect = true }
            seen = (seen.0 | one, seen.1 | other)
            skipSpace(text)
            guard peek(text) == UInt8(ascii: ":") else { throw failure(text, .expectedColon) }
            position += 1
            skipSpace(text)
            try value(text, depth: depth)
            count += 1
            skipSpace(text)
            switch peek(text) {
            case UInt8(ascii: ","):
                position += 1
                skipSpace(text)
            case UInt8(ascii: "}"):
                position += 1
                return close(opening, count: count, isSuspect: isSuspect)
            default:
                throw failure(text, .expectedObjectEnd)
            }
        }
    }

    private mutating func array(_ text: Span<UInt8>, depth: Int) throws(ParseFailure) {
        let opening = try open(.array, depth)
        var count: UInt32 = 0
        skipSpace(text)
        if peek(text) == UInt8(ascii: "]") {
            position += 1
            return close(opening, count: 0, isSuspect: false)
        }
        while true {
            try value(text, depth: depth)
            count += 1
            skipSpace(text)
            switch peek(text) {
            case UInt8(ascii: ","):
                position += 1
                skipSpace(text)
            case UInt8(ascii: "]"):
                position += 1
                return close(opening, count: count, isSuspect: false)
            default:
                throw failure(text, .expectedArrayEnd)
            }
        }
    }

    private mutating func open(_ kind: JSONKind, _ depth: Int) throws(ParseFailure) -> Int {
        if depth > maximumDepth { throw ParseFailure(position, .tooDeep) }
        add(kind, start: position, length: 0, flags: [], mark: 0)
        position += 1
        return entries.count - 1
    }

    private mutating func close(_ opening: Int, count: UInt32, isSuspect: Bool) {
        entries[opening].length = count
        entries[opening].next = UInt32(truncatingIfNeeded: entries.count)
        if isSuspect {
            entries[opening].flags = .isSuspect
            hasSuspects = true
        }
    }

    @inline(__always)
    mutating func add(_ kind: JSONKind, start: Int, length: Int, flags: TapeEntry.Flags, mark: UInt16) {
        // Texts are at most 1 GiB long (JSONLimits), so neither positions nor indices can overflow 32 bits.
        entries.append(
            TapeEntry(
                start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: length),
                next: UInt32(truncatingIfNeeded: entries.count + 1), kind: kind, flags: flags, mark: mark))
    }

    private mutating func literal(
        _ text: Span<UInt8>, _ word: String, _ kind: JSONKind, _ flags: TapeEntry.Flags
    ) throws(ParseFailure) {
        let start = position
        let letters = word.utf8.span
        guard text.count &- start >= letters.count, sameBytes(text, start, letters, 0, letters.count) else {
            while position < text.count, text[position] == letters[position &- start] { position += 1 }
            throw failure(text, .literal)
        }
        position = start &+ letters.count
        add(kind, start: start, length: position - start, flags: flags, mark: 0)
    }
}
