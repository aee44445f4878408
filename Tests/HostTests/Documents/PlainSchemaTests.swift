// One tool's spelling must not cost a deployment all its tools: no boolean is left where an importer stumbles over it.

import JSON
import JSONSchema
import Testing

@testable import HostDocuments

@Suite struct PlainSchemaTests {
    /// A schema with `value` under one keyword, in a property.
    static func schema(_ keyword: String, _ value: JSONValue) -> JSONValue {
        let under: JSONValue
        switch keyword {
        case "anyOf", "oneOf", "allOf", "prefixItems": under = [["title": "first"], value]
        case "properties", "patternProperties", "dependentSchemas", "$defs", "definitions": under = ["x": value]
        default: under = value
        }
        return ["type": "object", "properties": ["p": .object([keyword: under])]]
    }

    /// Places of booleans that are schemas.
    static func booleans(in value: JSONValue, at place: String = "") -> [String] {
        guard case .object(let members) = value else { return value.bool == nil ? [] : [place] }
        return members.flatMap { keyword, value in
            SchemaKeywords.schemas(under: keyword, value).flatMap { path, schema in
                PlainSchema.keepsBoolean(keyword) && schema.bool != nil
                    ? [] : booleans(in: schema, at: place + "/" + path.joined(separator: "/"))
            }
        }
    }

    static let keywords = SchemaKeywords.holdingOne.union(SchemaKeywords.holdingList).union(SchemaKeywords.holdingMap)
        .sorted()

    @Test(arguments: keywords, [true, false])
    func booleansBecomeObjects(keyword: String, value: Bool) throws {
        let schema = Self.schema(keyword, .bool(value))
        let object: JSONValue = value ? [:] : ["not": [:]]
        let expected = keyword == "additionalProperties" ? schema : Self.schema(keyword, object)
        #expect(PlainSchema.published(schema) == expected)

        // As documents have it; definitions are components there.
        let tool = ShopTools.tool("t", input: schema, output: schema)
        for version in OpenAPIDocument.Version.allCases {
            let document = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment, version: version).value
            let components = (document["components"]?["schemas"]?.object ?? [:]).map(\.value)
            let operation = OpenAPIOperation(tool: tool, deployment: ShopTools.deployment)
            let roots = [operation.requestSchemaPlace, operation.resultSchemaPlace].compactMap {
                $0.value(in: document)
            }
            #expect(roots.count == 2)
            #expect((components + roots).flatMap { Self.booleans(in: $0) } == [], "\(version)")
        }
    }

    /// What clients rather read as it is: OpenAI's strict mode wants exactly `false`.
    @Test func additionalPropertiesStay() {
        for value in [true, false] {
            let schema: JSONValue = ["type": "object", "properties": [:], "additionalProperties": .bool(value)]
            #expect(PlainSchema.published(schema) == schema)
        }
        #expect(
            PlainSchema.published(["additionalProperties": ["items": true]])
                == ["additionalProperties": ["items": [:]]])
    }

    @Test func dataIsNeverTouched() throws {
        let data: JSONValue = [
            "items": true, "not": false, "type": "array", "$schema": "x", "properties": ["a": true], "anyOf": [true],
        ]
        let schema: JSONValue = [
            "type": "object",
            "properties": [
                "a": ["type": "boolean", "default": true, "const": false, "enum": [true, false], "examples": [true]],
                "b": ["default": data, "const": data, "enum": [data], "examples": [data], "x-own": data],
                "default": ["default": false],
            ],
            "default": ["a": true], "readOnly": true, "deprecated": false, "uniqueItems": true,
        ]
        #expect(PlainSchema.published(schema) == schema)
        let tool = ShopTools.tool("t", input: schema)
        let document = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment).value
        let place = OpenAPIOperation(tool: tool, deployment: ShopTools.deployment).requestSchemaPlace
        #expect(place.value(in: document) == schema)
    }

    @Test func fillersStandBehindTheType() {
        #expect(
            PlainSchema.published(["title": "t", "type": ["array", "object", "null"], "maxItems": 3]).description
                == #"{"title":"t","type":["array","object","null"],"properties":{},"items":{},"maxItems":3}"#)
        // Nothing is added where it would be asked what `items` has looked at.
        let asked: JSONValue = ["allOf": [["type": "array"]], "unevaluatedItems": false]
        #expect(PlainSchema.published(asked) == ["allOf": [["type": "array"]], "unevaluatedItems": ["not": [:]]])
        #expect(PlainSchema.published(["items": [:]]) == ["items": [:]])
    }

    @Test func dialectsAreLeftOut() throws {
        let schema: JSONValue = [
            "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
            "properties": ["a": ["$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/A"]],
            "definitions": ["A": ["type": "string"]],
        ]
        let tool = ShopTools.tool("t", input: schema)
        #expect(OpenAPIDocument.check(tool) == [])
        #expect(!PlainSchema.published(schema).description.contains("draft-07"))
        for version in OpenAPIDocument.Version.allCases {
            let document = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment, version: version).value
            #expect(!document.description.contains("draft-07"))
            #expect(danglingReferences(in: document).dangling == [])
        }
    }

    /// A tuple that ends is told to 3.0 as before.
    @Test func tuplesThatEndAreStillBounded() throws {
        let tool = ShopTools.tool(
            "t",
            input: [
                "type": "object",
                "properties": ["t": ["type": "array", "prefixItems": [["type": "string"]], "items": false]],
            ])
        let document = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment, version: .v30).value
        let place = OpenAPIOperation(tool: tool, deployment: ShopTools.deployment).requestSchemaPlace
        let tuple = place.value(in: document)?["properties"]?["t"]
        #expect(tuple?["maxItems"] == 1)
        #expect(tuple?["items"] == ["anyOf": [["type": "string"]]])
    }
}
