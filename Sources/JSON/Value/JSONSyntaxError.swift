// Why a text is not JSON and where, in terms a caller can find in their editor.

/// A text that is not strict JSON (RFC 8259), or exceeds the limits.
public struct JSONSyntaxError: Error, Hashable, Sendable {
    /// Bytes before the offending one.
    public let offset: Int
    /// 1-based; lines end with a line feed.
    public let line: Int
    /// 1-based, in characters (Unicode scalars), not bytes.
    public let column: Int
    /// A phrase without any of the input, safe to send to the caller.
    public let reason: String

    init(_ failure: ParseFailure, in text: Span<UInt8>) {
        var line = 1
        var column = 1
        for index in 0..<min(failure.offset, text.count) {
            let byte = text[index]
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        offset = failure.offset
        self.line = line
        self.column = column
        reason = failure.reason.rawValue
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    public var description: String { "line \(line), column \(column): \(reason)" }
}

/// The parser's own error: two words, so that throwing it costs nothing.
package struct ParseFailure: Error {
    enum Reason: String {
        case empty = "the text is empty"
        case tooLong = "the text is longer than allowed"
        case byteOrderMark = "a byte order mark is not allowed"
        case unexpectedEnd = "the text ends too early"
        case expectedValue = "expected a value"
        case trailing = "nothing may follow the value"
        case tooDeep = "values are nested too deeply"
        case expectedKey = "expected a member name in double quotes"
        case expectedColon = "expected ':' after the member name"
        case expectedObjectEnd = "expected ',' or '}'"
        case expectedArrayEnd = "expected ',' or ']'"
        case duplicate = "the object already has a member with this name"
        case literal = "expected true, false or null"
        case digit = "expected a digit"
        case leadingZero = "a number has no leading zeros"
        case exponent = "the exponent has more than nine digits"
        case controlCharacter = "control characters in strings must be escaped"
        case encoding = "the text is not valid UTF-8"
        case escape = "unknown escape sequence"
        case hexadecimal = "expected four hexadecimal digits"
        case surrogate = "an escaped surrogate has no partner"
    }

    let offset: Int
    let reason: Reason

    init(_ offset: Int, _ reason: Reason) {
        self.offset = offset
        self.reason = reason
    }
}
