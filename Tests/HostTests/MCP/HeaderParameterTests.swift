// Arguments that are repeated in the head: which annotations are sound, and when head and arguments agree.

import JSON
import Testing

@testable import HostMCP
@testable import HostTools

@Suite struct HeaderParameterTests {
    private func all(_ schema: JSONValue) throws -> [HeaderParameter] {
        try HeaderParameter.all(in: schema, tool: "t")
    }

    @Test func annotationsAreFoundWhereOnlyPropertiesLeadToThem() throws {
        let found = try all([
            "type": "object",
            "properties": [
                "region": ["type": "string", "x-mcp-header": "Region"],
                "page": ["type": "object", "properties": ["size": ["type": "integer", "x-mcp-header": "Page-Size"]]],
                "plain": ["type": "string"],
            ],
            // Data, not a schema.
            "default": ["x-mcp-header": "Nothing"],
        ])
        #expect(
            found == [
                HeaderParameter(path: ["region"], field: "region", isInteger: false),
                HeaderParameter(path: ["page", "size"], field: "page-size", isInteger: true),
            ])
    }

    @Test(
        arguments: [
            (["x-mcp-header": "A"], "only on a property"),
            (["properties": ["a": ["type": "number", "x-mcp-header": "A"]]], "of type string, integer or boolean"),
            (["properties": ["a": ["type": ["string", "null"], "x-mcp-header": "A"]]], "of type string"),
            (["properties": ["a": ["x-mcp-header": "A"]]], "of type string"),
            (["properties": ["a": ["type": "string", "x-mcp-header": ""]]], "is not a name"),
            (["properties": ["a": ["type": "string", "x-mcp-header": "A B"]]], "is not a name"),
            (["properties": ["a": ["type": "string", "x-mcp-header": "Ä"]]], "is not a name"),
            (["properties": ["a": ["type": "string", "x-mcp-header": 1]]], "is not a name"),
            (
                [
                    "properties": [
                        "a": ["type": "string", "x-mcp-header": "X"], "b": ["type": "string", "x-mcp-header": "x"],
                    ]
                ], "stands twice"
            ),
            (
                ["properties": ["a": ["type": "array", "items": ["type": "string", "x-mcp-header": "A"]]]],
                "only on a property"
            ),
            (["allOf": [["properties": ["a": ["type": "string", "x-mcp-header": "A"]]]]], "only on a property"),
            (["$defs": ["d": ["type": "string", "x-mcp-header": "A"]]], "only on a property"),
            (["if": ["properties": ["a": ["type": "string", "x-mcp-header": "A"]]]], "only on a property"),
        ] as [(JSONValue, String)])
    func unsoundAnnotationsAreTold(schema: JSONValue, reason: String) {
        let problem = #expect(throws: DescriptorProblem.self) { try all(schema) }
        #expect(problem?.reason.contains(reason) == true)
        #expect(problem?.pointer.tokens.first == "input_schema")
    }

    @Test(arguments: [
        "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties", "allOf", "anyOf", "oneOf", "prefixItems", "$defs", "definitions",
        "dependentSchemas", "patternProperties",
    ])
    func annotationsAreFoundWhereverSchemasStand(keyword: String) {
        let schema: JSONValue = ["properties": ["a": ["type": "string", "x-mcp-header": "A"]]]
        var (value, place) = (schema, [keyword])
        switch keyword {
        case "allOf", "anyOf", "oneOf", "prefixItems": (value, place) = ([true, schema], [keyword, "1"])
        case "$defs", "definitions", "dependentSchemas", "patternProperties":
            (value, place) = (["k": schema], [keyword, "k"])
        default: break
        }
        let problem = #expect(throws: DescriptorProblem.self) {
            try all(["properties": ["outer": .object([keyword: value])]])
        }
        #expect(problem?.pointer.tokens == ["input_schema", "properties", "outer"] + place + ["properties", "a"])
        #expect(problem?.reason.contains("only on a property") == true)
    }

    @Test func whatIsNoSchemaIsPassedOver() throws {
        let annotated: JSONValue = ["type": "string", "x-mcp-header": "A"]
        #expect(try all(["properties": [annotated], "items": [annotated], "allOf": annotated]) == [])
        #expect(try all(["dependencies": ["a": annotated], "additionalItems": annotated]) == [])
    }

    private func agrees(
        _ type: String, _ arguments: JSONValue, _ value: String?
    ) throws -> Bool {
        let parameters = try all(["properties": ["a": ["type": .string(type), "x-mcp-header": "A"]]])
        let document = try JSONDocument(arguments)
        do {
            for parameter in parameters { try parameter.check(document.root, value.map { ["a": $0] } ?? [:]) }
            return true
        } catch {
            #expect(error.code == .headerMismatch)
            return false
        }
    }

    @Test(
        arguments: [
            ("string", ["a": "eu"], "eu", true), ("string", ["a": "eu"], "EU", false),
            ("string", ["a": "eu"], nil, false),
            ("string", [:], nil, true), ("string", [:], "eu", false), ("string", ["a": nil], nil, true),
            ("string", ["a": nil], "null", false), ("string", ["a": "é"], "=?base64?w6k=?=", true),
            ("string", ["a": "é"], "=?base64?ZcyB?=", false), ("string", ["a": "é"], "=?base64?w6k?=", false),
            ("string", ["a": ""], "", true),
            ("integer", ["a": 42], "42", true), ("integer", ["a": 42], "42.0", true),
            ("integer", ["a": 42.0], "42", true),
            ("integer", ["a": 42], "4.2e1", false), ("integer", ["a": 42], "43", false),
            ("integer", ["a": 42], "", false),
            ("integer", ["a": 9_007_199_254_740_993], "9007199254740992", false),
            ("boolean", ["a": true], "true", true), ("boolean", ["a": false], "true", false),
            ("boolean", ["a": true], "True", false),
            ("string", ["a": ["eu"]], "eu", false),
        ] as [(String, JSONValue, String?, Bool)])
    func headAndArgumentsAgree(type: String, arguments: JSONValue, value: String?, isEqual: Bool) throws {
        #expect(try agrees(type, arguments, value) == isEqual)
    }

    @Test(
        arguments: [
            ("plain", "plain"), ("=?base64?YQ==?=", "a"), ("=?base64??=", ""), ("=?base64?YR==?=", nil),
            ("=?base64?/w==?=", nil), ("=?base64?!?=", nil), ("=?base64?=", "=?base64?="),
            ("=?BASE64?YQ==?=", "=?BASE64?YQ==?="),
        ] as [(String, String?)])
    func valuesAreDecodedStrictly(value: String, text: String?) {
        #expect(HeaderParameter.decode(value) == text)
    }
}
