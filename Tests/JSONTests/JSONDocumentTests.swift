// The strict parser: what it accepts, what it refuses and where it says the mistake is.

import JSON
import Testing

@Suite struct JSONDocumentTests {
    @Test func readsEveryKindOfValue() throws {
        let document = try JSONDocument(
            parsing: #" {"s":"a\u00e9\uD83D\uDE00\n","n":-12,"f":1.5e1,"t":true,"u":null,"a":[1,[2],{}],"o":{"x":1}} "#)
        let root = document.root
        #expect(root.kind == .object)
        #expect(root.count == 7)
        #expect(root["s"]?.string == "aé😀\n")
        #expect(root["n"]?.int64 == -12)
        #expect(root["f"]?.int64 == 15)
        #expect(root["f"]?.double == 15)
        #expect(root["t"]?.bool == true)
        #expect(root["u"]?.isNull == true)
        #expect(root["a"]?.elements.map(\.kind) == [.number, .array, .object])
        #expect(root["a"]?[1]?[0]?.int64 == 2)
        #expect(root["a"]?[3] == nil)
        #expect(root["o"]?.members.map(\.key) == ["x"])
        #expect(root["missing"] == nil)
    }

    /// Plain text is found eight bytes at a time, so every place within them counts.
    @Test func refusesControlCharactersAtEveryPlace() {
        for length in 0...20 {
            for place in 0...length {
                for (byte, offset) in [(UInt8(0x1F), place + 1), (0x00, place + 1), (0xFF, place + 1)] {
                    var bytes = Array("\"\(String(repeating: "a", count: length))\" ".utf8)
                    bytes.insert(byte, at: place + 1)
                    let error = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: bytes) }
                    #expect(error?.offset == offset)
                }
            }
        }
    }

    @Test func findsMembersWhoseNamesWereEscaped() throws {
        let document = try JSONDocument(parsing: #"{"\u0061b":1,"c\/d":2}"#)
        #expect(document.root["ab"]?.int64 == 1)
        #expect(document.root["c/d"]?.int64 == 2)
    }

    @Test(arguments: [
        ("", 0, 1, 1, "the text is empty"),
        (" ", 1, 1, 2, "the text ends too early"),
        ("{\"a\":1,}", 7, 1, 8, "expected a member name in double quotes"),
        ("[1,]", 3, 1, 4, "expected a value"),
        ("[1 2]", 3, 1, 4, "expected ',' or ']'"),
        ("{\"a\" 1}", 5, 1, 6, "expected ':' after the member name"),
        ("{\"a\":1 \"b\":2}", 7, 1, 8, "expected ',' or '}'"),
        ("01", 1, 1, 2, "a number has no leading zeros"),
        ("-", 1, 1, 2, "the text ends too early"),
        ("1.", 2, 1, 3, "the text ends too early"),
        (".5", 0, 1, 1, "expected a value"),
        ("+1", 0, 1, 1, "expected a value"),
        ("1e+", 3, 1, 4, "the text ends too early"),
        ("1e12345678901", 2, 1, 3, "the exponent has more than nine digits"),
        ("NaN", 0, 1, 1, "expected a value"),
        ("nul", 3, 1, 4, "the text ends too early"),
        ("trux", 3, 1, 4, "expected true, false or null"),
        ("1 2", 2, 1, 3, "nothing may follow the value"),
        ("\"a\tb\"", 2, 1, 3, "control characters in strings must be escaped"),
        ("\"\\x\"", 1, 1, 2, "unknown escape sequence"),
        ("\"\\u12g4\"", 5, 1, 6, "expected four hexadecimal digits"),
        ("\"\\ud800\"", 1, 1, 2, "an escaped surrogate has no partner"),
        ("\"\\ud800\\u0041\"", 1, 1, 2, "an escaped surrogate has no partner"),
        ("\"\\udc00\"", 1, 1, 2, "an escaped surrogate has no partner"),
        ("\u{FEFF}1", 0, 1, 1, "a byte order mark is not allowed"),
        ("// c\n1", 0, 1, 1, "expected a value"),
        ("[\n \"é\",\n \"é\" x]", 15, 3, 6, "expected ',' or ']'"),
    ])
    func refusesWhatIsNotStrictJSON(text: String, offset: Int, line: Int, column: Int, reason: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.reason == reason)
    }

    @Test(
        arguments: [
            [0x22, 0x80, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xE0, 0x80, 0x80, 0x22],
            [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22], [0x22, 0xC3, 0x22],
        ] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: bytes) }
        #expect(error?.reason == "the text is not valid UTF-8")
        #expect(error?.offset == 1)
    }

    @Test func refusesDuplicateMembersHoweverTheyAreWritten() {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: #"{"a":1,"b":2,"a":3}"#) }
        #expect(error?.offset == 13)
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: #"[{"x":{"a":1,"\u0061":2}}]"#) }
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: #"{"":1,"":2}"#) }
    }

    @Test func findsADuplicateAmongManyMembers() throws {
        let names = (0..<5000).map { "\"name\($0)\":\($0)" }
        let distinct = "{" + names.joined(separator: ",") + "}"
        #expect(try JSONDocument(parsing: distinct).root.count == 5000)
        let repeated = "{" + names.joined(separator: ",") + ",\"name77\":1}"
        let error = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: repeated) }
        #expect(error?.offset == distinct.utf8.count)
    }

    @Test func keepsCanonicallyEquivalentNamesApart() throws {
        let document = try JSONDocument(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(document.root["\u{E9}"]?.int64 == 1)
        #expect(document.root["e\u{301}"]?.int64 == 2)
        #expect(document.root.value["e\u{301}"] == 2)
    }

    @Test func boundsDepthAndLength() throws {
        let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(throws: Never.self) { try JSONDocument(parsing: nested(64)) }
        let error = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: nested(65)) }
        #expect(error?.offset == 64)
        #expect(error?.reason == "values are nested too deeply")
        #expect(throws: Never.self) { try JSONDocument(parsing: nested(512), limits: JSONLimits(depth: 100_000)) }
        #expect(throws: JSONSyntaxError.self) {
            try JSONDocument(parsing: nested(100_000), limits: JSONLimits(depth: 100_000))
        }
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: "[1]", limits: JSONLimits(maximumBytes: 2)) }
    }

    @Test func parsesASpanThatItCopies() throws {
        let bytes: [UInt8] = Array("[1,2]".utf8)
        let document = try JSONDocument(parsing: bytes.span)
        #expect(document.root.count == 2)
    }

    @Test func containersKnowTheirOwnText() throws {
        let text = #"{"a": {"b]": "}\\\"]", "c": [1, {"d": []}]} , "e":[ ]}"#
        let root = try JSONDocument(parsing: text).root
        func source(_ node: JSONNode?) -> String? { node?.sourceText.map { String(decoding: $0, as: UTF8.self) } }
        #expect(source(root) == text)
        #expect(source(root["a"]) == #"{"b]": "}\\\"]", "c": [1, {"d": []}]}"#)
        #expect(source(root["a"]?["c"]) == #"[1, {"d": []}]"#)
        #expect(source(root["e"]) == "[ ]")
        #expect(root["a"]?["b]"]?.sourceText == nil)
    }

    @Test func memoryOfOneDocumentServesTheNext() throws {
        var document: JSONDocument?
        var held: [(JSONNode, String)] = []
        let long = String(repeating: "x", count: 900)
        let texts = [#"{"a":"é\n","b":[1,2,3]}"#, "[]", "7", #"{"long":"\#(long)"}"#]
        for (number, text) in texts.enumerated() {
            var memory = JSONMemory(of: &document)
            #expect(document == nil)
            memory.text += text.utf8
            let next = try JSONDocument(parsing: &memory)
            #expect(next.root.value == (try JSONValue(parsing: text)))
            // Some are still in use when the next one is read.
            if number % 2 == 0 { held.append((next.root, text)) }
            document = next
        }
        for (node, text) in held { #expect(node.value == (try JSONValue(parsing: text))) }
        var memory = JSONMemory(of: &document)
        memory.text += "[".utf8
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: &memory) }
        memory.text += "[1]".utf8
        #expect(try JSONDocument(parsing: &memory).root.value == [1])
    }

    @Test(arguments: ["true", "false", "null"])
    func literalsAreExact(word: String) throws {
        #expect(throws: Never.self) { try JSONDocument(parsing: word) }
        for length in 1..<word.utf8.count {
            let start = String(word.prefix(length))
            let cut = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: start) }
            #expect(cut?.offset == length)
            let wrong = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: "[\(start)X,1]") }
            #expect(wrong?.offset == length + 1)
        }
    }
}
