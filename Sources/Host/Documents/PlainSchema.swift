// Spells schemas so that no client stumbles over them: one tool's spelling must not cost a deployment all its tools.

import JSON
import JSONSchema

/// Says the same in other words, never more or less. What is data in a schema (`default`, `const`, `enum`, `examples`,
/// and whatever stands under a keyword that is not known) is left alone.
public enum PlainSchema {
    /// The one keyword whose boolean every client takes, and some insist on: OpenAI wants to read `false` there.
    public static func keepsBoolean(_ keyword: String) -> Bool { keyword == "additionalProperties" }

    /// A schema of a descriptor as clients of MCP get it: without `$schema`, since several refuse one that they do not
    /// know, and MCP means 2020-12 where none is stated.
    static func published(_ schema: JSONValue) -> JSONValue {
        spelled(schema, addsItems: !mentionsUnevaluatedItems(schema))
    }

    private static func spelled(_ schema: JSONValue, addsItems: Bool) -> JSONValue {
        guard case .object(let members) = schema else { return object(for: schema) }
        var result = JSONObject()
        for (keyword, value) in members where keyword != "$schema" {
            result[keyword] = SchemaKeywords.replacingSchemas(under: keyword, value) { _, subschema in
                subschema.bool != nil && keepsBoolean(keyword) ? subschema : spelled(subschema, addsItems: addsItems)
            }
        }
        return .object(completed(result, addsItems: addsItems))
    }

    /// A boolean schema as an object (Core section 4.3.2); anything else as it is.
    static func object(for schema: JSONValue) -> JSONValue {
        switch schema.bool {
        case true?: [:]
        case false?: never
        case nil: schema
        }
    }

    /// What `false` means.
    static let never: JSONValue = ["not": [:]]

    /// OpenAI refuses an object without `properties`, and an array without `items`; empty ones mean the same as none.
    ///
    /// - Parameter addsItems: `false` where `unevaluatedItems` is said somewhere, which asks what `items` looked at.
    static func completed(_ schema: JSONObject, addsItems: Bool) -> JSONObject {
        let lacksProperties = schema["properties"] == nil && has("object", schema)
        let lacksItems = addsItems && schema["items"] == nil && has("array", schema)
        guard lacksProperties || lacksItems else { return schema }
        var result = JSONObject()
        for (keyword, value) in schema {
            result[keyword] = value
            guard keyword == "type" else { continue }
            if lacksProperties { result["properties"] = [:] }
            if lacksItems { result["items"] = [:] }
        }
        return result
    }

    /// Whether `type` names this one, perhaps among others.
    public static func has(_ type: String, _ schema: JSONObject) -> Bool {
        guard let value = schema["type"] else { return false }
        return value.string == type || (value.array ?? []).contains(.string(type))
    }

    /// Whether it may be a keyword anywhere; data that looks like one counts, too.
    static func mentionsUnevaluatedItems(_ schema: JSONValue) -> Bool {
        switch schema {
        case .object(let members):
            members["unevaluatedItems"] != nil || members.contains { mentionsUnevaluatedItems($0.value) }
        case .array(let elements): elements.contains(where: mentionsUnevaluatedItems)
        default: false
        }
    }
}
