// Judges what a pack says of a tool, and turns it into the descriptor and the compiled schemas that calls use.

import HostEngines
import HostTools
import JSON
import JSONSchema
import ToolABI

/// Reads tool descriptors.
public struct DescriptorReader {
    /// Whether `format` in a schema is a condition.
    var assertsFormats = false
    /// What a descriptor has to pass once it is read.
    public var checks: [ToolCheck] = []

    public init(assertsFormats: Bool = false, checks: [ToolCheck] = []) {
        self.assertsFormats = assertsFormats
        self.checks = checks
    }

    /// - Throws: `PackText.Fault` that names the field and says what is wrong with it.
    func tool(from raw: RawToolDescriptor, packID: String) throws(PackText.Fault) -> CheckedTool {
        let hints = try hints(raw.flags)
        guard ToolDescriptor.isName(raw.name) else {
            throw PackText.Fault(
                field: "name",
                reason: "\"\(raw.name)\" is not 1 to 64 letters, digits and underscores, which is what OpenAPI "
                    + "importers take as a function name")
        }
        if Self.isBlank(raw.summary) {
            throw PackText.Fault(field: "summary", reason: "is empty; say in a sentence what the tool does")
        }
        let inputSchema = try required(raw.inputSchema, "input_schema", least: #"{"type":"object","properties":{}}"#)
        guard inputSchema["type"]?.string == "object" else {
            throw PackText.Fault(
                field: "input_schema", reason: "does not say \"type\": \"object\" at its root; arguments are one object"
            )
        }
        let outputSchema = try required(raw.outputSchema, "output_schema", least: #"{"type":"object"}"#)
        let meta = raw.meta.isEmpty ? JSONValue.object([:]) : try json(raw.meta, "meta")
        guard meta.object != nil else { throw PackText.Fault(field: "meta", reason: "is not a JSON object") }
        for scope in raw.scopes where !Self.isScope(scope) {
            throw PackText.Fault(
                field: "scopes", reason: "\"\(scope)\" is no scope token (RFC 6749 section 3.3)")
        }
        let descriptor = ToolDescriptor(
            name: raw.name,
            title: Self.isBlank(raw.title) ? raw.name : raw.title,
            summary: raw.summary,
            description: Self.isBlank(raw.description) ? raw.summary : raw.description,
            inputSchema: inputSchema,
            outputSchema: outputSchema,
            meta: meta,
            scopes: raw.scopes,
            hints: hints,
            packID: packID
        )
        return CheckedTool(
            descriptor: descriptor,
            inputSchema: try compile(inputSchema, "input_schema"),
            outputSchema: try compile(outputSchema, "output_schema"),
            claimsInline: raw.flags & TOOL_INLINE != 0,
            timeoutMilliseconds: raw.timeoutMilliseconds,
            maxConcurrency: Int(raw.maxConcurrency),
            maxResultBytes: Int(clamping: raw.maxResultBytes)
        )
    }

    private func hints(_ flags: UInt32) throws(PackText.Fault) -> ToolHints {
        let unknown = flags & 0xFFFF_0000
        guard unknown == 0 else {
            throw PackText.Fault(
                field: "flags", reason: "has bits that this host does not know (0x\(String(unknown, radix: 16)))")
        }
        return ToolHints(
            isReadOnly: try pair(flags, (TOOL_READ_ONLY, "TOOL_READ_ONLY"), (TOOL_WRITES, "TOOL_WRITES")),
            isDestructive: try pair(
                flags, (TOOL_DESTRUCTIVE, "TOOL_DESTRUCTIVE"), (TOOL_ADDITIVE, "TOOL_ADDITIVE")),
            isIdempotent: try pair(flags, (TOOL_IDEMPOTENT, "TOOL_IDEMPOTENT"), (TOOL_REPEATS, "TOOL_REPEATS")),
            isOpenWorld: try pair(flags, (TOOL_OPEN_WORLD, "TOOL_OPEN_WORLD"), (TOOL_CLOSED, "TOOL_CLOSED"))
        )
    }

    /// Whether the first flag of a pair is set; exactly one must be.
    private func pair(
        _ flags: UInt32, _ first: (bit: UInt32, name: String), _ second: (bit: UInt32, name: String)
    ) throws(PackText.Fault) -> Bool {
        let (isFirst, isSecond) = (flags & first.bit != 0, flags & second.bit != 0)
        guard isFirst != isSecond else {
            throw PackText.Fault(
                field: "flags",
                reason: (isFirst ? "has both" : "has neither") + " \(first.name) \(isFirst ? "and" : "nor") "
                    + "\(second.name); state exactly one")
        }
        return isFirst
    }

    /// - Parameter least: a schema for tools that have nothing to say.
    private func required(_ text: String, _ field: String, least: String) throws(PackText.Fault) -> JSONValue {
        if text.isEmpty {
            throw PackText.Fault(field: field, reason: "is empty, and has to be stated; the least is \(least)")
        }
        return try json(text, field)
    }

    func json(_ text: String, _ field: String) throws(PackText.Fault) -> JSONValue {
        do {
            return try JSONValue(parsing: text)
        } catch {
            if (try? JSONDocument(parsing: text, limits: JSONLimits(depth: 512))) != nil {
                throw PackText.Fault(
                    field: field,
                    reason: "has arrays and objects more than \(JSONLimits().depth) deep inside each other "
                        + "(line \(error.line), column \(error.column)); in a schema, move parts under $defs")
            }
            throw PackText.Fault(
                field: field, reason: "is not JSON: \(error.reason) (line \(error.line), column \(error.column))")
        }
    }

    func compile(_ schema: JSONValue, _ field: String) throws(PackText.Fault) -> CompiledSchema {
        var options = SchemaOptions()
        options.assertsFormats = assertsFormats
        do {
            return try CompiledSchema(schema, options: options)
        } catch {
            let place = error.pointer.isEmpty ? "its root" : error.pointer
            throw PackText.Fault(field: field, reason: "at \(place): \(error.reason)")
        }
    }

    /// Whether a text says nothing: what is not empty, but looks like it, is taken for it.
    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    /// RFC 6749 section 3.3: `%x21 / %x23-5B / %x5D-7E`.
    public static func isScope(_ scope: String) -> Bool {
        !scope.isEmpty
            && scope.utf8.allSatisfy { $0 == 0x21 || (0x23...0x5B).contains($0) || (0x5D...0x7E).contains($0) }
    }
}
