// Copies a schema for a document, where no definition stays and every reference leads to a component.

import JSONSchema

/// Copies schemas with their references rewritten.
struct SchemaRewriter {
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
