// Writing JSON text straight into bytes: escapes and commas in one place.

/// Appends one JSON text to a buffer. Calls must be balanced, a `key` before each member's value.
///
/// A comma follows every value at once, and the closing bracket takes the place of the last one: so nothing needs to know
/// whether it is the first.
public struct JSONWriter: Sendable {
    /// What was written, and behind it room for more: eight bytes are copied at a time, so the end is beyond the text's.
    private var buffer: [UInt8]
    private var count = 0
    private let pretty: Bool
    private var level = 0

    public init(reservingCapacity: Int = 256) {
        self.init(pretty: false, reservingCapacity: reservingCapacity)
    }

    /// - Parameter pretty: line breaks and two spaces a level.
    public init(pretty: Bool, reservingCapacity: Int = 256) {
        self.pretty = pretty
        buffer = [UInt8](repeating: 0, count: reservingCapacity + Self.slack)
    }

    // MARK: Structure

    public mutating func beginObject() { begin(UInt8(ascii: "{")) }
    public mutating func endObject() { end(UInt8(ascii: "{"), UInt8(ascii: "}")) }
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }
    public mutating func endArray() { end(UInt8(ascii: "["), UInt8(ascii: "]")) }

    public mutating func key(_ name: String) {
        quote(name.utf8.span, before: UInt8(ascii: ":"))
        if pretty { append(UInt8(ascii: " ")) }
    }

    /// The same for a name that is written again and again.
    public mutating func key(_ name: JSONKey) {
        makeRoom(name.length)
        let start = count
        var output = buffer.mutableSpan
        store(name.first, to: &output, at: start)
        store(name.second, to: &output, at: start &+ 8)
        if name.length > 16 {
            for index in name.rest.indices { store(name.rest[index], to: &output, at: start &+ 16 &+ index &* 8) }
        }
        count = start &+ name.length
        if pretty { append(UInt8(ascii: " ")) }
    }

    // MARK: Values

    public mutating func string(_ value: String) {
        quote(value.utf8.span, before: UInt8(ascii: ","))
    }

    /// A string whose bytes are known to be valid UTF-8, such as a JSON text inside another one.
    public mutating func string(utf8 value: Span<UInt8>) {
        quote(value, before: UInt8(ascii: ","))
    }

    public mutating func integer(_ value: Int64) {
        number(value, decimals: 0)
    }

    /// NaN and infinities, which JSON does not have, become `null`.
    public mutating func number(_ value: Double) {
        if let number = JSONNumber(value) { self.number(number) } else { null() }
    }

    public mutating func number(_ value: JSONNumber) {
        copy(value.lexeme.utf8.span)
    }

    /// A number with as many digits behind the point as `decimals` says: 1234 with 3 is 1.234.
    public mutating func number(_ value: Int64, decimals: Int) {
        makeRoom(DecimalText.longest &+ decimals &+ 1)
        let start = count
        var output = buffer.mutableSpan
        let end = DecimalText.write(value, decimals: decimals, to: &output, at: start)
        output[end] = UInt8(ascii: ",")
        count = end &+ 1
    }

    public mutating func bool(_ value: Bool) {
        if value { copy("true".utf8.span) } else { copy("false".utf8.span) }
    }

    public mutating func null() {
        copy("null".utf8.span)
    }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for (name, member) in members {
                key(name)
                self.value(member)
            }
            endObject()
        }
    }

    /// A value of a document.
    public mutating func value(_ node: JSONNode) {
        switch node.kind {
        case .null: null()
        case .bool: bool(node.bool == true)
        case .string: string(utf8: node.tape.bytes.span.extracting(node.contentRange))
        case .number: copy(node.tape.bytes.span.extracting(node.contentRange))
        case .array:
            beginArray()
            for element in node.elements { value(element) }
            endArray()
        case .object:
            beginObject()
            for (name, member) in node.members {
                key(name)
                value(member)
            }
            endObject()
        }
    }

    /// One complete JSON value that is known to be valid, copied as it is.
    public mutating func raw(_ json: [UInt8]) {
        copy(json.span)
    }

    public consuming func finish() -> [UInt8] {
        buffer.removeLast(buffer.count - max(count - 1, 0))
        return buffer
    }
}

