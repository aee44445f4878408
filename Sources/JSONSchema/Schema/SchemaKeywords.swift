// Knows which keywords of JSON Schema 2020-12 hold further schemas, so that every walk goes the same way.

import JSON

/// The places inside a schema where schemas stand (JSON Schema Core 2020-12 section 10; Validation section 8.5).
package enum SchemaKeywords {
    package static let holdingOne: Set<String> = [
        "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties",
    ]
    package static let holdingList: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    package static let holdingMap: Set<String> = [
        "$defs", "definitions", "dependentSchemas", "patternProperties", "properties",
    ]
    /// Hold schemas that apply nowhere until something refers to them. `definitions` is the older spelling, which the
    /// 2020-12 meta-schema still knows.
    package static let definitions: Set<String> = ["$defs", "definitions"]
    /// Say what a schema is called, not what it accepts.
    package static let identifiers: Set<String> = ["$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary"]

    /// What stands where `keyword` has schemas, be it one or not, with its path from the schema that has the keyword.
    package static func places(under keyword: String, _ value: JSONValue) -> [(path: [String], value: JSONValue)] {
        if holdingOne.contains(keyword) { return [([keyword], value)] }
        if holdingList.contains(keyword), case .array(let list) = value {
            return list.enumerated().map { ([keyword, String($0)], $1) }
        }
        if holdingMap.contains(keyword), case .object(let map) = value {
            return map.map { ([keyword, $0.key], $0.value) }
        }
        return []
    }

    /// Every schema directly under `keyword`, with its path from the schema that has the keyword.
    package static func schemas(under keyword: String, _ value: JSONValue) -> [(path: [String], schema: JSONValue)] {
        places(under: keyword, value).filter { isSchema($0.value) }.map { ($0.path, $0.value) }
    }

    /// `value` of `keyword` with each schema in it replaced; a keyword that holds none comes back as it is.
    package static func replacingSchemas(
        under keyword: String, _ value: JSONValue, _ replace: (_ path: [String], _ schema: JSONValue) -> JSONValue
    ) -> JSONValue {
        if holdingOne.contains(keyword), isSchema(value) {
            return replace([keyword], value)
        }
        if holdingList.contains(keyword), let list = value.array {
            return .array(list.enumerated().map { isSchema($1) ? replace([keyword, String($0)], $1) : $1 })
        }
        if holdingMap.contains(keyword), case .object(var map) = value {
            for (key, schema) in map where isSchema(schema) {
                map[key] = replace([keyword, key], schema)
            }
            return .object(map)
        }
        return value
    }

    /// A schema is an object or a boolean (Core section 4.3).
    package static func isSchema(_ value: JSONValue) -> Bool {
        switch value {
        case .object, .bool: true
        default: false
        }
    }
}
