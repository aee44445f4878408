// Copies a schema for a document, where no definition stays and every reference leads to a component.

import JSON
import JSONSchema

/// Copies schemas with their references rewritten.
struct SchemaRewriter {
    let references: SchemaReferences
    let nameOf: [JSONPointer: String]
    /// Whether arrays get the empty `items` that some clients want.
    let addsItems: Bool

    init(references: SchemaReferences, nameOf: [JSONPointer: String]) {
        self.references = references
        self.nameOf = nameOf
        addsItems = !PlainSchema.mentionsUnevaluatedItems(references.index.root)
    }

    func rewritten(_ schema: JSONValue, at pointer: JSONPointer) -> JSONValue {
        guard case .object(let members) = schema else { return PlainSchema.object(for: schema) }
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
                    subschema.bool != nil && PlainSchema.keepsBoolean(keyword)
                        ? subschema : rewritten(subschema, at: pointer.appending(path))
                }
            }
        }
        // Two references in one schema: both hold, and only one of them fits in `$ref`.
        if members["$ref"] != nil, members["$dynamicRef"] != nil,
            let second = reference(at: pointer.appending("$dynamicRef"))
        {
            result["allOf"] = .array((result["allOf"]?.array ?? []) + [["$ref": second]])
        }
        return .object(PlainSchema.completed(result, addsItems: addsItems))
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
