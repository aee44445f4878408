// Patterns: the regular part of ECMA-262, matched in linear time, everything else refused.

import Testing

@testable import JSONSchema

@Suite struct PatternTests {
    @Test(arguments: [
        ("", "anything", true), ("b", "abc", true), ("^b", "abc", false), ("c$", "abc", true),
        ("^abc$", "abc\n", false),
        ("^(a|bc)*d$", "abcad", true), ("^(a|bc)*d$", "abad", false), ("a{2,3}", "ba", false),
        ("^a{2,3}$", "aaaa", false),
        ("^a{2,}$", "aaaaa", true), ("^a{0}$", "", true), ("a+?", "b", false), ("^[^a-c]$", "d", true),
        ("^[]$", "", false),
        ("^[^]$", "\n", true), ("^.$", "\n", false), ("^.$", "😀", true), ("^\\u{1F600}$", "😀", true),
        ("^\\ud83d\\ude00$", "😀", true), ("^\\x41\\cJ\\0$", "A\n\0", true), ("^\\p{L}+$", "größe日", true),
        ("^\\p{Lu}$", "a", false), ("^\\P{L}$", "1", true), ("\\p{gc=Nd}", "x٣", true), ("^\\w+$", "é", false),
        ("^\\s$", "\u{3000}", true), ("^\\d$", "٣", false), ("\\bfoo\\b", "a foo b", true),
        ("\\bfoo\\b", "afoo", false),
        ("\\Boo", "foo", true), ("^(?:a|b)(?<name>c)$", "bc", true), ("^[\\-\\]]+$", "-]", true),
        ("^[a-]+$", "a-", true),
        ("^(a*)*$", "aaaa", true), ("^(a*)*$", "aab", false), ("^(|a)+$", "aa", true), ("x|^$", "", true),
    ])
    func matches(pattern: String, text: String, expected: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == expected)
    }

    @Test(arguments: [
        ("(?=a)", "lookaround"), ("(?!a)", "lookaround"), ("(?<=a)b", "lookaround"), ("(?<!a)b", "lookaround"),
        ("(a)\\1", "backreferences"), ("(?<n>a)\\k<n>", "backreferences"), ("(", "not closed"), (")", "unmatched"),
        ("[a", "not closed"), ("*", "nothing to repeat"), ("a{2,1}", "wrong order"), ("[b-a]", "wrong order"),
        ("[\\d-z]", "single character"), ("\\a", "unknown escape"), ("\\", "backslash"), ("{", "escaped"),
        ("\\p{Nope}", "unknown Unicode property"), ("\\ud800", "surrogate"),
        ("a{99999}", "beyond 10000; say such lengths with maxLength"),
        ("((a{100}){100}){100}", "too large"), ("(a|b)*a(a|b){600}", "too large"), ("^*", "cannot be repeated"),
    ])
    func refuses(pattern: String, reason: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(pattern) }
        #expect(error?.reason.contains(reason) == true)
    }

    /// The classic: a backtracking matcher needs 2^n steps for the first, a table of 2^14 rows for the second.
    @Test func staysLinearWhereBacktrackingExplodes() throws {
        let text = String(repeating: "a", count: 20_000)
        #expect(try !Pattern("^(a+)+$").matches(text + "b"))
        #expect(try !Pattern("^(a|a)*b$").matches(text))
        let wide = try Pattern("(a|b)*a(a|b){14}c")
        #expect(wide.cost(ofBytes: 800) > 800)
        #expect(wide.matches("bbabbbbbbbbbbbbbbc"))
        #expect(!wide.matches("bbbbbbbbbbbbbbbbbc"))
    }

    @Test func manyDifferentCharactersAreTooLarge() throws {
        let scalars = (0x4E00..<0x4E00 + 1_500).compactMap(Unicode.Scalar.init).map { String(Character($0)) }
        #expect(try Pattern(scalars.prefix(200).joined(separator: "|")).matches("x\u{4E10}"))
        #expect(throws: PatternError.self) { try Pattern(scalars.joined(separator: "|")) }
        #expect(try Pattern("^[" + scalars.joined() + "]$").matches("\u{4E10}"))
    }

    @Test func scalarSetsMergeAndInvert() {
        let set = ScalarSet([5...9, 1...3, 4...4, 20...30])
        #expect(set.ranges == [1...9, 20...30])
        #expect(set.inverted.ranges == [0...0, 10...19, 31...0x10FFFF])
        #expect(set.inverted.inverted == set)
        #expect(set.contains(20) && !set.contains(19) && !set.contains(31))
    }
}
