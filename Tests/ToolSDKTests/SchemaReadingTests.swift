// Reading and writing values: defaults, optionals, what does not fit and where.

import JSON
import Testing
import ToolSDK

@Suite struct SchemaReadingTests {
    @Test func whatIsLeftOutGetsItsDefault() throws {
        let value = try Everything.schema.decode(["code": "abc", "tags": ["t"]])
        #expect(value.note == nil)
        #expect(value.count == 2)
        #expect(value.weight == 0.5)
        #expect(value.isGift == false)
        #expect(value.size == .small)
        #expect(value.lines == nil)
        #expect(value.prices == ["x": 1])
        #expect(value.extra == nil)
    }

    @Test func everythingSurvivesTheWayThereAndBack() throws {
        let json: JSONValue = [
            "code": "abc", "note": "grüße \u{1F6D2} \"quoted\"", "count": 4, "weight": 1.25, "isGift": true,
            "size": "large", "tags": ["a", "b"], "lines": [["code": "a", "price": 9.99]], "prices": ["a": 1, "b": 2],
            "extra": [nil, 1, "x"], "state": ["k": ["v"]],
        ]
        let value = try Everything.schema.decode(json)
        #expect(value.lines?.first?.price == 9.99)
        #expect(value.size == .large)
        #expect(try JSONValue(parsing: Everything.schema.encode(value)) == json)
    }

    @Test(arguments: [(0, "$0.00"), (5, "$0.05"), (-123, "-$1.23"), (Int.min, "-$92233720368547758.08")])
    func amountsAreTextForPeople(value: Int, text: String) throws {
        let schema = Schema<Int>.amount(decimals: 2, after: "$")
        #expect(String(decoding: schema.encode(value), as: UTF8.self) == "\"\(text)\"")
        #expect(try schema.decode(.string(text)) == value)
        #expect(schema.jsonSchema() == ["type": "string"])
    }

    @Test(arguments: [
        "", "$", "$1", "$1.2", "$1.234", "1.00", "$-1.00", "$1.0x", "$.00", "$99999999999999999999.00", "$1.2.3",
    ])
    func whatIsNoAmountIsRefused(text: String) {
        #expect(throws: ToolError.self) { try Schema<Int>.amount(decimals: 2, after: "$").decode(.string(text)) }
    }

    @Test func amountsWithoutDecimals() throws {
        #expect(try Schema<Int>.amount(decimals: 0).decode("-12") == -12)
        #expect(throws: ToolError.self) { try Schema<Int>.amount(decimals: 0).decode("1.5") }
    }

    @Test func nilIsLeftOutAndDefaultsAreWritten() throws {
        let value = try Everything.schema.decode(["code": "abc", "tags": []])
        let written = String(decoding: Everything.schema.encode(value), as: UTF8.self)
        #expect(
            written == """
                {"code":"abc","count":2,"weight":0.5,"isGift":false,"size":"small","tags":[],"prices":{"x":1}}
                """)
    }

    @Test(arguments: [
        (#"{"tags":[]}"#, "/code is missing."),
        (#"{"code":1,"tags":[]}"#, "/code must be a string."),
        (#"{"code":"abc","tags":{}}"#, "/tags must be an array."),
        (#"{"code":"abc","tags":["a",2]}"#, "/tags/1 must be a string."),
        (#"{"code":"abc","tags":[],"count":1.5}"#, "/count must be an integer from \(Int.min) to \(Int.max)."),
        (#"{"code":"abc","tags":[],"count":9223372036854775808}"#, "/count must be an integer from"),
        (#"{"code":"abc","tags":[],"weight":"1"}"#, "/weight must be a number."),
        (#"{"code":"abc","tags":[],"isGift":1}"#, "/isGift must be true or false."),
        (#"{"code":"abc","tags":[],"size":"huge"}"#, "/size must be one of: small, large."),
        (#"{"code":"abc","tags":[],"lines":[{"code":"a","price":1},{"code":"a"}]}"#, "/lines/1/price is missing."),
        (#"{"code":"abc","tags":[],"prices":{"a/b~c":"x"}}"#, "/prices/a~1b~0c must be an integer"),
        (#"{"code":"abc","tags":[],"state":[]}"#, "/state must be an object."),
        (#"{"code":"abc","tags":[],"note":null}"#, "/note must be a string."),
        (#"[]"#, "The value must be an object."),
        (#"{"code":}"#, "Not JSON: "),
    ])
    func saysWhatDoesNotFitAndWhere(json: String, message: String) {
        let error = #expect(throws: ToolError.self) { try Everything.schema.decode(Array(json.utf8)) }
        #expect(error?.kind == .invalid)
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "nothing")")
    }

    @Test func detailsCarryThePointer() {
        let error = #expect(throws: ToolError.self) { try Everything.schema.decode(["code": 1]) }
        #expect(error?.details == ["pointer": "/code", "reason": "must be a string"])
    }

    @Test func numbersNeedNotBeWrittenAsTheTypeIs() throws {
        #expect(try Schema<Int>.integer().decode(Array("1e2".utf8)) == 100)
        #expect(try Schema<Double>.number().decode(Array("3".utf8)) == 3)
        #expect(try Schema<Int64>.integer().decode(Array("9223372036854775807".utf8)) == .max)
        #expect(throws: ToolError.self) { try Schema<UInt8>.integer().decode(256) }
    }

    @Test func membersUnknownToTheSchemaAreIgnored() throws {
        #expect(try Named.schema.decode(["name": "n", "more": 1]).name == "n")
    }

    @Test func rulesAcrossMembersMayRefuse() {
        struct Span: Sendable { var from, to: Int }
        let schema = Schema<Span>.object(
            Property("from", \.from, .integer(), "First"),
            Property("to", \.to, .integer(), "Last"),
            make: { from, to in
                guard from <= to else { throw ToolError.invalid("\"from\" is after \"to\".") }
                return Span(from: from, to: to)
            })
        #expect(throws: ToolError.invalid("\"from\" is after \"to\".")) { try schema.decode(["from": 2, "to": 1]) }
        #expect(throws: Never.self) { try schema.decode(["from": 1, "to": 2]) }
    }

    @Test func mappedSchemasReadAndWriteTheOtherType() throws {
        struct Money: Sendable, Equatable { var cents: Int }
        let schema = Schema<Double>.number(0...).map(
            decode: { Money(cents: Int(($0 * 100).rounded())) }, encode: { Double($0.cents) / 100 })
        #expect(try schema.decode(12.5) == Money(cents: 1250))
        #expect(schema.encode(Money(cents: 1999)) == Array("19.99".utf8))
        #expect(schema.jsonSchema() == ["type": "number", "minimum": 0])
    }
}
