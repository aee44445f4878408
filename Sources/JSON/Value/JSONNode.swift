// Reading a document: a position that knows its kind, its value and its children.

/// A value in a `JSONDocument`. Cheap to copy; keeps the document alive.
public struct JSONNode: Sendable {
    package let tape: Tape
    package let index: Int

    package init(tape: Tape, index: Int) {
        self.tape = tape
        self.index = index
    }

    private var entry: TapeEntry { tape.entries[index] }

    public var kind: JSONKind { entry.kind }
    public var isNull: Bool { kind == .null }
    public var bool: Bool? { kind == .bool ? entry.flags.contains(.isTrue) : nil }
    public var string: String? { kind == .string ? tape.string(index) : nil }
    /// The exact whole number, when it is one and in range; `1.0` and `1e0` are 1.
    public var int64: Int64? { tape.int64(index) }
    /// The nearest double, when the number is in its range.
    public var double: Double? {
        guard kind == .number else { return nil }
        if let integer = tape.plainInteger(index) { return Double(integer) }
        guard let value = Double(tape.string(index)), value.isFinite else { return nil }
        return value
    }
    /// The number with all its digits.
    public var number: JSONNumber? {
        guard kind == .number else { return nil }
        return JSONNumber(lexeme: tape.string(index), integer: tape.plainInteger(index))
    }

    /// Where the content of a string or the text of a number is.
    var contentRange: Range<Int> { Int(entry.start)..<Int(entry.start) + Int(entry.length) }

    /// Elements of an array or members of an object; zero for other kinds.
    public var count: Int { kind == .array || kind == .object ? Int(entry.length) : 0 }

    /// The value of a member, when this is an object that has it. The name is compared as it reads without escapes.
    public subscript(key: String) -> JSONNode? {
        guard kind == .object, let member = tape.member(index, key.utf8.span) else { return nil }
        return JSONNode(tape: tape, index: member)
    }

    /// An element, when this is an array that has it; takes time proportional to `position`.
    public subscript(position: Int) -> JSONNode? {
        guard kind == .array, position >= 0, position < count else { return nil }
        return elements.dropFirst(position).first { _ in true }
    }

    /// The elements of an array in order; empty for other kinds.
    public var elements: Elements {
        Elements(tape: tape, index: index + 1, end: kind == .array ? Int(entry.next) : 0)
    }

    /// The members of an object in order; empty for other kinds.
    public var members: Members {
        Members(tape: tape, index: index + 1, end: kind == .object ? Int(entry.next) : 0)
    }

    /// The text of an object or array exactly as it was written, brackets included; `nil` for other kinds.
    public var sourceText: [UInt8]? {
        guard kind == .object || kind == .array else { return nil }
        return Array(tape.bytes[tape.range(ofContainer: index)])
    }

    /// The value as a tree.
    public var value: JSONValue {
        switch kind {
        case .null: return .null
        case .bool: return .bool(entry.flags.contains(.isTrue))
        case .number: return number.map(JSONValue.number) ?? .null
        case .string: return .string(tape.string(index))
        case .array: return .array(elements.map(\.value))
        case .object:
            var object = JSONObject()
            for (key, node) in members { object.append(key, node.value) }
            return .object(object)
        }
    }

    public struct Elements: Sequence, IteratorProtocol, Sendable {
        let tape: Tape
        var index: Int
        let end: Int

        public mutating func next() -> JSONNode? {
            guard index < end else { return nil }
            defer { index = Int(tape.entries[index].next) }
            return JSONNode(tape: tape, index: index)
        }
    }

    public struct Members: Sequence, IteratorProtocol, Sendable {
        let tape: Tape
        var index: Int
        let end: Int

        public mutating func next() -> (key: String, value: JSONNode)? {
            guard index < end else { return nil }
            defer { index = Int(tape.entries[index + 1].next) }
            return (tape.string(index), JSONNode(tape: tape, index: index + 1))
        }
    }
}

extension Tape {
    /// The content of a string, or the text of a number.
    func string(_ index: Int) -> String {
        let entry = entries[index]
        let start = Int(entry.start)
        return text(start, start + Int(entry.length))
    }

    /// From the opening bracket of a container to behind its closing one. The text was parsed, so that only strings and
    /// brackets need to be told apart.
    package func range(ofContainer index: Int) -> Range<Int> {
        let text = bytes.span
        let start = Int(entries[index].start)
        var end = start
        var depth = 0
        var isInString = false
        while end < text.count {
            switch text[end] {
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\\") where isInString: end += 1
            case UInt8(ascii: "{") where !isInString, UInt8(ascii: "[") where !isInString: depth += 1
            case UInt8(ascii: "}") where !isInString, UInt8(ascii: "]") where !isInString: depth -= 1
            default: break
            }
            end += 1
            if depth == 0 { break }
        }
        return start..<end
    }

    func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    /// A number without fraction and exponent that fits `Int64`.
    package func plainInteger(_ index: Int) -> Int64? {
        let entry = entries[index]
        guard entry.flags.contains(.isPlainInteger) else { return nil }
        let text = bytes.span
        var position = Int(entry.start)
        let end = position + Int(entry.length)
        let isNegative = text[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        guard end - position <= 18 else {
            return DecimalShape(text, Int(entry.start), Int(entry.length)).int64(text)
        }
        var value: Int64 = 0
        while position < end {
            value = value &* 10 &+ Int64(text[position] & 15)
            position += 1
        }
        return isNegative ? -value : value
    }

    func int64(_ index: Int) -> Int64? {
        guard entries[index].kind == .number else { return nil }
        if let integer = plainInteger(index) { return integer }
        return shape(index).int64(bytes.span)
    }

    package func shape(_ index: Int) -> DecimalShape {
        DecimalShape(bytes.span, Int(entries[index].start), Int(entries[index].length))
    }
}
