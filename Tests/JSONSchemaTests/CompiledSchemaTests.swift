// What a caller is told about a document that does not fit, and that hostile documents stay cheap.

import JSON
import JSONSchema
import Testing

@Suite struct CompiledSchemaTests {
    private func violations(_ schema: JSONValue, _ text: String, limit: Int = 16) throws -> [SchemaViolation] {
        try CompiledSchema(schema).validate(JSONDocument(parsing: text), limit: limit)
    }

    @Test(
        arguments: [
            (["type": ["string", "null"]], "5", "type", "", "/type", "expected a string or null, found an integer"),
            (["const": 3], "4", "const", "", "/const", "expected 3, found 4"),
            (["enum": ["a", 1]], "\"b\"", "enum", "", "/enum", "expected one of \"a\", 1, found \"b\""),
            (["items": ["minimum": 3]], "[3,2]", "minimum", "/1", "/items/minimum", "expected at least 3, found 2"),
            (["maxLength": 2], "\"日本語\"", "maxLength", "", "/maxLength", "expected at most 2 characters, found 3"),
            (["pattern": "^a"], "\"b\"", "pattern", "", "/pattern", "expected text that matches \"^a\", found \"b\""),
            (["required": ["a"]], "{}", "required", "", "/required", "the member \"a\" is missing"),
            (
                ["properties": ["a/b": false]], "{\"a/b\":1}", "false", "/a~1b", "/properties/a~1b",
                "no value is allowed here"
            ),
            (
                ["properties": ["a": true], "additionalProperties": false], "{\"b\":1}", "additionalProperties", "/b",
                "/additionalProperties", "unexpected member \"b\"; expected only \"a\""
            ),
            (
                ["properties": [:], "additionalProperties": false], "{\"b\":1}", "additionalProperties", "/b",
                "/additionalProperties", "unexpected member \"b\"; expected none, as in {}"
            ),
            (
                ["unevaluatedProperties": false], "{\"b\":1}", "unevaluatedProperties", "/b", "/unevaluatedProperties",
                "unexpected member \"b\""
            ),
            (
                ["dependentRequired": ["a": ["b"]]], "{\"a\":1}", "dependentRequired", "", "/dependentRequired",
                "the member \"b\" is missing when \"a\" is present"
            ),
            (
                ["uniqueItems": true], "[1,2,1.0]", "uniqueItems", "", "/uniqueItems",
                "items 0 and 2 are equal, but all must be different"
            ),
            (["multipleOf": 0.1], "0.25", "multipleOf", "", "/multipleOf", "expected a multiple of 0.1, found 0.25"),
            (
                ["$ref": "#/$defs/d", "$defs": ["d": ["minItems": 1]]], "[]", "minItems", "", "/$defs/d/minItems",
                "expected at least 1 item, found 0"
            ),
            (
                ["anyOf": [["type": "null"], ["properties": ["kind": ["const": "x"]], "type": "object"]]],
                "{\"kind\":\"y\"}", "anyOf", "", "/anyOf",
                "none of the 2 alternatives matches; the closest is number 2, which says at /kind: "
                    + "expected \"x\", found \"y\""
            ),
            (
                ["oneOf": [true, true]], "1", "oneOf", "", "/oneOf",
                "expected exactly one alternative to match, but several do"
            ),
        ] as [(JSONValue, String, String, String, String, String)])
    func explains(
        schema: JSONValue, instance: String, keyword: String, place: String, schemaPlace: String, message: String
    ) throws {
        let expected = SchemaViolation(
            instancePointer: place, schemaPointer: schemaPlace, keyword: keyword, message: message)
        #expect(try violations(schema, instance) == [expected])
    }

    @Test func reportsSeveralUpToTheLimit() throws {
        let schema: JSONValue = ["items": ["type": "string"], "maxItems": 1]
        #expect(try violations(schema, "[1,2,3]").map(\.instancePointer) == ["", "/0", "/1", "/2"])
        #expect(try violations(schema, "[1,2,3]", limit: 2).count == 2)
        #expect(try violations(["required": ["b", "a"]], "{}").map(\.keyword) == ["required", "required"])
    }