// MARK: - Brackets and line breaks

extension JSONWriter {
    private mutating func begin(_ bracket: UInt8) {
        makeRoom(1)
        append(bracket)
        level += 1
    }

    private mutating func end(_ opening: UInt8, _ closing: UInt8) {
        level -= 1
        let isEmpty = count > 0 && buffer[count - 1] == opening
        if !isEmpty { count -= 1 }
        if pretty, !isEmpty { breakLine() }
        reserve(2)
        append(closing)
        append(UInt8(ascii: ","))
    }

    @inline(never)
    private mutating func breakLine() {
        reserve(max(level, 0) * 2 + 1)
        append(UInt8(ascii: "\n"))
        for _ in 0..<max(level, 0) * 2 { append(UInt8(ascii: " ")) }
    }
}

// MARK: - Bytes

extension JSONWriter {
    /// What may be written to behind a text that was made room for: words that it does not fill, and what follows it.
    private static let slack = 18

    /// Begins a value or a key of this many bytes.
    @inline(__always)
    private mutating func makeRoom(_ size: Int) {
        // Behind a bracket or a comma, which is to say not behind a key, and not at the beginning.
        if pretty, count > 0, buffer[count - 1] != UInt8(ascii: " ") { breakLine() }
        reserve(size)
    }

    @inline(__always)
    private mutating func reserve(_ size: Int) {
        if buffer.count &- count < size &+ Self.slack { grow(size) }
    }

    @inline(never)
    private mutating func grow(_ size: Int) {
        buffer += [UInt8](repeating: 0, count: max(size + Self.slack, buffer.count))
    }

    /// A byte that there is room for.
    private mutating func append(_ byte: UInt8) {
        buffer[count] = byte
        count &+= 1
    }

    private mutating func copy(_ text: Span<UInt8>) {
        makeRoom(text.count)
        let start = count
        var output = buffer.mutableSpan
        _ = copyText(text, to: &output, at: start)
        output[start &+ text.count] = UInt8(ascii: ",")
        count = start &+ text.count &+ 1
    }

    /// Nearly all texts need no escapes and are copied at once; the others once more.
    private mutating func quote(_ text: Span<UInt8>, before separator: UInt8) {
        makeRoom(text.count)
        let start = count
        var output = buffer.mutableSpan
        output[start] = UInt8(ascii: "\"")
        if copyText(text, to: &output, at: start &+ 1) {
            let end = start &+ text.count &+ 1
            output[end] = UInt8(ascii: "\"")
            output[end &+ 1] = separator
            count = end &+ 2
        } else {
            count = start &+ 1
            escape(text, before: separator)
        }
    }

    /// The rest of a quoted text from its beginning, and the closing quotation mark.
    private mutating func escape(_ text: Span<UInt8>, before separator: UInt8) {
        // A control character becomes six bytes.
        reserve(text.count * 6)
        var (end, index) = (count, 0)
        var output = buffer.mutableSpan
        while index < text.count {
            if text.count &- index >= 8 {
                let word = word(text, index)
                store(word, to: &output, at: end)
                let special = specialBytes(word, asciiOnly: false)
                let plain = special == 0 ? 8 : special.trailingZeroBitCount / 8
                index &+= plain
                end &+= plain
                if special == 0 { continue }
            }
            Self.escape(text[index], into: &output, at: &end)
            index &+= 1
        }
        output[end] = UInt8(ascii: "\"")
        output[end &+ 1] = separator
        count = end &+ 2
    }

    private static func escape(_ byte: UInt8, into output: inout MutableSpan<UInt8>, at end: inout Int) {
        func put(_ byte: UInt8) {
            output[end] = byte
            end &+= 1
        }
        guard byte < 0x20 else {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { put(UInt8(ascii: "\\")) }
            return put(byte)
        }
        put(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: put(UInt8(ascii: "b"))
        case 0x09: put(UInt8(ascii: "t"))
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0C: put(UInt8(ascii: "f"))
        case 0x0D: put(UInt8(ascii: "r"))
        default:
            for byte in "u00".utf8 { put(byte) }
            put(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let digit = byte & 15
            put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
