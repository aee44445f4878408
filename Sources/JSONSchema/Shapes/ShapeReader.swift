// Recognises valid documents in one pass over their bytes, without a tape. It never refuses: what it does not recognise
// is parsed and validated, which finds out more slowly and says why. For a search that was a quarter of all
// instructions; this takes 0.38 of them.

@_spi(Text) import JSON

/// Reads one document against a ``ShapeTable``.
///
/// Members are expected in the order of the schema, as nearly everything that writes JSON keeps to one order; some may
/// be left out. That order is also why no name can occur twice.
struct ShapeReader: ~Copyable {
    private let table: ShapeTable
    private var position = 0
    private var depth: Int
    /// Members that may still be looked for in vain, so that the work stays in proportion to the text.
    private var patience: Int

    private init(_ table: ShapeTable, depth: Int, patience: Int) {
        self.table = table
        self.depth = depth
        self.patience = patience
    }

    /// True when the text is strict JSON within the limits and fits the schema; false when that is not known.
    static func recognizes(_ text: Span<UInt8>, as table: ShapeTable, limits: JSONLimits) -> Bool {
        guard text.count <= limits.effectiveBytes else { return false }
        var reader = ShapeReader(table, depth: limits.effectiveDepth, patience: 64 + text.count)
        let names = table.text
        reader.skipSpace(text)
        guard reader.value(text, names.span, 0) else { return false }
        reader.skipSpace(text)
        return reader.position == text.count
    }

    /// Where a value ends that begins at `start` and fits; `nil` when that is not known.
    static func endOfValue(
        _ text: Span<UInt8>, from start: Int, as table: ShapeTable, limits: JSONLimits
    ) -> Int? {
        guard text.count <= limits.effectiveBytes else { return nil }
        var reader = ShapeReader(table, depth: limits.effectiveDepth, patience: 64 + text.count)
        reader.position = start
        let names = table.text
        return reader.value(text, names.span, 0) ? reader.position : nil
    }

    @inline(__always)
    private func peek(_ text: Span<UInt8>) -> UInt8 { position < text.count ? text[position] : 0 }

