// The writer puts commas, escapes and numbers where they belong.

import JSON
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

    /// Names and texts are written in whole words that reach beyond them: nothing of that may stay, whatever comes next
    /// and wherever the room ends.
    @Test(arguments: [0, 1, 7, 64], [false, true])
    func lengthsOfNamesAndTextsDoNotMatter(room: Int, pretty: Bool) throws {
        for length in 0...40 {
            let text = String("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH".prefix(length))
            var writer = JSONWriter(pretty: pretty, reservingCapacity: room)
            writer.beginArray()
            for _ in 0..<3 {
                writer.beginObject()
                writer.key(JSONKey("k" + text))
                writer.string(text)
                writer.key(text)
                writer.integer(-1)
                writer.key(JSONKey("n" + text))
                writer.null()
                writer.endObject()
            }
            writer.endArray()
            let object =
                pretty
                ? "  {\n    \"k\(text)\": \"\(text)\",\n    \"\(text)\": -1,\n    \"n\(text)\": null\n  }"
                : "{\"k\(text)\":\"\(text)\",\"\(text)\":-1,\"n\(text)\":null}"
            let array = [object, object, object]
            let expected = pretty ? "[\n\(array.joined(separator: ",\n"))\n]" : "[\(array.joined(separator: ","))]"
            #expect(String(decoding: writer.finish(), as: UTF8.self) == expected)
        }
    }

    @Test func valuesAloneHaveNoComma() {
        func text(_ write: (inout JSONWriter) -> Void, pretty: Bool = false) -> String {
            var writer = JSONWriter(pretty: pretty, reservingCapacity: 0)
            write(&writer)
            return String(decoding: writer.finish(), as: UTF8.self)
        }
        #expect(text { _ in } == "")
        #expect(text { $0.string(",") } == "\",\"")
        #expect(text { $0.raw(Array("[1]".utf8)) } == "[1]")
        #expect(text({ $0.value([:]) }, pretty: true) == "{}")
        #expect(text({ $0.value([[], ["[": "{"]]) }, pretty: true) == "[\n  [],\n  {\n    \"[\": \"{\"\n  }\n]")
    }

    /// The text is copied up to what needs an escape, and goes on behind it.
    @Test func escapesMayFollowEachOther() throws {
        for length in 0...20 {
            let plain = String(repeating: "p", count: length)
            let text = "\"\"\(plain)\\\u{1}\u{2}\(plain)é\"\(plain)\n"
            var writer = JSONWriter(reservingCapacity: 0)
            writer.beginObject()
            writer.key(text)
            writer.string(text)
            writer.endObject()
            let quoted = "\"\\\"\\\"\(plain)\\\\\\u0001\\u0002\(plain)é\\\"\(plain)\\n\""
            #expect(String(decoding: writer.finish(), as: UTF8.self) == "{\(quoted):\(quoted)}")
        }
    }

    @Test(arguments: [
        (1234, 3, "1.234"), (-5, 3, "-0.005"), (0, 3, "0.000"), (Int64.min, 0, "-9223372036854775808"),
        (Int64.max, 2, "92233720368547758.07"), (100, 1, "10.0"), (7, 19, "0.0000000000000000007"),
        (Int64.min, 19, "-0.9223372036854775808"), (-100, 2, "-1.00"),
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

    @Test(arguments: [
        (1234, 2, "$", "$12.34"), (-5, 2, "$", "-$0.05"), (0, 0, "", "0"), (7, 3, "CHF ", "CHF 0.007"),
        (Int64.min, 2, "\"", "-\\\"92233720368547758.08"), (Int64.max, 18, "€\n", "€\\n9.223372036854775807"),
    ])
    func writesNumbersBehindAPrefix(value: Int64, decimals: Int, prefix: String, text: String) {
        for room in 0...60 {
            for pretty in [false, true] {
                var writer = JSONWriter(pretty: pretty, reservingCapacity: room)
                writer.beginObject()
                writer.key("a")
                writer.string(value, decimals: decimals, after: prefix)
                writer.key("b")
                writer.null()
                writer.endObject()
                let (line, space) = pretty ? ("\n", " ") : ("", "")
                let indent = space + space
                let members = ["\"a\":\(space)\"\(text)\"", "\"b\":\(space)null"].map { line + indent + $0 }
                let expected = "{" + members.joined(separator: ",") + line + "}"
                #expect(String(decoding: writer.finish(), as: UTF8.self) == expected)
            }
        }
    }

    @Test func allHundredthsOfFourDigits() {
        var writer = JSONWriter(reservingCapacity: 0)
        writer.beginArray()
        for cents in 0...10_020 as ClosedRange<Int64> { writer.string(cents, decimals: 2, after: "$") }
        writer.endArray()
        let texts = (0...10_020).map { "\"$\($0 / 100).\($0 / 10 % 10)\($0 % 10)\"" }
        #expect(String(decoding: writer.finish(), as: UTF8.self) == "[\(texts.joined(separator: ","))]")
    }

    /// A member written at once is a name and a value, wherever the room ends and whatever has to be escaped.
    @Test(arguments: [0, 1, 40, 500], [false, true])
    func membersAreNamesAndValues(room: Int, pretty: Bool) {
        let plain = (0...40).map { String(repeating: "x", count: $0) }
        let texts = plain + ["\"", "abcdefghijklmno\n", "é\\é", "12345678\u{1}"]
        for text in texts {
            for name in ["k", "k" + text] {
                let key = JSONKey(name)
                var (one, other) = (
                    JSONWriter(pretty: pretty, reservingCapacity: room),
                    JSONWriter(pretty: pretty, reservingCapacity: room)
                )
                one.beginObject()
                other.beginObject()
                for number: Int64 in [0, 7, -7, 10, 99, 100, 1000, 9999, 10_000, .min, .max] {
                    one.member(key, text)
                    one.member(key, number)
                    one.member(key, number > 0)
                    other.key(name)
                    other.string(text)
                    other.key(name)
                    other.integer(number)
                    other.key(name)
                    other.bool(number > 0)
                }
                one.endObject()
                other.endObject()
                #expect(one.finish() == other.finish())
            }
        }
    }

    @Test func allNumbersOfFourDigits() {
        var writer = JSONWriter(reservingCapacity: 0)
        writer.beginArray()
        for number in -20...10_020 as ClosedRange<Int64> { writer.integer(number) }
        writer.endArray()
        let expected = (-20...10_020).map(\.description).joined(separator: ",")
        #expect(String(decoding: writer.finish(), as: UTF8.self) == "[\(expected)]")
    }

    /// What an earlier text left in the buffer does not show.
    @Test(arguments: [0, 1, 23, 24, 25, 300])
    func buffersCanBeUsedAgain(size: Int) {
        var buffer = [UInt8](repeating: UInt8(ascii: "!"), count: size)
        for text in ["", "short", String(repeating: "long", count: 100), "short"] {
            var writer = JSONWriter(reusing: buffer)
            writer.beginArray()
            writer.string(text)
            writer.endArray()
            let count: Int
            (buffer, count) = writer.finishWithRoom()
            #expect(String(decoding: buffer.prefix(count), as: UTF8.self) == "[\"\(text)\"]")
        }
        #expect(JSONWriter(reusing: buffer).finishWithRoom().count == 0)
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
