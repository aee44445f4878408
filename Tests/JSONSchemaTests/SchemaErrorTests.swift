// Schemas that cannot be used say so when they are compiled, with the place.

import JSON
import JSONSchema
import Testing

@Suite struct SchemaErrorTests {
    private func error(_ text: String, _ options: SchemaOptions = .init()) throws -> SchemaError? {
        let schema = try JSONValue(parsing: text)
        do {
            _ = try CompiledSchema(schema, options: options)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (#"5"#, "", "a schema must be an object or a boolean"),
        (##"{"type":5}"##, "/type", "type must be a string or an array of strings"),
        (##"{"type":"strin"}"##, "/type", "unknown type \"strin\""),
        (##"{"required":"a"}"##, "/required", "must be an array of different strings"),
        (##"{"required":["a","a"]}"##, "/required", "must be an array of different strings"),
        (##"{"minLength":-1}"##, "/minLength", "minLength must be a whole number that is not negative"),
        (##"{"maxItems":1.5}"##, "/maxItems", "maxItems must be a whole number that is not negative"),
        (##"{"minimum":"1"}"##, "/minimum", "minimum must be a number"),
        (
            ##"{"exclusiveMinimum":true}"##, "/exclusiveMinimum",
            "exclusiveMinimum must be a number: the bound itself, instead of in the keyword beside it"
        ),
        (##"{"multipleOf":0}"##, "/multipleOf", "multipleOf must be greater than zero"),
        (##"{"uniqueItems":1}"##, "/uniqueItems", "uniqueItems must be a boolean"),
        (##"{"enum":"a"}"##, "/enum", "enum must be an array"),
        (##"{"properties":[]}"##, "/properties", "properties must be an object"),
        (##"{"properties":{"a/b":{"items":3}}}"##, "/properties/a~1b/items", "a schema must be an object or a boolean"),
        (##"{"allOf":[]}"##, "/allOf", "allOf must be an array with at least one schema"),
        (##"{"format":1}"##, "/format", "format must be a string"),
        (##"{"$id":"x#y"}"##, "/$id", "$id must not have a fragment; write \"$anchor\": \"y\" instead"),
        (##"{"$anchor":"1a"}"##, "/$anchor", "not a valid anchor name"),
        (##"{"$defs":{"unused":{"type":"nul"}}}"##, "/$defs/unused/type", "unknown type \"nul\""),
        (
            ##"{"$ref":"https://example.com/x"}"##, "/$ref",
            "the reference \"https://example.com/x\" names no known schema, and nothing is fetched"
        ),
        (##"{"$ref":"#/$defs/x"}"##, "/$ref", "the reference \"#/$defs/x\" points to nothing"),
        (##"{"$ref":"#x"}"##, "/$ref", "there is no anchor for the reference \"#x\""),
        (
            ##"{"$schema":"http://json-schema.org/draft-03/schema#"}"##, "/$schema",
            "\"http://json-schema.org/draft-03/schema#\" is no dialect that is known here; "
                + "write https://json-schema.org/draft/2020-12/schema, or leave $schema out"
        ),
        (
            ##"{"pattern":"(a)\\1"}"##, "/pattern",
            "not a usable pattern: backreferences cannot be matched in linear time (at character 4)"
        ),
    ])
    func namesPlaceAndReason(schema: String, pointer: String, reason: String) throws {
        let error = try #require(try error(schema))
        #expect(error.pointer == pointer)
        #expect(error.reason == reason)
    }

    @Test(arguments: [
        ##"{"$ref":"#"}"##,
        ##"{"allOf":[{"$ref":"#"}]}"##,
        ##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[true,{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}"##,
        ##"{"if":{"not":{"$ref":"#"}}}"##,
        ##"{"dependentSchemas":{"a":{"$ref":"#"}}}"##,
        ##"{"$dynamicAnchor":"x","$dynamicRef":"#x"}"##,
    ])
    func refusesSchemasThatLoop(schema: String) throws {
        #expect(try error(schema)?.reason == "the schema refers to itself for the same value")
    }

    @Test func acceptsRecursionIntoChildren() throws {
        #expect(try error(##"{"properties":{"next":{"$ref":"#"}},"items":{"$ref":"#"}}"##) == nil)
    }

    @Test(arguments: [
        ##"{"x-env":"A","nonsense":{"type":5},"default":{"type":5},"examples":[1]}"##,
        ##"{"$schema":"https://json-schema.org/draft/2020-12/schema#","$comment":"c"}"##,
        ##"{"format":"no-such-format"}"##,
        ##"{"$ref":"https://json-schema.org/draft/2020-12/schema"}"##,
        ##"{"minLength":1e30}"##,
    ])
    func toleratesTheUnknown(schema: String) throws {
        #expect(try error(schema) == nil)
    }

    @Test func resourcesAreOnlyThoseRegistered() throws {
        let options = SchemaOptions(resources: ["https://example.com/a": ["$defs": ["n": ["type": "nul"]]]])
        #expect(try error(##"{"$ref":"https://example.com/a"}"##, options) == nil)
        let broken = try #require(try error(##"{"$ref":"https://example.com/a#/$defs/n"}"##, options))
        #expect(broken.pointer == "https://example.com/a#/$defs/n/type")
    }

    @Test func refusesChainsThatWouldOverflowTheStack() throws {
        var definitions: JSONObject = ["d600": true]
        for index in 0..<600 { definitions["d\(index)"] = ["$ref": .string("#/$defs/d\(index + 1)")] }
        let schema: JSONValue = ["$defs": .object(definitions), "$ref": "#/$defs/d0"]
        #expect(throws: SchemaError.self) { try CompiledSchema(schema) }
        var nested: JSONValue = true
        for _ in 0..<400 { nested = ["not": nested] }
        #expect(throws: SchemaError.self) { try CompiledSchema(nested) }
    }
}
