// Moves a tool's schema into a document: definitions become components, and every reference follows them.

import HostTools
import JSON
import JSONSchema

/// One schema of a tool as it stands in a document.
///
/// The root stays where it is used, because importers stumble over a reference there. What is referred to becomes a
/// component: all definitions, and copies of other places, among them the root itself where the schema is recursive.
struct SchemaRelocation {
    enum Side: String {
        case input
        case output

        /// What the ABI calls the schema.
        var member: String { rawValue + "_schema" }
    }

    private(set) var root: JSONValue
    private(set) var components: [(name: String, schema: JSONValue)] = []

    /// Everything about `schema` that a document cannot say; empty where it can be moved.
    static func problems(in schema: JSONValue, tool: String, side: Side) -> [DescriptorProblem] {
        problems(of: SchemaReferences(schema), tool: tool, side: side)
    }

    /// - Parameter names: made with `tool` in view.
    init(_ tool: ToolDescriptor, _ side: Side, names: ComponentNames) {
        let schema = side == .input ? tool.inputSchema : tool.outputSchema
        guard let named = names.schema(tool: tool.name, side: side) else {
            root = schema
            return
        }
        let references = named.references
        let rewriter = SchemaRewriter(references: references, nameOf: named.nameOf)
        root = rewriter.rewritten(schema, at: JSONPointer())
        var told: Set<String> = []
        for target in references.targets {
            guard let name = named.nameOf[target], let entry = references.index.entries[target],
                told.insert(name).inserted
            else { continue }
            components.append((name, rewriter.rewritten(entry.schema, at: target)))
        }
        inlineRoot(addsItems: rewriter.addsItems)
    }

    static func reference(to name: String) -> String {
        "#/components/schemas/" + name
    }

    static func problems(
        of references: SchemaReferences, tool: String, side: Side
    ) -> [DescriptorProblem] {
        references.problems.map {
            DescriptorProblem(
                tool: tool, pointer: JSONPointer([side.member] + $0.pointer.tokens), reason: $0.reason)
        }
    }

    /// A definition is called by its own name, any other place by the way to it.
    static func name(for target: JSONPointer, side: Side) -> String {
        if let last = target.tokens.dropLast().lastIndex(where: SchemaKeywords.definitions.contains) {
            return target.tokens[(last + 1)...].joined(separator: "_")
        }
        return ([side.rawValue] + target.tokens).joined(separator: "_")
    }

    /// Replaces a reference at the root by what it names, as long as nothing beside it could read differently there.
    private mutating func inlineRoot(addsItems: Bool) {
        let harmless: Set<String> = ["type", "title", "description", "default", "examples", "deprecated", "$comment"]
        let byReference = Dictionary(
            components.map { (Self.reference(to: $0.name), $0.schema) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        while case .object(let members) = root, let reference = members["$ref"]?.string,
            seen.insert(reference).inserted, case .object(let target)? = byReference[reference]
        {
            var merged = target
            for (keyword, value) in members where keyword != "$ref" {
                let isRepeated = target[keyword] == value
                let isFiller = ["properties", "items"].contains(keyword) && value == [:]
                guard isRepeated || isFiller || harmless.contains(keyword) else { return }
                guard keyword != "type" || target["type"] == nil || isRepeated else { return }
                if !isFiller { merged[keyword] = value }
            }
            root = .object(PlainSchema.completed(merged, addsItems: addsItems))
        }
    }
}
