// Each keyword on its way to OpenAPI 3.0, and the account of what did not make it.

import JSON
import Testing

@testable import HostDocuments

@Suite struct OpenAPI30SchemasTests {
    struct Case: Sendable {
        var schema: JSONValue
        var converted: JSONValue
        var lost: [String] = []
    }

    static let cases: [Case] = [
        Case(schema: true, converted: [:]),
        Case(schema: false, converted: ["not": [:]]),
        Case(schema: ["const": "a"], converted: ["enum": ["a"]]),
        Case(
            schema: ["const": "a", "enum": ["a", "b"]], converted: ["enum": ["a", "b"], "allOf": [["enum": ["a"]]]]),
        Case(schema: ["enum": []], converted: ["not": [:]]),
        Case(schema: ["type": ["string", "null"]], converted: ["type": "string", "nullable": true]),
        Case(schema: ["type": ["string"]], converted: ["type": "string"]),
        Case(schema: ["type": "null"], converted: ["enum": [nil]]),
        Case(
            schema: ["type": ["array", "integer", "null"]],
            converted: [
                "anyOf": [["type": "array", "items": [:], "nullable": true], ["type": "integer", "nullable": true]]
            ]),
        Case(
            schema: ["type": ["string", "integer"], "anyOf": [["minimum": 1], ["maxLength": 2]]],
            converted: [
                "anyOf": [["minimum": 1], ["maxLength": 2]],
                "allOf": [["anyOf": [["type": "string"], ["type": "integer"]]]],
            ]),
        Case(schema: ["exclusiveMinimum": 0], converted: ["minimum": 0, "exclusiveMinimum": true]),
        Case(schema: ["minimum": 5, "exclusiveMinimum": 0], converted: ["minimum": 5]),
        Case(schema: ["minimum": 0, "exclusiveMinimum": 0], converted: ["minimum": 0, "exclusiveMinimum": true]),
        Case(schema: ["exclusiveMaximum": 9.5, "maximum": 10], converted: ["maximum": 9.5, "exclusiveMaximum": true]),
        Case(schema: ["exclusiveMaximum": 11, "maximum": 10], converted: ["maximum": 10]),
        Case(schema: ["examples": ["a"]], converted: ["example": "a"]),
        Case(schema: ["examples": ["a", "b"]], converted: ["example": "a"], lost: ["/examples"]),
        Case(schema: ["example": "a"], converted: ["example": "a"]),
        Case(schema: ["required": []], converted: [:]),
        // What only tells something loosens nothing.
        Case(
            schema: ["oneOf": [["examples": [1, 2]], ["unknown": 1]], "not": ["contentMediaType": "text/plain"]],
            converted: ["oneOf": [["example": 1], [:]], "not": [:]],
            lost: ["/oneOf/0/examples", "/oneOf/1/unknown", "/not/contentMediaType"]),
        Case(schema: ["minItems": 1.0, "maxLength": 2], converted: ["minItems": 1, "maxLength": 2]),
        Case(schema: ["type": "array"], converted: ["type": "array", "items": [:]]),
        Case(schema: ["type": "array", "items": true], converted: ["type": "array", "items": [:]]),
        Case(
            schema: ["prefixItems": [["type": "string"], true], "items": false],
            converted: ["items": ["anyOf": [["type": "string"], [:]]], "maxItems": 2], lost: ["/prefixItems"]),
        Case(
            schema: ["items": ["const": 1], "prefixItems": [["const": 2]]],
            converted: ["items": ["anyOf": [["enum": [2]], ["enum": [1]]]]], lost: ["/prefixItems"]),
        Case(schema: ["prefixItems": [["const": 2]]], converted: ["items": [:]], lost: ["/prefixItems"]),
        Case(schema: ["additionalProperties": false], converted: ["additionalProperties": false]),
        Case(
            schema: ["additionalProperties": ["type": ["string", "null"]]],
            converted: ["additionalProperties": ["type": "string", "nullable": true]]),
        Case(
            schema: ["additionalProperties": false, "patternProperties": ["^x": ["const": 1]]],
            converted: ["additionalProperties": ["anyOf": [["enum": [1]]]]], lost: ["/patternProperties"]),
        Case(schema: ["patternProperties": ["^x": true]], converted: [:], lost: ["/patternProperties"]),
        Case(
            schema: [
                "if": true, "then": false, "contains": true, "propertyNames": true, "unevaluatedProperties": false,
            ],
            converted: [:], lost: ["/if", "/then", "/contains", "/propertyNames", "/unevaluatedProperties"]),
        Case(schema: ["contentEncoding": "base64"], converted: ["format": "byte"]),
        Case(
            schema: ["contentEncoding": "base32", "contentMediaType": "image/png"], converted: [:],
            lost: ["/contentEncoding", "/contentMediaType"]),
        Case(schema: ["$ref": "#/components/schemas/t_Plain"], converted: ["$ref": "#/components/schemas/t_Plain"]),
        Case(
            schema: ["description": "d", "$ref": "#/components/schemas/t_Plain", "allOf": [["minimum": 1]]],
            converted: ["description": "d", "allOf": [["$ref": "#/components/schemas/t_Plain"], ["minimum": 1]]]),
        Case(
            schema: ["properties": ["a/b": ["not": ["properties": ["c": ["if": true]]]]]],
            converted: ["properties": ["a/b": [:]]],
            lost: ["/properties/a~1b/not/properties/c/if", "/properties/a~1b/not"]),
        Case(
            schema: ["oneOf": [["contains": true], ["type": "null"]]],
            converted: ["anyOf": [[:], ["enum": [nil]]]], lost: ["/oneOf/0/contains", "/oneOf"]),
        Case(schema: ["oneOf": [["type": "null"]]], converted: ["oneOf": [["enum": [nil]]]]),
        Case(schema: ["not": ["$ref": "#/components/schemas/t_Loose"]], converted: [:], lost: ["/not"]),
        Case(schema: ["not": ["$ref": "#/components/schemas/t_Through"]], converted: [:], lost: ["/not"]),
        Case(
            schema: ["not": ["$ref": "#/components/schemas/t_Plain"]],
            converted: ["not": ["$ref": "#/components/schemas/t_Plain"]]),
        Case(
            schema: ["$comment": "c", "x-own": ["const": 1], "unknown": 1], converted: ["x-own": ["const": 1]],
            lost: ["/unknown"]),
        Case(
            schema: ["not": ["type": "object", "dependencies": ["a": ["b"]], "additionalItems": false]],
            converted: ["not": ["type": "object"]], lost: ["/not/dependencies", "/not/additionalItems"]),
    ]

