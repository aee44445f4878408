// A schema that was moved has to accept what it accepted before: judged by the validator that judges calls.

import JSON
import JSONSchema
import Testing

@testable import HostDocuments

@Suite struct SchemaMeaningTests {
    struct Case: Sendable {
        var schema: JSONValue
        var accepted: [JSONValue]
        var refused: [JSONValue]
    }

    static let cases: [Case] = [
        Case(
            schema: [
                "type": "object", "properties": ["child": ["$ref": "#"], "n": ["type": "integer"]],
                "additionalProperties": false,
            ],
            accepted: [[:], ["child": ["child": ["n": 1]]]],
            refused: [["child": ["child": ["n": "x"]]], ["child": ["other": 1]]]),
        Case(
            schema: [
                "type": "object", "properties": ["a": ["$ref": "#/$defs/a~1b/$defs/c%25"]],
                "$defs": ["a/b": ["$defs": ["c%": ["type": "string"]]], "c%": ["type": "integer"]],
            ],
            accepted: [["a": "x"]], refused: [["a": 1]]),
        Case(
            schema: [
                "$id": "https://example.com/a/root", "type": "object",
                "properties": ["x": ["$ref": "inner#/$defs/T"], "y": ["$ref": "#t"], "z": ["$ref": "../a/inner"]],
                "$defs": [
                    "inner": ["$id": "inner", "$ref": "#t", "$defs": ["T": ["$anchor": "t", "type": "integer"]]],
                    "outer": ["$anchor": "t", "type": "string"],
                ],
            ],
            accepted: [["x": 1, "y": "s", "z": 1]], refused: [["x": "s"], ["y": 1], ["z": "s"]]),
        Case(
            schema: [
                "type": "object", "$dynamicAnchor": "node", "required": ["v"],
                "properties": ["children": ["items": ["$dynamicRef": "#node"]]],
            ],
            accepted: [["v": 1, "children": [["v": 2]]]], refused: [["v": 1, "children": [[:]]]]),
        Case(
            schema: [
                "type": "object", "$ref": "#/$defs/Base", "unevaluatedProperties": false,
                "$defs": ["Base": ["properties": ["a": ["type": "string"]]]],
            ],
            accepted: [[:], ["a": "x"]], refused: [["b": 1], ["a": 1]]),
        Case(
            schema: [
                "type": "object", "$ref": "#/$defs/A", "properties": ["b": true],
                "$defs": ["A": ["properties": ["a": true], "additionalProperties": ["type": "integer"]]],
            ],
            accepted: [["a": "x", "b": 1]], refused: [["b": "x"]]),
        Case(
            schema: [
                "type": "object", "$ref": "#/$defs/A",
                "$defs": ["A": ["type": ["object", "null"], "minProperties": 1]],
            ],
            accepted: [["a": 1]], refused: [[:], nil]),
        Case(
            schema: [
                "type": "object",
                "properties": ["a": ["const": ["$id": "x", "$defs": [1]]], "b": ["enum": [["$anchor": "y"]]]],
            ],
            accepted: [["a": ["$id": "x", "$defs": [1]], "b": ["$anchor": "y"]]], refused: [["a": [:]], ["b": [:]]]),
        // Booleans become objects, and arrays and objects get what importers miss.
        Case(
            schema: [
                "type": "object", "properties": ["a": true, "b": false, "c": ["$ref": "#/$defs/never"]],
                "$defs": ["never": false, "always": true], "if": true, "then": ["required": ["a"]],
            ],
            accepted: [["a": nil]], refused: [[:], ["a": 1, "b": 1], ["a": 1, "c": 1]]),
        Case(
            schema: [
                "type": "object",
                "properties": ["t": ["type": "array", "prefixItems": [true, ["type": "string"]], "items": false]],
            ],
            accepted: [["t": []], ["t": [1, "x"]]], refused: [["t": [1, 2]], ["t": [1, "x", 3]]]),
        Case(
            schema: [
                "type": "object", "allOf": [["properties": ["t": ["type": "array", "contains": ["type": "string"]]]]],
                "properties": [
                    "t": ["$ref": "#/$defs/T", "unevaluatedItems": ["type": "integer"]]
                ],
                "$defs": ["T": ["contains": ["type": "string"]]],
            ],
            accepted: [[:], ["t": ["x", 1]]], refused: [["t": [1]], ["t": ["x", nil]]]),
        Case(
            schema: [
                "type": "object",
                "properties": [
                    "t": [
                        "allOf": [["type": "array", "prefixItems": [true]]], "unevaluatedItems": ["type": "integer"],
                    ]
                ],
            ],
            accepted: [["t": ["x", 1]]], refused: [["t": ["x", "y"]]]),
        Case(
            schema: [
                "type": "object", "unevaluatedProperties": false, "anyOf": [["properties": ["a": true]], true],
                "dependentSchemas": ["a": true, "b": false], "patternProperties": ["^x": true], "propertyNames": true,
            ],
            accepted: [["a": 1, "x1": 2]], refused: [["y": 1], ["a": 1, "b": 1]]),
    ]

    @Test(arguments: cases)
    func movedSchemaMeansTheSame(example: Case) throws {
        let tool = ShopTools.tool("t", input: example.schema)
        let document = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment).value
        let place = OpenAPIOperation(tool: tool, deployment: ShopTools.deployment).requestSchemaPlace
        // References of the document begin at its root, so the schema is judged with the document's components in it.
        var moved = try #require(place.value(in: document)?.object)
        moved["components"] = document["components"]
        let before = try CompiledSchema(example.schema)
        let after = try CompiledSchema(.object(moved))
        for value in example.accepted + example.refused {
            let instance = try JSONDocument(parsing: value.bytes())
            #expect(before.isValid(instance) == example.accepted.contains(value))
            #expect(
                after.isValid(instance) == example.accepted.contains(value), "\(value) by \(JSONValue.object(moved))")
        }
    }
}
