// Writing JSON text straight into bytes: escapes and commas in one place.

/// Appends one JSON text to a buffer. Calls must be balanced, a `key` before each member's value.
public struct JSONWriter: Sendable {
    private var bytes: [UInt8] = []
    private let pretty: Bool
    private var level = 0
    /// Whether the next value comes right behind an opening bracket, a key or nothing.
    private var isFirst = true

    public init(reservingCapacity: Int = 256) {
        self.init(pretty: false, reservingCapacity: reservingCapacity)
    }

    /// - Parameter pretty: line breaks and two spaces a level.
    public init(pretty: Bool, reservingCapacity: Int = 256) {
        self.pretty = pretty
        bytes.reserveCapacity(reservingCapacity)
    }

    public mutating func beginObject() { begin(UInt8(ascii: "{")) }
    public mutating func endObject() { end(UInt8(ascii: "}")) }
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if pretty { bytes.append(UInt8(ascii: " ")) }
        isFirst = true
        followsKey = true
    }

    /// The same for a name that is written again and again.
    public mutating func key(_ name: JSONKey) {
        separate()
        bytes.append(contentsOf: name.bytes)
        if pretty { bytes.append(UInt8(ascii: " ")) }
        isFirst = true
        followsKey = true
    }

    public mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    /// A string whose bytes are known to be valid UTF-8, such as a JSON text inside another one.
    public mutating func string(utf8 value: Span<UInt8>) {
        separate()
        quote(value)
    }

    public mutating func integer(_ value: Int64) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        decimal(value.magnitude)
    }

    /// NaN and infinities, which JSON does not have, become `null`.
    public mutating func number(_ value: Double) {
        separate()
        if let number = JSONNumber(value) { append(number) } else { bytes.append(contentsOf: "null".utf8) }
    }

    public mutating func number(_ value: JSONNumber) {
        separate()
        append(value)
    }

    /// A number with as many digits behind the point as `decimals` says: 1234 with 3 is 1.234.
    public mutating func number(_ value: Int64, decimals: Int) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var scale: UInt64 = 1
        for _ in 0..<decimals { scale *= 10 }
        decimal(value.magnitude / scale)
        guard decimals > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var rest = value.magnitude % scale
        while scale > 1 {
            scale /= 10
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / scale))
            rest %= scale
        }
    }

    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
    }

    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
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
        case .string: string(node.tape.string(node.index))
        case .number:
            separate()
            bytes.append(contentsOf: node.tape.string(node.index).utf8)
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
        separate()
        bytes.append(contentsOf: json)
    }

    public consuming func finish() -> [UInt8] { bytes }

    private var followsKey = false

    private mutating func separate() {
        if followsKey {
            followsKey = false
        } else {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            if level > 0 { breakLine() }
        }
        isFirst = false
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        level += 1
        isFirst = true
    }

    private mutating func end(_ bracket: UInt8) {
        level -= 1
        if !isFirst { breakLine() }
        bytes.append(bracket)
        isFirst = false
    }

    private mutating func breakLine() {
        guard pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<max(level, 0) * 2 { bytes.append(UInt8(ascii: " ")) }
    }

    private mutating func append(_ number: JSONNumber) {
        bytes.append(contentsOf: number.lexeme.utf8)
    }

    private mutating func decimal(_ value: UInt64) {
        guard value >= 10 else { return bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value)) }
        var scale: UInt64 = 10
        while value / scale >= 10 { scale *= 10 }
        var rest = value
        while scale > 0 {
            bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / scale))
            rest %= scale
            scale /= 10
        }
    }

    private mutating func quote(_ text: String) {
        let source = text.utf8.span
        guard source.count > 32, endOfPlainText(source, from: 0, asciiOnly: false) == source.count else {
            return quote(source)
        }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    /// One check for room instead of one a byte: names and short words are the most of what is written.
    private mutating func quote(_ source: Span<UInt8>) {
        guard endOfPlainText(source, from: 0, asciiOnly: false) == source.count else { return quoteEscaping(source) }
        bytes.append(addingCapacity: source.count &+ 2) { output in
            output.append(UInt8(ascii: "\""))
            for index in source.indices { output.append(source[index]) }
            output.append(UInt8(ascii: "\""))
        }
    }

    /// Two passes: the first finds how long the text becomes, without a branch, the second writes it.
    private mutating func quoteEscaping(_ source: Span<UInt8>) {
        var escaped = 0
        var controls = 0
        for index in source.indices {
            let byte = source[index]
            escaped &+= byte == UInt8(ascii: "\"") ? 1 : 0
            escaped &+= byte == UInt8(ascii: "\\") ? 1 : 0
            controls &+= byte < 0x20 ? 1 : 0
        }
        bytes.append(addingCapacity: source.count + escaped + 5 * controls + 2) { output in
            output.append(UInt8(ascii: "\""))
            for index in source.indices {
                let byte = source[index]
                if byte < 0x20 {
                    Self.escape(control: byte, into: &output)
                } else {
                    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
                    output.append(byte)
                }
            }
            output.append(UInt8(ascii: "\""))
        }
    }

    private static func escape(control byte: UInt8, into output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        default:
            for byte in "u00".utf8 { output.append(byte) }
            output.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let digit = byte & 15
            output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