    @Test(arguments: cases)
    func keywordIsConverted(example: Case) {
        var converter = OpenAPI30Schemas(
            tool: "t",
            components: [
                ("t_Through", ["items": ["$ref": "#/components/schemas/t_Loose"]]),
                ("t_Loose", ["contains": ["const": 1]]),
                ("t_Plain", ["items": ["$ref": "#/components/schemas/t_Plain"]]),
            ])
        #expect(converter.converted(example.schema, at: JSONPointer()) == example.converted)
        #expect(converter.notExpressed.map(\.pointer.description) == example.lost)
        #expect(converter.notExpressed.allSatisfy { $0.tool == "t" && $0.pointer.tokens.last == $0.keyword })
    }

    @Test func placesAreThoseOfTheNewerDocument() throws {
        let tool = ShopTools.tool(
            "t", input: ["type": "object", "properties": ["a": ["$ref": "#/$defs/A"]], "$defs": ["A": ["if": true]]],
            output: ["contains": true])
        let newer = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment)
        let older = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment, version: .v30)
        #expect(newer.notExpressed == [])
        #expect(older.notExpressed.map(\.keyword) == ["contains", "if"])
        for lost in older.notExpressed {
            #expect(lost.pointer.value(in: newer.value) != nil, "\(lost.pointer)")
            #expect(lost.pointer.value(in: older.value) == nil, "\(lost.pointer)")
        }
        let listed = older.value["info"]?["x-toolhost-not-expressed"]?.array
        #expect(listed?.map { $0["pointer"]?.string } == older.notExpressed.map(\.pointer.description))
        #expect(newer.value["info"]?["x-toolhost-not-expressed"] == nil)
    }
}
