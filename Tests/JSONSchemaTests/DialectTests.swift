// Schemas of older drafts: taken where 2020-12 means the same, and refused with the way out where it does not.

import JSON
import JSONSchema
import Testing

@Suite struct DialectTests {
    static let uris = [
        "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema#",
        "http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft/2019-09/schema", "https://json-schema.org/draft/2019-09/schema#",
    ]

    private func error(_ uri: String, _ text: String) throws -> SchemaError? {
        var schema = try #require(JSONValue(parsing: text).object)
        schema["$schema"] = .string(uri)
        do {
            _ = try CompiledSchema(.object(schema))
            return nil
        } catch {
            return error
        }
    }

    /// What generators write all the time.
    @Test(arguments: uris)
    func takesWhatMeansTheSame(uri: String) throws {
        #expect(
            try error(
                uri,
                ##"""
                {"type":"object","properties":{"a":{"type":"string","format":"date"},"b":{"$ref":"#/definitions/B"}},
                "required":["a"],"additionalProperties":false,"dependencies":{},
                "definitions":{"B":{"type":"array","items":{"type":"integer","minimum":1},"additionalItems":false}}}
                """##) == nil)
    }

    @Test func definitionsAreFollowed() throws {
        let schema = try CompiledSchema(
            JSONValue(
                parsing: ##"""
                    {"$schema":"http://json-schema.org/draft-07/schema#","type":"object",
                    "properties":{"b":{"$ref":"#/definitions/B","description":"said beside it"}},
                    "definitions":{"B":{"type":"integer"}}}
                    """##))
        #expect(schema.isValid(try JSONDocument(parsing: ##"{"b":1}"##)))
        #expect(!schema.isValid(try JSONDocument(parsing: ##"{"b":"1"}"##)))
    }

    struct Difference: Sendable {
        var uri: String
        var schema: String
        var pointer: String
        /// Part of the reason: what to write.
        var remedy: String
    }

    static let draft04 = uris[0]
    static let draft06 = uris[1]
    static let draft07 = uris[2]
    static let draft2019 = uris[4]

    static let differences = [
        Difference(uri: draft07, schema: ##"{"items":[{"type":"string"}]}"##, pointer: "/items", remedy: "prefixItems"),
        Difference(
            uri: draft2019, schema: ##"{"not":{"items":[true]}}"##, pointer: "/not/items", remedy: "prefixItems"),
        Difference(
            uri: draft07, schema: ##"{"properties":{"x":{"dependencies":{"a":["b"]}}}}"##,
            pointer: "/properties/x/dependencies", remedy: "dependentRequired"),
        Difference(
            uri: draft04, schema: ##"{"dependencies":{"a":{"required":["b"]}}}"##, pointer: "/dependencies",
            remedy: "dependentSchemas"),
        Difference(
            uri: draft07, schema: ##"{"$ref":"#/definitions/a","type":"object","definitions":{"a":true}}"##,
            pointer: "/type", remedy: "allOf"),
        Difference(
            uri: draft06,
            schema: ##"{"properties":{"x":{"minLength":3,"$ref":"#/definitions/a"}},"definitions":{"a":{}}}"##,
            pointer: "/properties/x/minLength", remedy: "allOf"),
        Difference(
            uri: draft07,
            schema: ##"{"properties":{"x":{"$id":"y","$ref":"#/definitions/a"}},"definitions":{"a":{}}}"##,
            pointer: "/properties/x/$id", remedy: "allOf"),
        Difference(
            uri: draft2019, schema: ##"{"properties":{"x":{"$recursiveRef":"#"}}}"##,
            pointer: "/properties/x/$recursiveRef", remedy: "$dynamicRef"),
        Difference(
            uri: draft2019, schema: ##"{"allOf":[{"contains":{"type":"string"}}],"unevaluatedItems":false}"##,
            pointer: "/unevaluatedItems", remedy: "leave one of them out"),
        Difference(
            uri: draft07, schema: ##"{"definitions":{"a":{"$id":"#a"}}}"##, pointer: "/definitions/a/$id",
            remedy: "\"$anchor\": \"a\""),
        Difference(
            uri: draft04, schema: ##"{"minimum":1,"exclusiveMinimum":true}"##, pointer: "/exclusiveMinimum",
            remedy: "instead of in minimum"),
        Difference(
            uri: draft04, schema: ##"{"maximum":1,"exclusiveMaximum":false}"##, pointer: "/exclusiveMaximum",
            remedy: "instead of in maximum"),
        Difference(uri: draft04, schema: ##"{"id":"http://example.com/x"}"##, pointer: "/id", remedy: "$id"),
        Difference(uri: draft2019, schema: ##"{"prefixItems":[true]}"##, pointer: "/prefixItems", remedy: "$schema"),
        Difference(
            uri: draft2019, schema: ##"{"$dynamicRef":"#x","$dynamicAnchor":"x"}"##, pointer: "/$dynamicRef",
            remedy: "$schema"),
    ]

    @Test(arguments: differences)
    func refusesWhatDiffers(example: Difference) throws {
        let error = try #require(try error(example.uri, example.schema))
        #expect(error.pointer == example.pointer)
        #expect(error.reason.contains(example.remedy), "\(error.reason)")
        #expect(error.reason.contains("2020-12") || error.reason.contains("$anchor"), "\(error.reason)")
    }

    /// A keyword that a draft ignores and 2020-12 heeds, with the drafts that ignore it.
    @Test(arguments: [
        (##"{"const":1}"##, [draft04]), (##"{"contains":{}}"##, [draft04]), (##"{"propertyNames":{}}"##, [draft04]),
        (##"{"if":{}}"##, [draft04, draft06]), (##"{"dependentRequired":{}}"##, [draft04, draft06, draft07]),
        (##"{"dependentSchemas":{}}"##, [draft06, draft07]), (##"{"unevaluatedItems":true}"##, [draft06, draft07]),
        (##"{"unevaluatedProperties":true}"##, [draft07]), (##"{"contains":{},"minContains":2}"##, [draft06, draft07]),
        (##"{"contains":{},"maxContains":2}"##, [draft07]), (##"{"prefixItems":[{}]}"##, [draft07, draft2019]),
    ])
    func refusesWhatTheDraftIgnores(schema: String, ignoring: [String]) throws {
        for uri in [Self.draft04, Self.draft06, Self.draft07, Self.draft2019] {
            let isRefused = try error(uri, schema) != nil
            if ignoring.contains(uri) { #expect(isRefused, "\(uri)") }
            if uri == Self.draft2019, !ignoring.contains(uri) { #expect(!isRefused) }
        }
    }

    /// What stands beside them in an older draft may say nothing, or nothing that counts.
    @Test(arguments: [
        ##"{"minContains":2}"##, ##"{"additionalItems":false}"##, ##"{"then":{"type":"string"}}"##, ##"{"id":"x"}"##,
        ##"{"properties":{"items":{"type":"array"},"if":{},"prefixItems":{},"dependencies":{"type":"object"}}}"##,
        ##"{"default":{"items":[1],"prefixItems":[1]},"enum":[{"$ref":"#/x","type":"y"}],"const":{"dependencies":{"a":[]}}}"##,
    ])
    func dataAndNamesAreNoKeywords(schema: String) throws {
        #expect(try error(Self.draft07, schema) == nil)
    }

    /// A part that says another draft of itself is read by that one.
    @Test func partsMayHaveADraftOfTheirOwn() throws {
        let part = ##""$schema":"http://json-schema.org/draft-07/schema#""##
        let plain = try JSONValue(
            parsing: "{\"properties\":{\"a\":{\(part),\"type\":\"string\"}},\"prefixItems\":[true]}")
        #expect(throws: Never.self) { try CompiledSchema(plain) }
        let different = try JSONValue(parsing: "{\"properties\":{\"a\":{\(part),\"items\":[true]}}}")
        #expect(throws: SchemaError.self) { try CompiledSchema(different) }
        let back = try JSONValue(
            parsing:
                "{\(part),\"properties\":{\"a\":{\"$schema\":\"\(Dialect.draft2020.uri)\",\"prefixItems\":[true]}}}")
        #expect(throws: Never.self) { try CompiledSchema(back) }
    }

    @Test func knowsDraftsByTheirNames() {
        #expect(Dialect(uri: "http://json-schema.org/draft-07/schema#") == .draft07)
        #expect(Dialect(uri: "https://json-schema.org/draft/2020-12/schema") == .draft2020)
        for other in [
            "", "#", "draft-07", "http://json-schema.org/schema#", "http://json-schema.org/draft-07/schema#x",
            "http://json-schema.org/draft-03/schema#", "http://json-schema.org/draft/2020-12/schema",
            "https://spec.openapis.org/oas/3.1/dialect/base",
        ] {
            #expect(Dialect(uri: other) == nil, "\(other)")
        }
    }
}
