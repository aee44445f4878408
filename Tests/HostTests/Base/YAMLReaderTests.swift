// YAML as JSON values: what texts mean, what is refused and where, and that aliases cannot grow without bounds.

import JSON
import Testing

@testable import HostBase

@Suite struct YAMLReaderTests {
    @Test(
        arguments: [
            ("", .null), ("# nothing", .null), ("---\n...\n", .null), ("~", .null), ("a", "a"), ("'1'", "1"),
            ("\"~\"", "~"),
            ("12", 12), ("-3", -3), ("+4", 4), ("0x1F", 31), ("0o17", 15), ("0.5", 0.5), (".5", 0.5), ("1.", 1),
            ("6e2", 600), ("1.2.3", "1.2.3"),
            ("12s", "12s"), ("-", [nil]), ("0x", "0x"), ("nan", "nan"), (".inf", ".inf"), ("yes", true), ("Off", false),
            ("!!str 12", "12"), ("! 12", "12"), ("|\n  a\n  b\n", "a\nb\n"), ("caf\u{e9}", "caf\u{e9}"),
            ("[a, {b: c}, 'd']", ["a", ["b": "c"], "d"]), ("{}", [:]), ("{yes: 1, 2: x}", ["yes": 1, "2": "x"]),
            ("a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x", ["a": [1, 2], "b": [1, 2], "c": 3, "d": 3]),
        ] as [(String, JSONValue)])
    func isRead(yaml: String, value: JSONValue) throws {
        #expect(try YAMLReader.value(yaml) == value)
    }

    @Test(arguments: ["9223372036854775808", "1e999", "0.1000000000000000055511151231257827"])
    func numbersKeepEveryDigit(number: String) throws {
        #expect(try YAMLReader.value(number).number?.lexeme == number)
    }

    @Test func membersKeepTheirOrder() throws {
        #expect(try YAMLReader.value("{z: 1, a: 2, m: 3}").object?.keys == ["z", "a", "m"])
    }

    @Test(arguments: [
        ("a: [", "did not find", 2, 1), ("a: 1\nb: *x", "*x", 2, 4), ("a: 1\na: 2", "there already", 2, 1),
        ("[a]: 1", "key", 1, 1), ("a: !!binary aGk=", "tag", 1, 4), ("!!set {a}", "tag", 1, 1),
        ("!x [a]", "tag", 1, 1), ("a: &a [*a]", "*a", 1, 8), ("--- a\n--- b", "second document", 2, 1),
        ("&k a: 1", "anchor", 1, 1), ("a: \u{1}", "control", 1, 1), ("a: b: c", "not allowed", 1, 5),
    ])
    func whatIsWrongHasAPlace(yaml: String, words: String, line: Int, column: Int) throws {
        let fault = try #require(throws: YAMLFault.self) { try YAMLReader.value(yaml) }
        #expect(fault.reason.contains(words), "\(fault)")
        #expect(fault.line == line && fault.column == column, "\(fault)")
    }

    @Test func aliasesCountAsWhatTheyStandFor() throws {
        let hundred = "a: &a [" + Array(repeating: "x", count: 99).joined(separator: ",") + "]\n"
        let within = "b: [" + Array(repeating: "*a", count: 98).joined(separator: ",") + "]"
        #expect(try YAMLReader.value(hundred + within)["b"]?[97]?.array?.count == 99)
        let beyond = "b: [" + Array(repeating: "*a", count: 99).joined(separator: ",") + "]"
        let fault = try #require(throws: YAMLFault.self) { try YAMLReader.value(hundred + beyond) }
        #expect(fault.reason.contains("10000 values"), "\(fault)")
    }

    @Test func nestingHasAnEnd() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let deepest = try YAMLReader.value(nested(100))
        #expect(deepest.array?.count == 1)
        let fault = try #require(throws: YAMLFault.self) { try YAMLReader.value(nested(101)) }
        #expect(fault.reason.contains("100 collections"), "\(fault)")
    }
}
