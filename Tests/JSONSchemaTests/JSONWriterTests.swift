// The writer puts commas, escapes and numbers where they belong.

import JSONSchema
import Testing

@Suite struct JSONWriterTests {
    @Test func writesNestedValues() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a\"b")
        writer.beginArray()
        writer.integer(.min)
        writer.integer(0)
        writer.number(1.5)
        writer.number(Double.infinity)
        writer.bool(false)
        writer.null()
        writer.raw(Array("{\"x\":1}".utf8))
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.key("v")
        writer.value(["t": [1, 2]])
        writer.key("s")
        writer.string("tab\t\u{1F}é\u{7F}")
        writer.endObject()
        let text = String(decoding: writer.finish(), as: UTF8.self)
        let array = #"[-9223372036854775808,0,1.5,null,false,null,{"x":1},{}]"#
        #expect(text == #"{"a\"b":"# + array + #","v":{"t":[1,2]},"s":"tab\t\u001fé"# + "\u{7F}\"}")
        #expect(throws: Never.self) { try JSONDocument(parsing: text) }
    }

    /// Plain text is found eight bytes at a time, so every place within them counts.
    @Test(arguments: [("\"", "\\\""), ("\\", "\\\\"), ("\u{1F}", "\\u001f"), ("\u{0}", "\\u0000"), ("é", "é")])
    func escapesAtEveryPlace(character: String, written: String) throws {
        for length in 0...20 {
            for place in 0...length {
                let before = String(repeating: "a", count: place)
                let after = String(repeating: "~", count: length - place)
                var writer = JSONWriter()
                writer.string(before + character + after)
                let bytes = writer.finish()
                #expect(String(decoding: bytes, as: UTF8.self) == "\"\(before)\(written)\(after)\"")
                #expect(try JSONDocument(parsing: bytes).root.string == before + character + after)
            }
        }
    }

    @Test(arguments: [
        (1234, 3, "1.234"), (-5, 3, "-0.005"), (0, 3, "0.000"), (Int64.min, 0, "-9223372036854775808"),
        (Int64.max, 2, "92233720368547758.07"), (100, 1, "10.0"),
    ])
    func writesDecimals(value: Int64, decimals: Int, text: String) {
        var writer = JSONWriter()
        writer.number(value, decimals: decimals)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == text)
    }

    @Test(arguments: [0, 9, 10, 99, 100, 12_345_678_901, Int64.max, Int64.min, -1, -10])
    func writesIntegers(value: Int64) {
        var writer = JSONWriter()
        writer.integer(value)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == value.description)
    }

    @Test(arguments: ["", "a", "a\"b\n", "é"], [false, true])
    func namesThatWereQuotedBeforeAreTheSame(name: String, pretty: Bool) {
        var (one, other) = (JSONWriter(pretty: pretty), JSONWriter(pretty: pretty))
        one.beginObject()
        other.beginObject()
        for _ in 0..<2 {
            one.key(name)
            one.integer(1)
            other.key(JSONKey(name))
            other.integer(1)
        }
        one.endObject()
        other.endObject()
        #expect(one.finish() == other.finish())
    }

    @Test func copiesNodes() throws {
        let text = #"{"a":[1.50,"é\n",true,null,{"b":-0}]}"#
        var writer = JSONWriter()
        writer.value(try JSONDocument(parsing: text).root)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == text)
    }

    @Test func bytesAreQuotedLikeText() {
        let text = "tab\t\u{1F}é \\ \"\n"
        var (one, other) = (JSONWriter(), JSONWriter())
        one.string(text)
        other.string(utf8: text.utf8.span)
        #expect(one.finish() == other.finish())
    }
}
