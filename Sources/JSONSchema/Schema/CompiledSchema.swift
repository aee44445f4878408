// The public face of the validator: compile once, validate many documents from any thread.

import JSON

/// A JSON Schema 2020-12, compiled once. Unknown keywords are ignored (core section 6.5).
public struct CompiledSchema: Sendable {
    /// A class, so that whoever passes a schema on counts one reference and not those of its source.
    private final class Contents: Sendable {
        let source: JSONValue
        let program: Program
        let shapes: ShapeTable

        init(_ source: JSONValue, _ program: Program) {
            self.source = source
            self.program = program
            shapes = ShapeTable(program)
        }
    }

    private let contents: Contents
    var program: Program { contents.program }
    private var shapes: ShapeTable { contents.shapes }
    /// The schema it was compiled from.
    public var source: JSONValue { contents.source }

    /// - Throws: `SchemaError` for another dialect, a keyword with a value of the wrong type, a reference that does not
    ///   resolve or leads in a circle, or a pattern that cannot be matched in linear time.
    public init(_ schema: JSONValue, options: SchemaOptions = .init()) throws(SchemaError) {
        contents = Contents(schema, try SchemaCompiler.compile(schema, options: options))
    }

    /// The ways in which the document does not fit, at most `limit` of them; none when it is valid.
    public func validate(_ document: JSONDocument, limit: Int = 16) -> [SchemaViolation] {
        if isValid(document) { return [] }
        var run = SchemaRun(program, document.tape, report: ViolationReport(limit: max(limit, 1)))
        _ = run.check(0, 0)
        return run.finishedReport()
    }

    /// True when the text is strict JSON that fits; false when that takes a closer look. Much faster than parsing.
    public func recognizes(_ text: Span<UInt8>, limits: JSONLimits = .init()) -> Bool {
        ShapeReader.recognizes(text, as: shapes, limits: limits)
    }

    /// Whether the text is strict JSON that fits. Much faster than parsing it where that is all one wants to know.
    public func accepts(_ text: [UInt8], limits: JSONLimits = .init()) -> Bool {
        if ShapeReader.recognizes(text.span, as: shapes, limits: limits) { return true }
        guard let document = try? JSONDocument(parsing: text, limits: limits) else { return false }
        return isValid(document)
    }

    /// Whether a value fits that was parsed already, as a part of something larger, and whose text is at hand.
    public func accepts(_ text: [UInt8], parsedAs node: JSONNode, limits: JSONLimits = .init()) -> Bool {
        ShapeReader.recognizes(text.span, as: shapes, limits: limits) || isValid(node)
    }

    /// Where a value ends that begins at `start` in a larger text and is known to fit.
    package func endOfValue(_ text: Span<UInt8>, from start: Int, limits: JSONLimits) -> Int? {
        ShapeReader.endOfValue(text, from: start, as: shapes, limits: limits)
    }

    /// Whether the document fits. Allocates nothing for a valid document, but for two cases that need memory to stay
    /// fast: `uniqueItems` on more than 16 items and `unevaluated…` on more than 64.
    public func isValid(_ document: JSONDocument) -> Bool {
        var run = SchemaRun(program, document.tape, report: nil)
        return run.accepts(0)
    }

    /// Whether a value inside a document fits. Allocates as little as for a whole document.
    public func isValid(_ node: JSONNode) -> Bool {
        var run = SchemaRun(program, node.tape, report: nil)
        return run.accepts(node.index)
    }
}
