// Moves a tool's schema into a document: definitions become components, and every reference follows them.

import JSONSchema

/// Names of components that are taken, for a whole document.
struct ComponentNames {
    private var taken: Set<String> = []

    /// `wanted` with everything that OpenAPI forbids in a component's name replaced (3.1.0 section 4.8.7.1), and a
    /// number after it where the name is taken. The same tools in the same order always get the same names.
    mutating func claim(_ wanted: String) -> String {
        let name = String(
            wanted.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_": Character(scalar)
                default: "_"
                }
            })
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)_\(number)"
            number += 1
        }
        return candidate
    }
}

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

    init(
        _ schema: JSONValue, tool: String, side: Side, names: inout ComponentNames
    ) throws(DescriptorProblem) {
        let references = SchemaReferences(schema)
        if let problem = Self.problems(of: references, tool: tool, side: side).first { throw problem }
        var nameOf: [JSONPointer: String] = [:]
        for target in references.targets {
            nameOf[target] = names.claim(tool + "_" + Self.name(for: target, side: side))
        }
        let rewriter = Rewriter(references: references, nameOf: nameOf)
        root = rewriter.rewritten(schema, at: JSONPointer())
        for target in references.targets {
            guard let name = nameOf[target], let entry = references.index.entries[target] else { continue }
            components.append((name, rewriter.rewritten(entry.schema, at: target)))
        }
        inlineRoot()
    }

    static func reference(to name: String) -> String {
        "#/components/schemas/" + name
    }

    private static func problems(
        of references: SchemaReferences, tool: String, side: Side
    ) -> [DescriptorProblem] {
        references.problems.map {
            DescriptorProblem(
                tool: tool, pointer: JSONPointer([side.member] + $0.pointer.tokens), reason: $0.reason)
        }
    }

    /// A definition is called by its own name, any other place by the way to it.
    private static func name(for target: JSONPointer, side: Side) -> String {
        if let last = target.tokens.dropLast().lastIndex(where: SchemaKeywords.definitions.contains) {
            return target.tokens[(last + 1)...].joined(separator: "_")
        }
        return ([side.rawValue] + target.tokens).joined(separator: "_")
    }

    /// Replaces a reference at the root by what it names, as long as nothing beside it could read differently there.
    private mutating func inlineRoot() {
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
                let isEmptyProperties = keyword == "properties" && value == [:]
                guard isRepeated || isEmptyProperties || harmless.contains(keyword) else { return }
                guard keyword != "type" || target["type"] == nil || isRepeated else { return }
                if !isEmptyProperties { merged[keyword] = value }
            }
            root = Rewriter.withProperties(merged)
        }
    }
}

/// Copies schemas with their references rewritten.
private struct Rewriter {
    let references: SchemaReferences
    let nameOf: [JSONPointer: String]

    func rewritten(_ schema: JSONValue, at pointer: JSONPointer) -> JSONValue {
        guard case .object(let members) = schema else { return schema }
        var result = JSONObject()
        for (keyword, value) in members {
            switch keyword {
            case _ where SchemaKeywords.identifiers.contains(keyword) || SchemaKeywords.definitions.contains(keyword):
                break
            case "$ref":
                result["$ref"] = reference(at: pointer.appending(keyword))
            case "$dynamicRef":
                if members["$ref"] == nil {
                    result["$ref"] = reference(at: pointer.appending(keyword))
                }
            case "discriminator":
                result[keyword] = rewrittenDiscriminator(value, at: pointer.appending(keyword))
            default:
                result[keyword] = SchemaKeywords.replacingSchemas(under: keyword, value) { path, subschema in
                    rewritten(subschema, at: pointer.appending(path))
                }
            }
        }
        // Two references in one schema: both hold, and only one of them fits in `$ref`.
        if members["$ref"] != nil, members["$dynamicRef"] != nil,
            let second = reference(at: pointer.appending("$dynamicRef"))
        {
            result["allOf"] = .array((result["allOf"]?.array ?? []) + [["$ref": second]])
        }
        return Self.withProperties(result)
    }

    /// OpenAI refuses a document in which an object has no `properties`; an empty one means the same as none.
    static func withProperties(_ schema: JSONObject) -> JSONValue {
        guard let type = schema["type"], schema["properties"] == nil else { return .object(schema) }
        guard type.string == "object" || (type.array ?? []).contains("object") else { return .object(schema) }
        var result = JSONObject()
        for (keyword, value) in schema {
            result[keyword] = value
            if keyword == "type" { result["properties"] = [:] }
        }
        return .object(result)
    }

    private func reference(at place: JSONPointer) -> JSONValue? {
        references.targetOf[place].flatMap { nameOf[$0] }.map { .string(SchemaRelocation.reference(to: $0)) }
    }

    private func rewrittenDiscriminator(_ value: JSONValue, at pointer: JSONPointer) -> JSONValue {
        guard case .object(var discriminator) = value, case .object(var mapping)? = discriminator["mapping"] else {
            return value
        }
        for key in mapping.keys {
            if let reference = reference(at: pointer.appending("mapping", key)) { mapping[key] = reference }
        }
        discriminator["mapping"] = .object(mapping)
        return .object(discriminator)
    }
}
