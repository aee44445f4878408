// Hostile schemas on their way into a document: everything they refer to has to be found there.

import JSON
import Testing

@testable import HostDocuments
@testable import HostTools

@Suite struct SchemaRelocationTests {
    /// The document of one tool with this input.
    func document(_ input: JSONValue, output: JSONValue = ["type": "object"]) throws -> JSONValue {
        let tool = ShopTools.tool("t", input: input, output: output)
        #expect(OpenAPIDocument.check(tool) == [])
        return try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment).value
    }

    func request(_ document: JSONValue) -> JSONValue? {
        document["paths"]?["/tools/t"]?["post"]?["requestBody"]?["content"]?["application/json"]?["schema"]
    }

    func components(_ document: JSONValue) -> [String] {
        (document["components"]?["schemas"]?.object?.keys ?? []).filter { $0 != "Problem" }
    }

    static let hostile: [JSONValue] = [
        // Recursion through the root, a definition and each other.
        ["type": "object", "properties": ["child": ["$ref": "#"]]],
        [
            "type": "object", "properties": ["n": ["$ref": "#/$defs/N"]],
            "$defs": ["N": ["items": ["$ref": "#/$defs/N"]]],
        ],
        ["type": "object", "$defs": ["A": ["not": ["$ref": "#/$defs/B"]], "B": ["not": ["$ref": "#/$defs/A"]]]],
        // Definitions inside definitions, and both spellings.
        [
            "type": "object",
            "properties": ["a": ["$ref": "#/$defs/A/$defs/A"], "b": ["$ref": "#/definitions/A"]],
            "$defs": ["A": ["$defs": ["A": ["type": "string"]], "$ref": "#/$defs/A/$defs/A"]],
            "definitions": ["A": ["type": "integer"]],
        ],
        // Names that have to be escaped, in pointers and in URIs.
        [
            "type": "object",
            "properties": [
                "a": ["$ref": "#/$defs/a~1b"], "b": ["$ref": "#/$defs/c~0d"], "c": ["$ref": "#/$defs/e%25f"],
                "d": ["$ref": "#/$defs/g%22h"], "e": ["$ref": "#/%24defs/%C3%A9"], "f": ["$ref": "#/$defs/"],
            ],
            "$defs": ["a/b": true, "c~d": true, "e%f": true, "g\"h": true, "é": true, "": true],
        ],
        // Anchors and identifiers, relative ones included.
        [
            "$id": "https://example.com/root/schema.json",
            "type": "object",
            "properties": [
                "a": ["$ref": "#name"], "b": ["$ref": "other.json"], "c": ["$ref": "/root/other.json#inner"],
                "d": ["$ref": "https://example.com/root/schema.json#/$defs/Named"],
                "e": ["$ref": "other.json#/$defs/I"],
            ],
            "$defs": [
                "Named": ["$anchor": "name", "type": "string"],
                "Other": [
                    "$id": "other.json", "$ref": "#inner",
                    "$defs": ["I": ["$anchor": "inner", "not": ["$ref": "schema.json"]]],
                ],
            ],
        ],
        [
            "type": "object", "properties": ["a": ["$ref": "item"]],
            "$defs": ["I": ["$id": "item", "items": ["$ref": "#"]]],
        ],
        // Pointers to places that are no definitions.
        [
            "type": "object",
            "properties": [
                "a": ["anyOf": [["type": "string"], ["type": "null"]]], "b": ["$ref": "#/properties/a/anyOf/0"],
            ],
            "additionalProperties": ["$ref": "#/properties/b"],
        ],
        [
            "type": "object", "properties": ["a": ["$ref": "#/x-shared/point"]],
            "x-shared": ["point": ["type": "number"]],
        ],
        // A dynamic reference that can mean one thing only.
        [
            "type": "object", "$dynamicAnchor": "node",
            "properties": ["children": ["type": "array", "items": ["$dynamicRef": "#node"]]],
        ],
        [
            "type": "object", "not": ["$ref": "#/$defs/A", "$dynamicRef": "#b"],
            "$defs": ["A": ["not": ["$anchor": "b"]]],
        ],
        // Two names that become one.
        [
            "type": "object", "properties": ["a": ["$ref": "#/$defs/a b"], "b": ["$ref": "#/$defs/a_b"]],
            "$defs": ["a b": ["type": "string"], "a_b": ["type": "integer"]],
        ],
        // What a schema generator makes of a tagged union.
        [
            "type": "object",
            "properties": [
                "pet": [
                    "oneOf": [["$ref": "#/$defs/Cat"]],
                    "discriminator": ["propertyName": "kind", "mapping": ["cat": "#/$defs/Cat"]],
                ]
            ],
            "$defs": ["Cat": ["type": "object", "properties": ["kind": ["const": "cat"]]]],
        ],
    ]

    @Test(arguments: hostile)
    func everyReferenceResolves(schema: JSONValue) throws {
        let tools = ["a", "b"].map { ShopTools.tool($0, input: schema, output: schema) }
        #expect(tools.flatMap(OpenAPIDocument.check) == [])
        for version in OpenAPIDocument.Version.allCases {
            let document = try OpenAPIDocument(tools: tools, deployment: ShopTools.deployment, version: version).value
            let (dangling, count) = danglingReferences(in: document)
            #expect(dangling == [])
            #expect(count > 22, "the schema's own references have to be among them")
            let text = String(decoding: document.bytes(), as: UTF8.self)
            for keyword in ["$defs", "\"definitions\"", "$anchor", "$dynamic", "\"$id\""] {
                #expect(!text.contains(keyword))
            }
        }
    }

    @Test func definitionsAreCalledWhatTheirAuthorCallsThem() throws {
        let document = try document(
            ["type": "object", "properties": ["m": ["$ref": "#/$defs/Money"]], "$defs": ["Money": ["type": "integer"]]])
        #expect(components(document) == ["Money"])
        #expect(request(document)?["properties"]?["m"] == ["$ref": "#/components/schemas/Money"])
        #expect(document["components"]?["schemas"]?["Money"] == ["type": "integer"])
    }

    @Test func recursiveRootIsAComponentAndStaysInline() throws {
        let schema: JSONValue = ["type": "object", "properties": ["child": ["$ref": "#"]]]
        let document = try document(schema, output: schema)
        #expect(components(document) == ["t_input", "t_output"])
        #expect(request(document)?["properties"]?["child"] == ["$ref": "#/components/schemas/t_input"])
        #expect(
            document["components"]?["schemas"]?["t_output"]?["properties"]?["child"] == [
                "$ref": "#/components/schemas/t_output"
            ])
    }

    @Test func collidingNamesAreCountedInOrder() throws {
        let schema: JSONValue = [
            "type": "object",
            "$defs": ["a b": ["type": "string"], "a_b": ["type": "integer"], "input": ["type": "null"]],
            "properties": ["x": ["$ref": "#/$defs/a_b"], "y": ["$ref": "#"]],
        ]
        let document = try document(schema)
        #expect(components(document) == ["a_b", "a_b_2", "input", "t_input"])
        #expect(request(document)?["properties"]?["x"] == ["$ref": "#/components/schemas/a_b_2"])
        #expect(request(document)?["properties"]?["y"] == ["$ref": "#/components/schemas/t_input"])
    }

    @Test func spellingsOfOneWordAreTwoNames() throws {
        let document = try document([
            "type": "object", "properties": ["a": ["$ref": "#/$defs/\u{E9}"], "b": ["$ref": "#/$defs/e\u{301}"]],
            "$defs": ["\u{E9}": ["type": "string"], "e\u{301}": ["type": "integer"]],
        ])
        #expect(components(document) == ["t__", "t_e_"])
        #expect(request(document)?["properties"]?["b"] == ["$ref": "#/components/schemas/t_e_"])
    }

    @Test func referenceAtTheRootIsInlined() throws {
        let document = try document([
            "type": "object", "description": "Arguments.", "$ref": "#/$defs/Outer",
            "$defs": [
                "Outer": ["$ref": "#/$defs/Arguments"],
                "Arguments": [
                    "type": "object", "properties": ["a": ["type": "string"]], "additionalProperties": false,
                ],
            ],
        ])
        #expect(
            request(document) == [
                "type": "object", "description": "Arguments.", "properties": ["a": ["type": "string"]],
                "additionalProperties": false,
            ])
    }

    @Test func referenceAtTheRootStaysWhereInliningWouldChangeItsMeaning() throws {
        // In one schema additionalProperties would see both properties; beside a reference it sees its own only.
        let document = try document([
            "type": "object", "properties": ["b": ["type": "string"]], "$ref": "#/$defs/A",
            "$defs": ["A": ["properties": ["a": true], "additionalProperties": ["type": "integer"]]],
        ])
        #expect(request(document)?["$ref"] == "#/components/schemas/A")
        #expect(request(document)?["properties"] == ["b": ["type": "string"]])
    }

    @Test func dataThatLooksLikeSchemaIsLeftAlone() throws {
        let input: JSONValue = [
            "type": "object",
            "properties": [
                "a": ["const": ["type": "object", "$defs": ["x": 1], "$id": "y"]], "$id": ["type": "string"],
                "b": ["enum": [["type": "object"]], "default": ["definitions": []]],
            ],
        ]
        #expect(request(try document(input)) == input)
    }

    @Test func constraintsArriveUnchanged() throws {
        let input: JSONValue = [
            "type": "object", "minProperties": 1, "propertyNames": ["pattern": "^[a-z]+$"],
            "properties": [
                "n": ["type": ["number", "null"], "exclusiveMinimum": 0, "multipleOf": 0.01],
                "s": ["type": "string", "format": "date", "enum": ["2026-01-01"], "x-note": ["any": "thing"]],
                "t": [
                    "prefixItems": [true, false], "items": false, "contains": ["const": 1], "unevaluatedItems": false,
                ],
            ],
            "if": ["required": ["n"]], "then": ["required": ["s"]], "unevaluatedProperties": false,
        ]
        // But for booleans, which importers stumble over.
        var expected = try #require(input.object)
        var properties = try #require(expected["properties"]?.object)
        properties["t"] = [
            "prefixItems": [[:], ["not": [:]]], "items": ["not": [:]], "contains": ["const": 1],
            "unevaluatedItems": ["not": [:]],
        ]
        expected["properties"] = .object(properties)
        expected["unevaluatedProperties"] = ["not": [:]]
        #expect(request(try document(input)) == .object(expected))
    }

    @Test func whatObjectsLackIsAddedInTheDocumentOnly() throws {
        let output: JSONValue = [
            "type": "array", "items": ["type": ["null", "object"], "default": ["type": "object"]],
        ]
        let tool = ShopTools.tool("t", output: output)
        let document = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment).value
        let result = document["paths"]?["/tools/t"]?["post"]?["responses"]?["200"]?["content"]?["application/json"]?[
            "schema"]
        #expect(request(document) == ["type": "object", "properties": [:]])
        #expect(result?["items"] == ["type": ["null", "object"], "properties": [:], "default": ["type": "object"]])
        #expect(tool.outputSchema == output)
    }

    static let refused: [(schema: JSONValue, pointer: String, reason: String)] = [
        (["properties": ["a": ["$ref": "https://example.com/s.json"]]], "/properties/a/$ref", "outside this schema"),
        (["properties": ["a": ["$ref": "other.json#/x"]]], "/properties/a/$ref", "outside this schema"),
        (["properties": ["a/b": ["$ref": "#/$defs/Missing"]]], "/properties/a~1b/$ref", "there is no schema"),
        (["$ref": "#missing"], "/$ref", "no such anchor"),
        (["$ref": "#/$defs/a~2b"], "/$ref", "not a JSON Pointer"),
        (["$ref": "#/$defs/%zz"], "/$ref", "percent-encoding"),
        (["$ref": "#/required", "required": ["a"]], "/$ref", "there is no schema"),
        (["$ref": 1], "/$ref", "must be a string"),
        (["const": ["$ref": "#/nowhere"]], "/const", "is data"),
        (["properties": ["$ref": ["type": "string"]]], "/properties", "is data"),
        (["$schema": "http://json-schema.org/draft-03/schema#"], "/$schema", "not known"),
        (["$id": "https://example.com/#part"], "/$id", "fragment"),
        (["$anchor": "a", "not": ["$anchor": "a"]], "/not/$anchor", "taken"),
        (
            [
                "$dynamicAnchor": "n", "items": ["$dynamicRef": "#n"],
                "$defs": ["other": ["$id": "other", "$dynamicAnchor": "n"]],
            ], "/items/$dynamicRef", "depends on the way"
        ),
    ]

    @Test(arguments: refused.indices)
    func whatADocumentCannotSayIsRefused(index: Int) throws {
        let (schema, pointer, reason) = Self.refused[index]
        let tool = ShopTools.tool("t", output: schema)
        let problem = try #require(OpenAPIDocument.check(tool).first)
        #expect(problem.tool == "t")
        #expect(problem.pointer.description == "/output_schema" + pointer)
        #expect(problem.reason.contains(reason), "\(problem)")
        #expect(throws: problem) {
            try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment)
        }
    }
}
