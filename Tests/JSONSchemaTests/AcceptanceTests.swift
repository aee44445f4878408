// A text is accepted exactly when it parses and its document is valid, however it is written.

import JSON
import JSONSchema
import Testing

@Suite struct AcceptanceTests {
    private static let catalogue: JSONValue = [
        "type": "object",
        "required": ["id", "kind"],
        "properties": [
            "id": ["type": "integer", "minimum": 1, "maximum": 9_000],
            "kind": ["enum": ["plain", "grün", "a\"b"]],
            "note": ["type": ["string", "null"], "minLength": 2, "maxLength": 5],
            "price": ["type": "number"],
            "tags": ["type": "array", "items": ["type": "string"], "minItems": 1, "maxItems": 3],
            "child": ["$ref": "#"],
            "in \"quotes\"": ["type": "boolean"],
            "any": true,
        ],
    ]

    @Test(arguments: [
        (#"{"id":1,"kind":"plain"}"#, true),
        (" {\n\t\"id\" : 1 , \"kind\" : \"plain\" }\r\n", true),
        (#"{"kind":"plain","id":1}"#, true),
        (#"{"id":1,"kind":"plain","id":1}"#, false),
        (#"{"id":1,"kind":"plain","unknown":{"a":[1,{}]}}"#, true),
        (#"{"id":1,"kind":"plain","unknown":{"a":1,"a":2}}"#, false),
        (#"{"id":1,"kind":"grün"}"#, true),
        (#"{"id":1,"kind":"gr\u00fcn"}"#, true),
        (#"{"id":1,"kind":"a\"b"}"#, true),
        (#"{"id":1,"kind":"other"}"#, false),
        (#"{"\u0069d":1,"kind":"plain"}"#, true),
        (#"{"id":9000,"kind":"plain"}"#, true),
        (#"{"id":9001,"kind":"plain"}"#, false),
        (#"{"id":0,"kind":"plain"}"#, false),
        (#"{"id":-1,"kind":"plain"}"#, false),
        (#"{"id":1.0,"kind":"plain"}"#, true),
        (#"{"id":1e3,"kind":"plain"}"#, true),
        (#"{"id":1.5,"kind":"plain"}"#, false),
        (#"{"id":18446744073709551617,"kind":"plain"}"#, false),
        (#"{"id":01,"kind":"plain"}"#, false),
        (#"{"id":1,"kind":"plain","note":null}"#, true),
        (#"{"id":1,"kind":"plain","note":"ab"}"#, true),
        (#"{"id":1,"kind":"plain","note":"a"}"#, false),
        (#"{"id":1,"kind":"plain","note":"é"}"#, false),
        (#"{"id":1,"kind":"plain","note":"ééééé"}"#, true),
        (#"{"id":1,"kind":"plain","note":"\u00e9"}"#, false),
        (#"{"id":1,"kind":"plain","note":"\n\n\n\n\n"}"#, true),
        (#"{"id":1,"kind":"plain","note":"123456"}"#, false),
        (#"{"id":1,"kind":"plain","price":-0.5}"#, true),
        (#"{"id":1,"kind":"plain","price":1.}"#, false),
        (#"{"id":1,"kind":"plain","price":-}"#, false),
        (#"{"id":1,"kind":"plain","price":1e5}"#, true),
        (#"{"id":1,"kind":"plain","price":+1}"#, false),
        (#"{"id":1,"kind":"plain","tags":["x"]}"#, true),
        (#"{"id":1,"kind":"plain","tags":["\ud800"]}"#, false),
        (#"{"id":1,"kind":"plain","tags":["\ud83d\ude00","\/"]}"#, true),
        (#"{"id":1,"kind":"plain","tags":["\x"]}"#, false),
        (#"{"id":1,"kind":"plain","tags":[]}"#, false),
        (#"{"id":1,"kind":"plain","tags":["a","b","c","d"]}"#, false),
        (#"{"id":1,"kind":"plain","tags":["a",]}"#, false),
        (#"{"id":1,"kind":"plain","tags":"a"}"#, false),
        (#"{"id":1,"kind":"plain","child":{"id":2,"kind":"plain"}}"#, true),
        (#"{"id":1,"kind":"plain","child":{"id":2}}"#, false),
        (#"{"id":1,"kind":"plain","in "quotes"":true}"#, false),
        (#"{"id":1,"kind":"plain","in \"quotes\"":true}"#, true),
        (#"{"id":1,"kind":"plain","in \"quotes\"":1}"#, false),
        (#"{"id":1,"kind":"plain","any":[true,false,null,tru]}"#, false),
        (#"{"id":1,"kind":"plain","any":[true,false,null,{}]}"#, true),
        (#"{"id":1,"kind":"plain"},"#, false),
        (#"{"id":1,"kind":"plain""#, false),
        (#"{"id":1,"kind":"plain",}"#, false),
        (#"{"id":1 "kind":"plain"}"#, false),
        ("", false), ("{", false), ("\"", false), ("[", false), ("nul", false), ("-", false),
    ]) func judgesTexts(text: String, isAccepted: Bool) throws {
        #expect(try CompiledSchema(Self.catalogue).accepts(Array(text.utf8)) == isAccepted)
    }

    @Test(arguments: [
        "-", "-0", "0", "01", "-01", "00", "1.", "-1.", "1.5", "-.5", "1.5e", "1.5e3", "1e5", "1E", "12\0", "+1", "1-",
        "123456789012345678", "1234567890123456789", "-123456789012345678", "99999999999999999999", "--1", "1.5.5",
    ]) func readsNumbers(text: String) throws {
        for schema: JSONValue in [true, ["type": "number"], ["type": "integer"], ["type": "integer", "minimum": 0]] {
            for text in [text, " \(text) ", "[\(text)]"] {
                let schema = try CompiledSchema(text.hasPrefix("[") ? ["type": "array", "items": schema] : schema)
                Self.expectAgreement(Array(text.utf8), schema)
            }
        }
    }

    /// Around the lengths that are compared in one, two and more words, quotation marks and colon included.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 30, 31])
    func everyByteOfANameCounts(length: Int) throws {
        let name = String("abcdefghijklmnopqrstuvwxyzabcdefghijklmnop".prefix(length))
        let schema = try CompiledSchema([
            "type": "object", "properties": [name: ["type": "integer"]], "additionalProperties": false,
        ])
        for text in ["{\"\(name)\":1}", "{\"\(name)\":12345678901234}", "{\"\(name)\" : 1}"] {
            let text = Array(text.utf8)
            #expect(schema.accepts(text))
            for index in text.indices {
                Self.expectAgreement(Array(text[..<index]), schema)
                for byte in Array("_\":\\ }".utf8) + [0, 0xC3] {
                    var other = text
                    other[index] = byte
                    Self.expectAgreement(other, schema)
                }
            }
        }
    }

    private static func expectAgreement(_ text: [UInt8], _ schema: CompiledSchema) {
        let expected = (try? JSONDocument(parsing: text)).map { schema.validate($0).isEmpty } ?? false
        #expect(
            schema.accepts(text) == expected, "\(String(decoding: text, as: UTF8.self)) for \(schema.source)")
    }

    @Test func keepsTheLimits() throws {
        let schema = try CompiledSchema(["items": ["$ref": "#"]])
        let nested = Array((String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).utf8)
        #expect(schema.accepts(nested))
        #expect(!schema.accepts(Array("[".utf8) + nested + Array("]".utf8)))
        #expect(!schema.accepts(nested, limits: JSONLimits(depth: 63)))
        #expect(schema.accepts(nested, limits: JSONLimits(maximumBytes: 128)))
        #expect(!schema.accepts(nested, limits: JSONLimits(maximumBytes: 127)))
        #expect(!schema.accepts(nested, limits: JSONLimits(depth: 600, maximumBytes: 0)))
    }

    @Test func refusesBytesThatAreNoText() throws {
        let schema = try CompiledSchema(["type": "string"])
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0x1F], [0xF4, 0x90, 0x80, 0x80]] {
            #expect(!schema.accepts([0x22] + bytes + [0x22]), "\(bytes)")
        }
        #expect(schema.accepts([0x22, 0xF0, 0x9F, 0x98, 0x80, 0x7F, 0x22]))
    }

    /// A second opinion on what no list of examples thinks of.
    @Test func agreesWithParsingAndValidating() throws {
        let schemas = try Self.schemas.map { try CompiledSchema($0) }
        var random = Random(state: 7)
        var verdicts = [true: 0, false: 0]
        for round in 0..<30_000 {
            var text = Array(Self.texts[round % Self.texts.count].utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) where !text.isEmpty { Self.mutate(&text, &random) }
            for schema in schemas {
                Self.expectAgreement(text, schema)
                let verdict = schema.accepts(text)
                verdicts[verdict, default: 0] += 1
            }
        }
        #expect(verdicts[true, default: 0] > 10_000)
        #expect(verdicts[false, default: 0] > 10_000)
    }

    private static let schemas: [JSONValue] = [
        catalogue, true, ["type": "array"], ["type": ["object", "string"], "additionalProperties": false],
        ["additionalProperties": ["type": "integer"], "properties": ["id": ["const": 1], "kind": ["const": "plain"]]],
        ["anyOf": [["required": ["note"]], ["required": ["any"]]], "properties": ["id": ["type": "integer"]]],
        ["properties": ["id": ["exclusiveMinimum": 1, "exclusiveMaximum": 3], "price": ["multipleOf": 0.25]]],
        [
            "properties": ["tags": ["prefixItems": [["type": "string"]], "items": ["type": "number"]]],
            "required": ["x"],
        ],
        ["properties": ["tags": ["uniqueItems": true]], "patternProperties": ["^k": ["pattern": "a"]]],
        ["unevaluatedProperties": false, "properties": ["id": ["type": "number", "maximum": 1.5], "kind": true]],
    ]
    private static let texts = [
        #"{"id":1,"kind":"plain","note":"abc","price":1.25,"tags":["a","b"],"child":{"id":2,"kind":"grün"},"any":[0]}"#,
        #"{"id": 2, "kind": "a\"b", "in \"quotes\"": true, "any": {"k": null}}"#,
        #"{"id":3,"kind":"plain"}"#, #"[1,"two",[3.5e-1],{}]"#, #""text""#, "{}",
    ]

    private static func mutate(_ text: inout [UInt8], _ random: inout Random) {
        let bytes = Array("{}[]:,\"\\ue019-+.Etfn \n".utf8) + [0x00, 0x80, 0xC3, 0xFF]
        let index = Int.random(in: text.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.remove(at: index)
        case 1: text.insert(bytes.randomElement(using: &random) ?? 0, at: index)
        case 2: text.swapAt(index, Int.random(in: text.indices, using: &random))
        default: text[index] = bytes.randomElement(using: &random) ?? 0
        }
    }

    /// What fits the first of alternatives, or what a reference leads to, is known without a closer look, and nothing
    /// else is.
    @Test func alternativesAreRecognizedByTheFirst() throws {
        let whole: JSONValue = ["type": "object", "properties": ["n": ["type": "integer"]], "required": ["n"]]
        let words: JSONValue = ["type": "object", "properties": ["text": ["type": "string"]], "required": ["text"]]
        let rows: [(JSONValue, text: String, isKnown: Bool, isValid: Bool)] = [
            (["type": "object", "anyOf": [whole, words]], #"{"n":1}"#, true, true),
            (["anyOf": [whole, words]], #"{"n":1}"#, true, true),
            (["type": "object", "anyOf": [whole, words]], #"{"text":"x"}"#, false, true),
            (["type": "object", "anyOf": [whole, words]], #"{"n":"x"}"#, false, false),
            (["type": "array", "anyOf": [whole, words]], #"{"n":1}"#, false, false),
            (["type": "object", "anyOf": [["type": ["object", "null"]], words]], "null", false, false),
            (["minProperties": 2, "anyOf": [whole, words]], #"{"n":1}"#, false, false),
            (["required": ["m"], "anyOf": [whole, words]], #"{"n":1}"#, false, false),
            (["anyOf": [whole], "allOf": [words]], #"{"n":1}"#, false, false),
            (["anyOf": [whole], "$ref": "#/$defs/words", "$defs": ["words": words]], #"{"n":1}"#, false, false),
            (["unevaluatedProperties": false, "anyOf": [whole]], #"{"n":1,"m":2}"#, false, false),
            (
                ["$ref": "#/$defs/w", "$defs": ["w": ["type": "object", "anyOf": [whole, words]]]], #"{"n":1}"#, true,
                true
            ),
            (["type": "integer", "anyOf": [["type": "number"], true]], "1.5", false, false),
            (["oneOf": [whole, words]], #"{"n":1,"text":"x"}"#, false, false),
            (["anyOf": [false, whole]], #"{"n":1}"#, false, true),
        ]
        for (schema, text, isKnown, isValid) in rows {
            let compiled = try CompiledSchema(schema)
            let bytes = Array(text.utf8)
            let isRecognized = compiled.recognizes(bytes.span)
            #expect(isRecognized == isKnown, "\(schema) \(text)")
            #expect(compiled.accepts(bytes) == isValid, "\(schema) \(text)")
            #expect(compiled.isValid(try JSONDocument(parsing: bytes)) == isValid)
        }
    }

    @Test func aValueThatDoesNotFitLeavesThePlaceAsItIs() throws {
        let schema = try CompiledSchema(["type": "object", "properties": ["n": ["type": "integer"]]])
        let bytes = Array(#"{"n":"x"} {"n":1} {"n":1,"n":1}"#.utf8)
        var walk = JSONWalk()
        var places = [walk.value(bytes.span, fitting: schema), walk.value(bytes.span)]
        places += [walk.value(bytes.span, fitting: schema), walk.value(bytes.span)]
        #expect(places == [nil, 0..<9, 10..<17, nil])
    }
}
