// A text parsed once and read many times without a tree: what the hot path validates and decodes.

/// A strict JSON text (RFC 8259): no duplicate members, lone surrogates, byte order mark or trailing bytes.
public struct JSONDocument: Sendable {
    package var tape: Tape

    /// - Throws: `JSONSyntaxError` for the first thing that is not strict JSON.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONSyntaxError) {
        tape = try TapeParser.parse(bytes, limits: limits)
    }

    /// Copies the bytes: the document outlives the span.
    public init(parsing bytes: Span<UInt8>, limits: JSONLimits = .init()) throws(JSONSyntaxError) {
        let copy = [UInt8](capacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
        try self.init(parsing: copy, limits: limits)
    }

    /// Reads the text that was put into `memory`, and takes all that this has.
    public init(parsing memory: inout JSONMemory, limits: JSONLimits = .init()) throws(JSONSyntaxError) {
        let (text, entries) = memory.takeAll()
        tape = try TapeParser.parse(text, limits: limits, entries: entries)
    }

    public init(parsing text: String, limits: JSONLimits = .init()) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// The document of a tree made in the program.
    ///
    /// - Throws: `JSONSyntaxError` when the tree is deeper or larger than the limits.
    public init(_ value: JSONValue, limits: JSONLimits = .init()) throws(JSONSyntaxError) {
        try self.init(parsing: value.bytes(), limits: limits)
    }

    public var root: JSONNode { JSONNode(tape: tape, index: 0) }
}
