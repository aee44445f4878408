// What becomes of the arguments that a client sent: taken as they are, taken for what they mean, or refused.

import JSON
import JSONSchema

extension CallPipeline {
    /// Why arguments never reached the tool.
    public enum ArgumentsError: Error {
        case malformed(JSONSyntaxError)
        case notAnObject
        case violations([SchemaViolation])
    }

    /// The most violations that are told at once.
    private static let violationLimit = 16
    public static let noArguments = Array("{}".utf8)

    /// - Returns: what the tool is to be given: the very bytes, or what they stand for. No text at all stands for `{}`,
    ///   and unless the operator wants it otherwise a refused `null` stands for an optional member that is left out.
    /// - Throws: `ArgumentsError` when that is not one JSON object that fits the tool's input schema.
    public static func check(_ arguments: [UInt8], for tool: ServedTool) throws(ArgumentsError) -> [UInt8] {
        // Every input schema asks for an object.
        if tool.inputSchema.recognizes(arguments.span) { return arguments }
        return try lookCloser(at: arguments, for: tool)
    }

    /// Checks arguments inside a larger document that was parsed already.
    ///
    /// - Returns: what the tool is to be given: the very bytes, or what they stand for.
    /// - Throws: `ArgumentsError` when that is not one JSON object that fits the tool's input schema.
    public static func check(_ arguments: JSONNode, for tool: ServedTool) throws(ArgumentsError) -> [UInt8] {
        guard let text = arguments.sourceText, arguments.kind == .object else { throw .notAnObject }
        if tool.inputSchema.accepts(text, parsedAs: arguments) { return text }
        // Told once more from the arguments alone: a violation names its place in them, not in the message around.
        return try lookCloser(at: text, for: tool)
    }

    private static func lookCloser(at text: [UInt8], for tool: ServedTool) throws(ArgumentsError) -> [UInt8] {
        let (schema, takesNulls) = (tool.inputSchema, tool.nullArguments == .absent)
        if isBlank(text.span) { return try lookCloser(at: noArguments, for: tool) }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: text)
        } catch {
            throw .malformed(error)
        }
        if document.root.isNull, takesNulls { return try lookCloser(at: noArguments, for: tool) }
        guard document.root.kind == .object else { throw .notAnObject }
        if schema.isValid(document) { return text }

        let nulls = schema.refusedNulls(in: document)
        guard takesNulls, nulls.hasOptional else {
            throw .violations(violations(of: document, schema, nulls, isStrict: !takesNulls))
        }
        let meant = nulls.textWithoutOptional()
        let rest: JSONDocument
        do {
            rest = try JSONDocument(parsing: meant)
        } catch {
            throw .malformed(error)
        }
        if schema.isValid(rest) { return meant }
        throw .violations(violations(of: rest, schema, schema.refusedNulls(in: rest), isStrict: false))
    }

    /// What does not fit, and of each null what it would take.
    private static func violations(
        of document: JSONDocument, _ schema: CompiledSchema, _ nulls: RefusedNulls, isStrict: Bool
    ) -> [SchemaViolation] {
        schema.validate(document, limit: violationLimit).map { violation in
            let hint =
                if nulls.isRequired(violation.instancePointer) {
                    "; the member is required, so that null does not count as left out"
                } else if isStrict, nulls.isOptional(violation.instancePointer) {
                    "; leave the member out, since null does not count as that here "
                        + "(TOOL_NULL_ARGUMENTS, or null_arguments in the pack's YAML, is strict)"
                } else {
                    ""
                }
            guard !hint.isEmpty else { return violation }
            return SchemaViolation(
                instancePointer: violation.instancePointer, schemaPointer: violation.schemaPointer,
                keyword: violation.keyword, message: violation.message + hint)
        }
    }

    /// Whether there is nothing but JSON's white space.
    private static func isBlank(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            switch text[index] {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: return false
            }
        }
        return true
    }
}