    @Test func quotesOnlyTheBeginningOfTheInput() throws {
        let long = String(repeating: "x\\n", count: 5_000)
        let message = try #require(try violations(["maxLength": 3, "enum": [1]], "\"\(long)\"").first?.message)
        #expect(message.unicodeScalars.count < 100)
        #expect(!message.utf8.contains(10))
    }

    @Test func numbersAreExact() throws {
        #expect(try violations(["const": 1], "1.0") == [])
        #expect(try violations(["type": "integer"], "1e2") == [])
        #expect(try violations(["maximum": 9_007_199_254_740_992], "9007199254740993").count == 1)
        #expect(try violations(["multipleOf": 0.01], "19.99") == [])
        #expect(try violations(["multipleOf": 7], "1e999999999").count == 1)
        #expect(try violations(["multipleOf": 5], "1e999999999") == [])
        #expect(try violations(["maximum": 5], "1e400").count == 1)
        #expect(try violations(["multipleOf": 3], "123456789012345678901234567890") == [])
        #expect(try violations(["multipleOf": 3], "123456789012345678901234567891").count == 1)
    }

    @Test func longStringsAndManyRequiredMembers() throws {
        let names = (0..<100).map { JSONValue("m\($0)") }
        let members = (0..<100).map { "\"m\($0)\":0" }.joined(separator: ",")
        #expect(try violations(["required": .array(names)], "{\(members)}") == [])
        #expect(try violations(["required": .array(names)], "{}", limit: 200).count == 100)
        let unique = (0..<1_000).map { "{\"id\":\($0),\"n\":\"\($0)\"}" }.joined(separator: ",")
        #expect(try violations(["uniqueItems": true], "[\(unique)]") == [])
        let again = try violations(["uniqueItems": true], "[\(unique),{\"n\":\"7\",\"id\":7.0}]")
        #expect(again.first?.message == "items 7 and 1000 are equal, but all must be different")
    }

    @Test func evaluatedMembersBeyondTheFirstSixtyFour() throws {
        let members = (0..<200).map { "\"m\($0)\":0" }.joined(separator: ",")
        let schema: JSONValue = ["patternProperties": ["^m": true], "unevaluatedProperties": false]
        #expect(try violations(["allOf": [schema]], "{\(members)}") == [])
        #expect(try violations(schema, "{\(members),\"z\":1}").map(\.instancePointer) == ["/z"])
    }

    /// Two branches that recurse double the work with each level: 2^60 steps without a bound.
    @Test func givesUpOnDocumentsThatMultiplyWork() throws {
        let next: JSONValue = ["properties": ["n": ["$ref": "#"]], "required": ["n"]]
        let schema = try CompiledSchema(["anyOf": [next, next], "type": "object"])
        let text = String(repeating: "{\"n\":", count: 60) + "{\"n\":1}" + String(repeating: "}", count: 60)
        let document = try JSONDocument(parsing: text)
        #expect(!schema.isValid(document))
        #expect(
            schema.validate(document).first?.message == "the document is too complex to be checked against this schema")
    }

    @Test func keepsItsSource() throws {
        #expect(try CompiledSchema(["type": "object", "x-env": "A"]).source["x-env"] == "A")
    }

    @Test func aValueInsideADocumentIsJudgedOnItsOwn() throws {
        let schema = try CompiledSchema(["type": "object", "required": ["a"], "additionalProperties": false])
        let strict = try CompiledSchema([
            "type": "object", "properties": ["a": ["type": "integer"]], "required": ["a"],
            "additionalProperties": false,
        ])
        let document = try JSONDocument(parsing: #"{"outer":{"a":1},"list":[{"a":"x"}],"b":1}"#)
        let inner = try #require(document.root["outer"])
        let other = try #require(document.root["list"]?[0])
        #expect(strict.isValid(inner))
        #expect(!strict.isValid(other))
        #expect(!strict.isValid(document.root))
        #expect(!schema.isValid(document.root))
    }
}
