// Schemas of single values: text, numbers, truth values, enumerations.

import JSON

// MARK: - Text

extension Schema where Value == String {
    /// Text of any length.
    ///
    /// - Parameters:
    ///   - pattern: A regular expression that matches somewhere in the text; the host accepts what can be matched in
    ///     linear time. Anchor it with `^` and `$` where the whole text is meant.
    ///   - format: A format of JSON Schema, such as `date` or `email`. An annotation: the host need not check it.
    public static func string(pattern: String? = nil, format: String? = nil) -> Schema {
        text(Ends(), pattern, format)
    }

    /// Text with limits on its length.
    ///
    /// - Parameter length: In Unicode scalars, as JSON Schema counts.
    public static func string<Length: SchemaBounds>(
        length: Length, pattern: String? = nil, format: String? = nil
    ) -> Schema where Length.Bound == Int {
        text(Ends(length), pattern, format)
    }

    /// Text that is one of the given words. Where the words are known in Swift, ``enumeration()`` is the better choice.
    public static func string(oneOf words: [String]) -> Schema {
        string().adding("enum", .array(words.map(JSONValue.string)))
    }

    private static func text(_ length: Ends<Int>, _ pattern: String?, _ format: String?) -> Schema {
        Schema(
            form: .text,
            render: { _ in
                var schema = JSONObject()
                schema["type"] = "string"
                schema["minLength"] = length.lowest.map(JSONValue.init(integer:))
                schema["maxLength"] = length.highest.map(JSONValue.init(integer:))
                schema["pattern"] = pattern.map(JSONValue.string)
                schema["format"] = format.map(JSONValue.string)
                return schema
            },
            read: { node in
                guard let text = node.string else { throw SchemaMismatch("must be a string") }
                return text
            },
            write: { text, writer in writer.string(text) })
    }
}

extension Schema where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of a Swift enumeration, by raw value.
    @inlinable
    public static func enumeration() -> Schema {
        Schema(
            render: { _ in
                var schema = JSONObject()
                schema["type"] = "string"
                schema["enum"] = .array(Value.allCases.map { .string($0.rawValue) })
                return schema
            },
            read: { node in
                guard let text = node.string, let value = Value(rawValue: text) else {
                    let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
                    throw SchemaMismatch("must be one of: \(words)")
                }
                return value
            },
            write: { value, writer in writer.string(value.rawValue) })
    }
}

// MARK: - Numbers

extension Schema where Value: FixedWidthInteger {
    /// A whole number that fits the Swift type.
    @inlinable
    public static func integer(multipleOf step: Value? = nil) -> Schema {
        whole(Ends(), step)
    }

    /// A whole number within limits.
    @inlinable
    public static func integer<Bounds: SchemaBounds>(_ bounds: Bounds, multipleOf step: Value? = nil) -> Schema
    where Bounds.Bound == Value {
        whole(Ends(bounds), step)
    }

    @inlinable
    static func whole(_ bounds: Ends<Value>, _ step: Value?) -> Schema {
        Schema(
            form: Value.self == Int.self ? .integer : .other,
            render: { _ in
                var schema = JSONObject()
                schema["type"] = "integer"
                schema["minimum"] = bounds.lowest.map(JSONValue.init(integer:))
                schema["maximum"] = bounds.highest.map(JSONValue.init(integer:))
                schema["multipleOf"] = step.map(JSONValue.init(integer:))
                return schema
            },
            read: { node in
                guard let wide = node.int64, let value = Value(exactly: wide) else {
                    throw SchemaMismatch("must be an integer from \(Value.min) to \(Value.max)")
                }
                return value
            },
            write: { value, writer in writer.integer(Int64(clamping: value)) })
    }
}

extension Schema where Value == Int {
    /// Text for people of an amount that is held as a whole number, such as cents: with 2 decimals behind `$`, 1234 is
    /// "$12.34" and -5 is "-$0.05". It is written without a `String` of it being made.
    ///
    /// - Parameters:
    ///   - decimals: Digits behind the point, from 0 to 18.
    ///   - symbol: What stands before the digits, and behind a minus.
    public static func amount(decimals: Int, after symbol: String = "") -> Schema {
        let places = min(max(decimals, 0), 18)
        return Schema(
            faults: places == decimals ? [] : ["an amount has 0 to 18 decimals, not \(decimals)"],
            render: { _ in ["type": "string"] },
            read: { node in
                guard let text = node.string, let value = Self.amount(text, places, symbol) else {
                    throw SchemaMismatch("must be an amount with \(places) decimals")
                }
                return value
            },
            write: { value, writer in writer.string(Int64(value), decimals: places, after: symbol) })
    }

    private static func amount(_ text: String, _ decimals: Int, _ symbol: String) -> Int? {
        let isNegative = text.hasPrefix("-")
        let unsigned = text.dropFirst(isNegative ? 1 : 0)
        guard unsigned.hasPrefix(symbol) else { return nil }
        let parts = unsigned.dropFirst(symbol.count).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == (decimals > 0 ? 2 : 1), parts.last?.utf8.count == decimals || decimals == 0,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return Int((isNegative ? "-" : "") + parts.joined())
    }
}

extension Schema where Value == Double {
    /// A number.
    ///
    /// - Parameters:
    ///   - above: The number is greater than this.
    ///   - below: The number is less than this.
    ///   - step: The number is a multiple of this.
    public static func number(above: Double? = nil, below: Double? = nil, multipleOf step: Double? = nil) -> Schema {
        real(Ends(), above, below, step)
    }

    /// A number within limits, which are part of the range.
    public static func number<Bounds: SchemaBounds>(_ bounds: Bounds, multipleOf step: Double? = nil) -> Schema
    where Bounds.Bound == Double {
        real(Ends(bounds), nil, nil, step)
    }

    private static func real(
        _ bounds: Ends<Double>, _ above: Double?, _ below: Double?, _ step: Double?
    ) -> Schema {
        Schema(
            render: { _ in
                var schema = JSONObject()
                schema["type"] = "number"
                schema["minimum"] = bounds.lowest.map(JSONValue.init(real:))
                schema["exclusiveMinimum"] = above.map(JSONValue.init(real:))
                schema["maximum"] = bounds.highest.map(JSONValue.init(real:))
                schema["exclusiveMaximum"] = below.map(JSONValue.init(real:))
                schema["multipleOf"] = step.map(JSONValue.init(real:))
                return schema
            },
            read: { node in
                guard let value = node.double else { throw SchemaMismatch("must be a number") }
                return value
            },
            write: { value, writer in writer.number(value) })
    }
}

// MARK: - Truth values

extension Schema where Value == Bool {
    /// `true` or `false`.
    public static func boolean() -> Schema {
        Schema(
            form: .boolean,
            render: { _ in ["type": "boolean"] },
            read: { node in
                guard let value = node.bool else { throw SchemaMismatch("must be true or false") }
                return value
            },
            write: { value, writer in writer.bool(value) })
    }
}

// MARK: - Numbers as JSON

extension JSONValue {
    @usableFromInline
    init(integer: some BinaryInteger) {
        self.init(Int64(clamping: integer))
    }

    /// Whole numbers are written without a fraction.
    init(real: Double) {
        self = Int64(exactly: real).map { JSONValue($0) } ?? JSONValue(real)
    }
}
