// The 2020-12 metaschemas, so that a schema may refer to them without a network.

import JSON

/// The dialect's own schemas (core section 8.1, published at json-schema.org/draft/2020-12), built from what each
/// vocabulary defines.
enum Metaschema {
    private static let base = "https://json-schema.org/draft/2020-12/"

    /// Every metaschema by its URI.
    static let documents: [String: JSONValue] = {
        var documents = [base + "schema": schema]
        let parts: [(String, String, JSONObject, JSONObject)] = [
            ("core", "Core", core, coreDefinitions),
            ("applicator", "Applicator", applicator, ["schemaArray": schemaArray]),
            ("unevaluated", "Unevaluated applicator", unevaluated, [:]),
            ("validation", "Validation", validation, validationDefinitions),
            ("meta-data", "Meta-data", metadata, [:]),
            ("format-annotation", "Format vocabulary for annotation results", ["format": string], [:]),
            ("format-assertion", "Format vocabulary for assertion results", ["format": string], [:]),
            ("content", "Content", content, [:]),
        ]
        for (name, title, properties, definitions) in parts {
            documents[base + "meta/" + name] = part(name, title, properties, definitions)
        }
        return documents
    }()

    private static let string: JSONValue = ["type": "string"]
    private static let anything: JSONValue = true
    private static let meta: JSONValue = ["$dynamicRef": "#meta"]
    private static let schemas: JSONValue = ["$ref": "#/$defs/schemaArray"]
    private static let schemaArray: JSONValue = ["type": "array", "minItems": 1, "items": meta]
    private static let schemaMap: JSONValue = ["type": "object", "additionalProperties": meta, "default": [:]]

    private static func ref(_ name: String) -> JSONValue { ["$ref": .string("#/$defs/" + name)] }

    private static func part(
        _ name: String, _ title: String, _ properties: JSONObject, _ definitions: JSONObject
    ) -> JSONValue {
        var part: JSONObject = [
            "$schema": .string(base + "schema"),
            "$id": .string(base + "meta/" + name),
            "$dynamicAnchor": "meta",
            "title": .string(title + " vocabulary meta-schema"),
            "type": ["object", "boolean"],
            "properties": .object(properties),
        ]
        if !definitions.isEmpty { part["$defs"] = .object(definitions) }
        return .object(part)
    }

    private static let schema: JSONValue = [
        "$schema": .string(base + "schema"),
        "$id": .string(base + "schema"),
        "$vocabulary": [
            "https://json-schema.org/draft/2020-12/vocab/core": true,
            "https://json-schema.org/draft/2020-12/vocab/applicator": true,
            "https://json-schema.org/draft/2020-12/vocab/unevaluated": true,
            "https://json-schema.org/draft/2020-12/vocab/validation": true,
            "https://json-schema.org/draft/2020-12/vocab/meta-data": true,
            "https://json-schema.org/draft/2020-12/vocab/format-annotation": true,
            "https://json-schema.org/draft/2020-12/vocab/content": true,
        ],
        "$dynamicAnchor": "meta",
        "title": "Core and Validation specifications meta-schema",
        "allOf": [
            ["$ref": "meta/core"], ["$ref": "meta/applicator"], ["$ref": "meta/unevaluated"],
            ["$ref": "meta/validation"], ["$ref": "meta/meta-data"], ["$ref": "meta/format-annotation"],
            ["$ref": "meta/content"],
        ],
        "type": ["object", "boolean"],
        "properties": [
            "definitions": [
                "type": "object", "additionalProperties": meta, "deprecated": true, "default": [:],
            ],
            "dependencies": [
                "type": "object",
                "additionalProperties": ["anyOf": [meta, ["$ref": "meta/validation#/$defs/stringArray"]]],
                "deprecated": true, "default": [:],
            ],
            "$recursiveAnchor": ["$ref": "meta/core#/$defs/anchorString", "deprecated": true],
            "$recursiveRef": ["$ref": "meta/core#/$defs/uriReferenceString", "deprecated": true],
        ],
    ]

    private static let core: JSONObject = [
        "$id": ["$ref": "#/$defs/uriReferenceString", "pattern": "^[^#]*#?$"],
        "$schema": ref("uriString"),
        "$ref": ref("uriReferenceString"),
        "$anchor": ref("anchorString"),
        "$dynamicRef": ref("uriReferenceString"),
        "$dynamicAnchor": ref("anchorString"),
        "$vocabulary": [
            "type": "object", "propertyNames": ref("uriString"), "additionalProperties": ["type": "boolean"],
        ],
        "$comment": string,
        "$defs": ["type": "object", "additionalProperties": meta],
    ]

    private static let coreDefinitions: JSONObject = [
        "anchorString": ["type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$"],
        "uriString": ["type": "string", "format": "uri"],
        "uriReferenceString": ["type": "string", "format": "uri-reference"],
    ]

    private static let applicator: JSONObject = [
        "prefixItems": schemas, "items": meta, "contains": meta, "additionalProperties": meta,
        "properties": schemaMap,
        "patternProperties": [
            "type": "object", "additionalProperties": meta, "propertyNames": ["format": "regex"], "default": [:],
        ],
        "dependentSchemas": schemaMap, "propertyNames": meta, "if": meta, "then": meta, "else": meta,
        "allOf": schemas, "anyOf": schemas, "oneOf": schemas, "not": meta,
    ]

    private static let unevaluated: JSONObject = ["unevaluatedItems": meta, "unevaluatedProperties": meta]

    private static let validation: JSONObject = [
        "type": [
            "anyOf": [
                ref("simpleTypes"),
                ["type": "array", "items": ref("simpleTypes"), "minItems": 1, "uniqueItems": true],
            ]
        ],
        "const": anything, "enum": ["type": "array", "items": true],
        "multipleOf": ["type": "number", "exclusiveMinimum": 0],
        "maximum": ["type": "number"], "exclusiveMaximum": ["type": "number"],
        "minimum": ["type": "number"], "exclusiveMinimum": ["type": "number"],
        "maxLength": ref("nonNegativeInteger"), "minLength": ref("nonNegativeIntegerDefault0"),
        "pattern": ["type": "string", "format": "regex"],
        "maxItems": ref("nonNegativeInteger"), "minItems": ref("nonNegativeIntegerDefault0"),
        "uniqueItems": ["type": "boolean", "default": false],
        "maxContains": ref("nonNegativeInteger"),
        "minContains": ["$ref": "#/$defs/nonNegativeInteger", "default": 1],
        "maxProperties": ref("nonNegativeInteger"), "minProperties": ref("nonNegativeIntegerDefault0"),
        "required": ref("stringArray"),
        "dependentRequired": ["type": "object", "additionalProperties": ref("stringArray")],
    ]

    private static let validationDefinitions: JSONObject = [
        "nonNegativeInteger": ["type": "integer", "minimum": 0],
        "nonNegativeIntegerDefault0": ["$ref": "#/$defs/nonNegativeInteger", "default": 0],
        "simpleTypes": ["enum": ["array", "boolean", "integer", "null", "number", "object", "string"]],
        "stringArray": ["type": "array", "items": string, "uniqueItems": true, "default": []],
    ]

    private static let metadata: JSONObject = [
        "title": string, "description": string, "default": anything,
        "deprecated": ["type": "boolean", "default": false],
        "readOnly": ["type": "boolean", "default": false], "writeOnly": ["type": "boolean", "default": false],
        "examples": ["type": "array", "items": true],
    ]

    private static let content: JSONObject = [
        "contentEncoding": string, "contentMediaType": string, "contentSchema": meta,
    ]
}
