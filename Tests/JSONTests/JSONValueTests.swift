// Trees: literals, equality, order and text.

import JSON
import Testing

@Suite struct JSONValueTests {
    @Test func literalsAndAccessors() {
        let value: JSONValue = ["n": nil, "b": true, "i": 1, "d": 1.5, "s": "x", "a": [1, "y"]]
        #expect(value["n"]?.isNull == true)
        #expect(value["b"]?.bool == true)
        #expect(value["i"]?.int64 == 1)
        #expect(value["d"]?.double == 1.5)
        #expect(value["s"]?.string == "x")
        #expect(value["a"]?[1]?.string == "y")
        #expect(value["a"]?[2] == nil)
        #expect(value.object?.keys == ["n", "b", "i", "d", "s", "a"])
    }

    @Test func equalityFollowsJSONSchema() throws {
        #expect(JSONValue(1) == 1.0)
        #expect(JSONValue(1) != true)
        #expect(["a": 1, "b": 2] as JSONValue == ["b": 2, "a": 1.0])
        #expect(["a": 1] as JSONValue != ["a": 1, "b": 2])
        #expect([1, 2] as JSONValue != [2, 1])
        #expect(JSONValue("\u{E9}") != "e\u{301}")
        #expect((["a": 1, "b": 2] as JSONValue).hashValue == (["b": 2, "a": 1.0] as JSONValue).hashValue)
    }

    @Test func writesMembersInOrder() throws {
        let text = #"{"z":1.0,"a":[true,null,"q\"\\\n\u0001é"],"m":{},"e":[]}"#
        let value = try JSONValue(parsing: text)
        #expect(String(decoding: value.bytes(), as: UTF8.self) == text)
        #expect(
            String(decoding: value.bytes(pretty: true), as: UTF8.self) == """
                {
                  "z": 1.0,
                  "a": [
                    true,
                    null,
                    "q\\"\\\\\\n\\u0001é"
                  ],
                  "m": {},
                  "e": []
                }
                """)
    }

    @Test func objectsReplaceInPlaceAndRemove() {
        var object = JSONObject()
        for index in 0..<40 { object["k\(index)"] = JSONValue(index) }
        object["k3"] = "changed"
        object["k1"] = nil
        #expect(object.count == 39)
        #expect(object["k1"] == nil)
        #expect(object["k39"] == 39)
        #expect(Array(object.keys.prefix(3)) == ["k0", "k2", "k3"])
        #expect(object["k3"] == "changed")
    }
}
