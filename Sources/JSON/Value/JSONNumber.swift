// Numbers that keep every digit: big integers and decimals pass through unchanged and compare exactly.

/// A JSON number (RFC 8259 section 6). Equality is numeric: `1`, `1.0` and `1e0` are equal.
public struct JSONNumber: Sendable {
    private enum Storage: Sendable {
        case integer(Int64)
        /// Valid JSON number text.
        case text(String)
    }

    private let storage: Storage

    public init(_ value: Int64) {
        storage = .integer(value)
    }

    /// The shortest text that reads back as `value`; nil for NaN and infinities, which JSON does not have.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.init(finite: value)
    }

    init(finite value: Double) {
        // Whole numbers below 2^53 look like integers; the conversion cannot trap there.
        if abs(value) < 9_007_199_254_740_992, Double(Int64(value)) == value, value != 0 || value.sign == .plus {
            storage = .integer(Int64(value))
        } else {
            storage = .text(value.description)
        }
    }

    /// Text that the parser accepted as a number.
    init(lexeme: String, integer: Int64?) {
        if let integer, lexeme.utf8.first != UInt8(ascii: "-") || integer != 0 {
            storage = .integer(integer)
        } else {
            storage = .text(lexeme)
        }
    }

    /// The number as written, or the shortest text of a number made in the program.
    public var lexeme: String {
        switch storage {
        case .integer(let value): String(value)
        case .text(let text): text
        }
    }

    /// The exact value when it is a whole number in range, however it is written; otherwise nil.
    public var int64: Int64? {
        switch storage {
        case .integer(let value): value
        case .text(let text): DecimalShape(text.utf8.span, 0, text.utf8.count).int64(text.utf8.span)
        }
    }

    /// The nearest double; infinite when the number is beyond the range.
    public var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .text(let text): Double(text) ?? .nan
        }
    }

    /// Whether the value is a whole number, as JSON Schema's type `integer` asks.
    public var isInteger: Bool {
        switch storage {
        case .integer: true
        case .text(let text): DecimalShape(text.utf8.span, 0, text.utf8.count).isInteger
        }
    }

    private static func compare(_ a: JSONNumber, _ b: JSONNumber) -> Int {
        if case .integer(let left) = a.storage, case .integer(let right) = b.storage {
            return left < right ? -1 : left == right ? 0 : 1
        }
        let left = a.lexeme
        let right = b.lexeme
        return DecimalShape.compare(
            DecimalShape(left.utf8.span, 0, left.utf8.count), left.utf8.span,
            DecimalShape(right.utf8.span, 0, right.utf8.count), right.utf8.span)
    }
}

extension JSONNumber: Hashable, Comparable {
    public static func == (a: JSONNumber, b: JSONNumber) -> Bool { compare(a, b) == 0 }
    public static func < (a: JSONNumber, b: JSONNumber) -> Bool { compare(a, b) < 0 }

    public func hash(into hasher: inout Hasher) {
        let text = lexeme
        DecimalShape(text.utf8.span, 0, text.utf8.count).hash(into: &hasher, text.utf8.span)
    }
}

extension JSONNumber: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, CustomStringConvertible {
    public init(integerLiteral value: Int64) { self.init(value) }
    public init(floatLiteral value: Double) { self.init(finite: value) }
    public var description: String { lexeme }
}
