// A tool as quirks are looked for in it: walked once, however many questions there are.

import HostDocuments
import HostTools
import JSON
import JSONSchema

/// One tool, laid out for checks.
public struct ToolSubject: Sendable {
    struct Schema: Sendable {
        /// Into the descriptor.
        var pointer: JSONPointer
        var members: JSONObject
        /// Objects that it stands in, itself included, where it describes one.
        var depth: Int
    }

    /// Schemas of a descriptor that are looked at; further ones of such a giant are not.
    static let maximumSchemas = 20_000

    let descriptor: ToolDescriptor
    /// The input schema and every schema in it, the outer ones first.
    let input: [Schema]
    let output: [Schema]
    /// Places of `default`s that do not fit, with the reason.
    let refusedDefaults: [ClientQuirk.Spot]
    /// Places of elements of `examples` that do not fit, with the reason.
    let refusedExamples: [ClientQuirk.Spot]

    /// - Parameter schemas: the descriptor's, compiled, where that was done already.
    public init(_ descriptor: ToolDescriptor, schemas: (input: CompiledSchema, output: CompiledSchema)? = nil) {
        self.descriptor = descriptor
        input = Self.walk(descriptor.inputSchema, "input_schema")
        output = Self.walk(descriptor.outputSchema, "output_schema")
        let compiled = [
            ("input_schema", schemas?.input ?? (try? CompiledSchema(descriptor.inputSchema))),
            ("output_schema", schemas?.output ?? (try? CompiledSchema(descriptor.outputSchema))),
        ]
        refusedDefaults = compiled.flatMap { Self.places($0, $1?.refusedDefaults() ?? []) }
        refusedExamples = compiled.flatMap { Self.places($0, $1?.refusedExamples() ?? []) }
    }

    private static func places(_ member: String, _ refused: [CompiledSchema.RefusedValue]) -> [ClientQuirk.Spot] {
        refused.map { pointer, violation in
            ClientQuirk.Spot(
                pointer: JSONPointer([member] + (JSONPointer(parsing: pointer)?.tokens ?? [])),
                detail: "does not fit the schema that it stands in (\(violation.message))")
        }
    }

    public init(_ tool: CheckedTool) {
        self.init(tool.descriptor, schemas: (tool.inputSchema, tool.outputSchema))
    }

    /// What a model reads of the tool.
    var text: String { ModelText(descriptor).whole }

    private static func walk(_ root: JSONValue, _ member: String) -> [Schema] {
        var found: [Schema] = []
        var next = 0
        func add(_ schema: JSONValue, _ pointer: JSONPointer, _ depth: Int) {
            guard found.count < maximumSchemas, case .object(let members) = schema else { return }
            let isObject = members["type"]?.string == "object" || members["properties"] != nil
            found.append(Schema(pointer: pointer, members: members, depth: depth + (isObject ? 1 : 0)))
        }
        add(root, JSONPointer([member]), 0)
        while next < found.count {
            let schema = found[next]
            next += 1
            for (keyword, value) in schema.members {
                for (path, subschema) in SchemaKeywords.schemas(under: keyword, value) {
                    add(subschema, schema.pointer.appending(path), schema.depth)
                }
            }
        }
        return found
    }
}
