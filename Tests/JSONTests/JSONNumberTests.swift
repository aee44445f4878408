// Numbers compare by value and keep their digits.

import JSON
import Testing

@Suite struct JSONNumberTests {
    private func number(_ text: String) throws -> JSONNumber {
        try #require(JSONValue(parsing: text).number)
    }

    @Test(arguments: [
        ("1", "1.0"), ("1", "1e0"), ("100", "1e2"), ("0", "-0"), ("0", "0e99"), ("0.1", "1e-1"), ("-5.50", "-55e-1"),
        ("12345678901234567890123", "12345678901234567890123.000"), ("1e400", "10e399"),
    ])
    func equalHoweverWritten(a: String, b: String) throws {
        let (left, right) = (try number(a), try number(b))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
    }

    @Test(arguments: [
        ("1", "2"), ("-2", "-1"), ("-1", "0"), ("0.1", "0.10000000000000000000001"),
        ("9007199254740992", "9007199254740993"),

        ("1e400", "1e401"), ("-1e400", "1e-400"), ("99999999999999999999", "1e20"), ("1.5", "15"), ("0.95", "1"),
    ])
    func ordered(smaller: String, larger: String) throws {
        let (left, right) = (try number(smaller), try number(larger))
        #expect(left < right)
        #expect(!(right < left))
        #expect(left != right)
    }

    @Test(
        arguments: [
            ("1.0", 1), ("1e2", 100), ("120e-1", 12), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", .min),
            ("-9.223372036854775808e18", .min), ("0.0", 0), ("-0", 0),
        ] as [(String, Int64)])
    func exactIntegers(text: String, value: Int64) throws {
        #expect(try number(text).int64 == value)
        #expect(try JSONDocument(parsing: text).root.int64 == value)
    }

    @Test(arguments: ["1.5", "9223372036854775808", "-9223372036854775809", "1e400", "1e-1", "1e999999999"])
    func notIntegersInRange(text: String) throws {
        #expect(try number(text).int64 == nil)
        #expect(try JSONDocument(parsing: text).root.int64 == nil)
    }

    @Test func keepsTheLexeme() throws {
        for text in ["1.0", "12345678901234567890123", "1E5", "-0", "7"] {
            #expect(try number(text).lexeme == text)
        }
        #expect(JSONNumber(2.5).lexeme == "2.5")
        #expect(JSONNumber(Double(3))?.lexeme == "3")
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(Int64.min).lexeme == "-9223372036854775808")
    }

    @Test func doublesOutOfRangeAreInfiniteOrNil() throws {
        #expect(try number("1e400").double == .infinity)
        #expect(try JSONDocument(parsing: "1e400").root.double == nil)
        #expect(try JSONDocument(parsing: "-2.5").root.double == -2.5)
    }
}