    @inline(__always)
    private mutating func skipSpace(_ text: Span<UInt8>) {
        if peek(text) > 0x20 { return }
        while case let byte = peek(text), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position &+= 1
        }
    }

    /// A part of what reads containers, so that the many strings and numbers in them take no call.
    @inline(__always)
    private mutating func value(_ text: Span<UInt8>, _ names: Span<UInt8>, _ index: Int32) -> Bool {
        let shape = table.shapes[Int(index)]
        switch peek(text) {
        case UInt8(ascii: "\""): return shape.types.contains(.string) && string(text, names, shape)
        case UInt8(ascii: "{"): return shape.types.contains(.object) && object(text, names, shape)
        case UInt8(ascii: "["): return shape.types.contains(.array) && array(text, names, shape)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return shape.types.contains(.integer) && number(text, shape)
        case UInt8(ascii: "t"):
            return shape.types.contains(TypeSet(.bool)) && literal(text, 0x6575_7274, from: position)
        case UInt8(ascii: "f"):
            return shape.types.contains(TypeSet(.bool)) && literal(text, 0x6573_6C61, from: position &+ 1)
        case UInt8(ascii: "n"):
            return shape.types.contains(TypeSet(.null)) && literal(text, 0x6C6C_756E, from: position)
        default: return false
        }
    }

    /// One of the three words, by four of its letters: `true`, `alse`, `null`, the first one lowest.
    private mutating func literal(_ text: Span<UInt8>, _ letters: UInt32, from start: Int) -> Bool {
        guard start &+ 4 <= text.count, halfWord(text, start) == letters else { return false }
        position = start &+ 4
        return true
    }

    // MARK: Containers

    @inline(never)
    private mutating func object(_ text: Span<UInt8>, _ names: Span<UInt8>, _ shape: Shape) -> Bool {
        guard enter(text) else { return false }
        var present: UInt64 = 0
        var member = shape.firstMember
        if peek(text) != UInt8(ascii: "}") {
            while true {
                guard let found = find(text, names, &member, before: shape.endMember) else { return false }
                present |= found.required
                skipSpace(text)
                guard value(text, names, found.shape) else { return false }
                skipSpace(text)
                guard peek(text) == UInt8(ascii: ",") else { break }
                position &+= 1
                skipSpace(text)
            }
        }
        return present == shape.required && leave(text, UInt8(ascii: "}"))
    }

    /// The next member whose name stands here with its colon; the position is then behind them.
    @inline(__always)
    private mutating func find(
        _ text: Span<UInt8>, _ names: Span<UInt8>, _ member: inout Int32, before end: Int32
    ) -> ShapeMember? {
        while member < end {
            let candidate = table.members[Int(member)]
            member &+= 1
            if stands(candidate, text, names) {
                position &+= Int(candidate.length)
                return candidate
            }
            patience &-= 1
            guard candidate.required == 0, patience > 0 else { return nil }
        }
        return nil
    }

    /// Whether the next thing is the name of this member with its colon. Most names are told by two words.
    @inline(__always)
    private func stands(_ member: ShapeMember, _ text: Span<UInt8>, _ names: Span<UInt8>) -> Bool {
        let (length, start) = (Int(member.length), Int(member.start))
        let left = text.count &- position
        guard left >= 8 else { return left >= length && sameBytes(text, position, names, start, length) }
        guard (word(text, position) ^ member.head) & member.mask == 0 else { return false }
        guard length > 8 else { return true }
        guard left >= length, word(text, position &+ length &- 8) == member.tail else { return false }
        return length <= 16 || sameBytes(text, position &+ 8, names, start &+ 8, length &- 16)
    }

    @inline(never)
    private mutating func array(_ text: Span<UInt8>, _ names: Span<UInt8>, _ shape: Shape) -> Bool {
        guard enter(text) else { return false }
        var count = 0
        if peek(text) != UInt8(ascii: "]") {
            while true {
                guard value(text, names, shape.item) else { return false }
                count &+= 1
                skipSpace(text)
                guard peek(text) == UInt8(ascii: ",") else { break }
                position &+= 1
                skipSpace(text)
            }
        }
        guard shape.bounds == Instruction.none || table.bounds[Int(shape.bounds)].counts.contains(count) else {
            return false
        }
        return leave(text, UInt8(ascii: "]"))
    }

    @inline(__always)
    private mutating func enter(_ text: Span<UInt8>) -> Bool {
        depth &-= 1
        position &+= 1
        skipSpace(text)
        return depth >= 0
    }

    @inline(__always)
    private mutating func leave(_ text: Span<UInt8>, _ bracket: UInt8) -> Bool {
        guard peek(text) == bracket else { return false }
        depth &+= 1
        position &+= 1
        return true
    }

    // MARK: Strings and numbers

    @inline(__always)
    private mutating func string(_ text: Span<UInt8>, _ names: Span<UInt8>, _ shape: Shape) -> Bool {
        let start = position &+ 1
        let end = endOfPlainText(text, from: start, asciiOnly: true)
        guard end < text.count, text[end] == UInt8(ascii: "\"") else {
            return rareString(text, names, shape.bounds, start, end)
        }
        position = end &+ 1
        return shape.bounds == Instruction.none || fits(text, names, start..<end, end &- start, shape.bounds)
    }

    /// A string that is not ASCII or has escapes, from the first byte that shows it.
    @inline(never)
    private mutating func rareString(
        _ text: Span<UInt8>, _ names: Span<UInt8>, _ bounds: Int32, _ start: Int, _ first: Int
    ) -> Bool {
        var index = first
        var continuations = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                position = index &+ 1
                return bounds == Instruction.none
                    || fits(text, names, start..<index, index &- start &- continuations, bounds)
            case 0x80...:
                guard let end = try? TapeParser.sequence(text, index) else { return false }
                continuations &+= end &- index &- 1
                index = end
            case UInt8(ascii: "\\"):
                // What it stands for is not looked at here.
                guard bounds == Instruction.none, (try? TapeParser.escape(text, &index)) != nil else { return false }
            default: return false
            }
            index = endOfPlainText(text, from: index, asciiOnly: true)
        }
        return false
    }

    private func fits(
        _ text: Span<UInt8>, _ names: Span<UInt8>, _ content: Range<Int>, _ characters: Int, _ bounds: Int32
    ) -> Bool {
        let bounds = table.bounds[Int(bounds)]
        guard bounds.lengths.contains(characters) else { return false }
        guard let choices = bounds.choices else { return true }
        return choices.contains { index in
            let choice = table.choices[index]
            return Int(choice.length) == content.count
                && sameBytes(text, content.lowerBound, names, Int(choice.start), content.count)
        }
    }

    private mutating func number(_ text: Span<UInt8>, _ shape: Shape) -> Bool {
        var index = position
        func next() -> UInt8 { index < text.count ? text[index] : 0 }
        let isNegative = next() == UInt8(ascii: "-")
        if isNegative { index &+= 1 }
        let start = index
        var magnitude: Int64 = 0
        while case let digit = next() &- UInt8(ascii: "0"), digit < 10 {
            magnitude = magnitude &* 10 &+ Int64(digit)
            index &+= 1
        }
        let digits = index &- start
        guard digits > 0, digits == 1 || text[start] != UInt8(ascii: "0") else { return false }
        let values = shape.bounds == Instruction.none ? nil : table.bounds[Int(shape.bounds)].values
        if next() == UInt8(ascii: ".") {
            guard shape.types.contains(.number), values == nil else { return false }
            let point = index
            repeat { index &+= 1 } while isDigit(next())
            guard index &- point > 1 else { return false }
        } else if let values {
            // Eighteen digits always fit.
            guard digits <= 18, values.contains(isNegative ? -magnitude : magnitude) else { return false }
        }
        position = index
        return next() | 0x20 != UInt8(ascii: "e")
    }
}
