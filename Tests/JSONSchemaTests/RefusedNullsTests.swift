// Nulls that a schema refuses are found where it is sure which schema applies, and taken out of the text without a trace.

import JSONSchema
import Testing

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
        #expect(nulls.optionalPointers(limit: 9) == ["/parcel/label", "/list"])
        #expect(nulls.requiredPointers(limit: 9) == ["/parcel/id"])
        #expect(nulls.optionalPointers(limit: 1).count == 1)
        #expect(nulls.hasOptional)
        #expect(try found(Self.deep, #"{"parcel":{"id":null}}"#).nulls.hasOptional == false)
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
