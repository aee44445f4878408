// Nulls that a schema refuses are found where it is sure which schema applies, and taken out of the text without a
// trace.

import JSON
import Testing

@testable import JSONSchema

@Suite struct RefusedNullsTests {
    private func found(_ schema: String, _ text: String) throws -> (nulls: RefusedNulls, schema: CompiledSchema) {
        let schema = try CompiledSchema(JSONValue(parsing: schema))
        return (schema.refusedNulls(in: try JSONDocument(parsing: text)), schema)
    }

    private func without(_ schema: String, _ text: String) throws -> String {
        String(decoding: try found(schema, text).nulls.textWithoutOptional(), as: UTF8.self)
    }

    private static let flat = """
        {"type":"object","required":["r"],"properties":{"r":{"type":"string"},"a":{"type":"string"},
         "b":{"type":"integer"},"c":{"enum":["x","y"]},"n":{"type":["string","null"]},"any":true,
         "d\\"\\\\":{"type":"string"},"":{"type":"string"}},"additionalProperties":true}
        """

    @Test(arguments: [
        (#"{"a":null}"#, "{}"),
        (#"{"a":null,"r":"1"}"#, #"{"r":"1"}"#),
        (#"{"r":"1","a":null}"#, #"{"r":"1"}"#),
        (#"{"r":"1","a":null,"n":"2"}"#, #"{"r":"1","n":"2"}"#),
        (#"{"a":null,"b":null,"c":null}"#, "{}"),
        (#"{"r":"1","a":null,"b":null,"c":null}"#, #"{"r":"1"}"#),
        (#"{"a":null,"b":null,"r":"1","c":null}"#, #"{"r":"1"}"#),
        (" { \"a\" : null , \"r\" : \"1\" , \"b\" :\tnull\n} ", "{ \"r\" : \"1\" }"),
        (#"{"r":null,"a":null}"#, #"{"r":null}"#),
        (#"{"n":null,"any":null,"other":null,"a":null}"#, #"{"n":null,"any":null,"other":null}"#),
        (#"{"d\"\\":null,"r":"1"}"#, #"{"r":"1"}"#),
        (#"{"r":"\"a\":null","\u0061":null}"#, #"{"r":"\"a\":null"}"#),
        (#"{"":null,"r":"1"}"#, #"{"r":"1"}"#),
        (#"{"r":1.50,"any":[null,{"a":null}],"a":null}"#, #"{"r":1.50,"any":[null,{"a":null}]}"#),
    ])
    func membersOfOneObject(_ text: String, _ expected: String) throws {
        #expect(try without(Self.flat, text) == expected)
    }

    private static let deep = ##"""
        {"type":"object","properties":{"parcel":{"$ref":"#/$defs/parcel"},
         "list":{"type":"array","prefixItems":[{"$ref":"#/$defs/parcel"}],"items":{"$ref":"#/$defs/parcel"}},
         "both":{"allOf":[{"properties":{"a":{"type":"string"}}},{"required":["a"]}]},
         "maybe":{"anyOf":[{"$ref":"#/$defs/parcel"},{"type":"null"}]},
         "either":{"oneOf":[{"const":1},{"enum":["x",2]},{"$ref":"#/$defs/parcel"},false]},
         "unsure":{"anyOf":[{"$ref":"#/$defs/parcel"},{"type":"object","properties":{"label":{"type":"integer"}}}]},
         "map":{"type":"object","additionalProperties":{"type":"string"}},
         "patterns":{"type":"object","patternProperties":{"^x":{"type":"string"}}},
         "strict":{"type":"object","properties":{},"additionalProperties":false},
         "whole":{"if":{"required":["kind"]},"then":{"properties":{"label":{"type":"string"}}}}},
         "$defs":{"parcel":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},
         "label":{"type":"string"},"parts":{"type":"array","items":{"$ref":"#/$defs/parcel"}}}}}}
        """##

    @Test(arguments: [
        (#"{"parcel":{"label":null,"id":1}}"#, #"{"parcel":{"id":1}}"#),
        (#"{"parcel":{"id":null}}"#, #"{"parcel":{"id":null}}"#),
        (
            #"{"parcel":{"id":1,"parts":[{"id":2,"label":null},{"id":3,"parts":null}]},"list":null}"#,
            #"{"parcel":{"id":1,"parts":[{"id":2},{"id":3}]}}"#
        ),
        (#"{"list":[{"id":1,"label":null},{"id":2,"label":null},null]}"#, #"{"list":[{"id":1},{"id":2},null]}"#),
        (#"{"both":{"a":null}}"#, #"{"both":{"a":null}}"#),
        (#"{"maybe":{"id":1,"label":null}}"#, #"{"maybe":{"id":1}}"#),
        (#"{"maybe":null}"#, #"{"maybe":null}"#),
        (#"{"either":{"id":1,"label":null}}"#, #"{"either":{"id":1}}"#),
        (#"{"unsure":{"id":1,"label":null}}"#, #"{"unsure":{"id":1,"label":null}}"#),
        (#"{"unsure":null,"map":{"a":null}}"#, #"{"map":{"a":null}}"#),
        (#"{"patterns":{"xa":null},"strict":{"a":null}}"#, #"{"patterns":{"xa":null},"strict":{"a":null}}"#),
        (#"{"whole":{"kind":1,"label":null}}"#, #"{"whole":{"kind":1,"label":null}}"#),
    ])
    func placesBelow(_ text: String, _ expected: String) throws {
        #expect(try without(Self.deep, text) == expected)
    }

    @Test func pointersTellOptionalFromRequired() throws {
        let nulls = try found(Self.deep, #"{"parcel":{"id":null,"label":null},"list":null}"#).nulls
        for (pointer, isOptional, isRequired) in [
            ("/parcel/label", true, false), ("/list", true, false), ("/parcel/id", false, true), ("", false, false),
            ("/parcel", false, false), ("/parcel/other", false, false), ("/parcel/id/x", false, false),
            ("x", false, false),
        ] {
            #expect(nulls.isOptional(pointer) == isOptional, "\(pointer)")
            #expect(nulls.isRequired(pointer) == isRequired, "\(pointer)")
        }
        #expect(nulls.hasOptional)
        #expect(try found(Self.deep, #"{"parcel":{"id":null}}"#).nulls.hasOptional == false)
    }

    @Test func pointersReachNullsInArrays() throws {
        let text = #"{"list":[{"id":1},{"id":2,"label":null},null]}"#
        let nulls = try found(Self.deep, text).nulls
        #expect(nulls.isOptional("/list/1/label"))
        #expect(!nulls.isOptional("/list/2"))
        #expect(!nulls.isOptional("/list/9/label"))
    }

    /// Violations come in the schema's order, so that the last null of the text may be the first that is told.
    @Test func anyOfManyNullsIsFound() throws {
        let parcel = #"{"id":null,"label":null}"#
        let text = #"{"list":[\#(Array(repeating: parcel, count: 40).joined(separator: ","))]}"#
        let nulls = try found(Self.deep, text).nulls
        for index in [0, 15, 16, 39] {
            #expect(nulls.isOptional("/list/\(index)/label") && nulls.isRequired("/list/\(index)/id"))
        }
    }

    // MARK: Bounds

    private func steps(_ schema: JSONValue, _ text: String) throws -> Int {
        try CompiledSchema(schema).searchedNulls(in: JSONDocument(parsing: text)).steps
    }

    /// Once for the schema, and not once more for each value.
    @Test func alternativesAreLookedThroughOnce() throws {
        let alternatives: [JSONValue] = Array(repeating: ["type": "object"], count: 1_000)
        func steps(_ count: Int) throws -> Int {
            try self.steps(
                ["items": ["anyOf": .array(alternatives)]],
                "[" + Array(repeating: "{}", count: count).joined(separator: ",") + ",null]")
        }
        let (few, many) = (try steps(10), try steps(1_010))
        #expect(many - few <= 4_000, "\(few) \(many)")
        let unlike: JSONValue = ["anyOf": .array(Array(repeating: ["type": "string"], count: 1_000))]
        #expect(try self.steps(unlike, "[null]") >= 1_000)
    }

    /// Two ways at each level are not four at the next.
    @Test func referencesAreFollowedOnce() throws {
        var definitions: JSONObject = ["d60": ["type": "object"]]
        for level in 0..<60 {
            let next = JSONValue.string("#/$defs/d\(level + 1)")
            definitions["d\(level)"] = ["$ref": next, "$dynamicRef": next]
        }
        let schema: JSONValue = [
            "properties": ["a": ["anyOf": [["$ref": "#/$defs/d0"], false]], "b": ["type": "string"]],
            "$defs": .object(definitions),
        ]
        #expect(try steps(schema, #"{"a":[],"b":null}"#) < 1_000)
        let document = try JSONDocument(parsing: #"{"a":[],"b":null}"#)
        #expect(try CompiledSchema(schema).refusedNulls(in: document).isOptional("/b"))
    }

    @Test func nothingIsSearchedWhereThereIsNoNull() throws {
        #expect(try steps(["properties": ["a": ["type": "string"]]], #"{"a":1,"null":"null"}"#) == 0)
    }

    /// What was found until then may be half of it.
    @Test func aSearchThatIsTooMuchFindsNothing() throws {
        var definitions: JSONObject = ["d40": ["type": "object"]]
        for level in 0..<40 {
            let next: JSONValue = ["$ref": .string("#/$defs/d\(level + 1)")]
            definitions["d\(level)"] = ["allOf": [next, next]]
        }
        let schema = try CompiledSchema([
            "properties": ["b": ["type": "string"], "a": ["$ref": "#/$defs/d0"]], "$defs": .object(definitions),
        ])
        let document = try JSONDocument(parsing: #"{"b":null,"a":{}}"#)
        let (nulls, steps) = schema.searchedNulls(in: document)
        #expect(!nulls.hasOptional)
        #expect(steps < SchemaBounds.work + 10_000)
    }

    /// Against a tree from which the same members are removed.
    @Test func randomDocumentsLoseExactlyTheirNulls() throws {
        let schema = try CompiledSchema(
            JSONValue(
                parsing: ##"""
                    {"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"a":{"type":"string"},"b":{"$ref":"#/$defs/n"},
                     "c\"":{"type":"array","items":{"$ref":"#/$defs/n"}},"\\":{"type":"integer"}}}}}
                    """##))
        var random = Random(state: 4711)
        for _ in 0..<2_000 {
            var text = ""
            let kept = Self.node(&random, depth: 0, &text)
            let document = try JSONDocument(parsing: text)
            let output = schema.refusedNulls(in: document).textWithoutOptional()
            let value = try JSONValue(parsing: output)
            #expect(value == kept, "\(text)")
            #expect(schema.accepts(output), "\(text)")
        }
    }

    /// Writes an object with white space anywhere; returns it without its nulls.
    private static func node(_ random: inout Random, depth: Int, _ text: inout String) -> JSONValue {
        func space(_ random: inout Random) -> String { ["", "", " ", "\n\t", "\r "][Int(random.next() % 5)] }
        var kept = JSONObject()
        var parts: [String] = []
        for (name, written) in [("a", "\"a\""), ("b", "\"\\u0062\""), ("c\"", "\"c\\\"\""), ("\\", "\"\\\\\"")] {
            guard random.next() % 4 != 0 else { continue }
            var value = "null"
            if random.next() % 2 == 0 {
                switch name {
                case "a":
                    value = #""\"b\":null,""#
                    kept[name] = "\"b\":null,"
                case "\\":
                    value = "7"
                    kept[name] = 7
                case "b" where depth < 3:
                    value = ""
                    kept[name] = node(&random, depth: depth + 1, &value)
                case "c\"" where depth < 3:
                    var (first, second) = ("", "")
                    kept[name] = [
                        node(&random, depth: depth + 1, &first), node(&random, depth: depth + 1, &second),
                    ]
                    value = "[" + space(&random) + first + "," + space(&random) + second + "]"
                default: break
                }
            }
            parts.append(
                space(&random) + written + space(&random) + ":" + space(&random) + value + space(&random))
        }
        text += "{" + space(&random) + parts.joined(separator: ",") + "}"
        return .object(kept)
    }
}
