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
        other.string(utf8: Array(text.utf8))
        #expect(one.finish() == other.finish())
    }
}
