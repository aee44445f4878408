// Formats are asserted when the host asks for it, and only then.

import JSON
import Testing

@testable import JSONSchema

@Suite struct FormatTests {
    @Test(
        arguments: [
            (.dateTime, "2026-02-28T23:59:60Z", true), (.dateTime, "2026-02-29T00:00:00Z", false),
            (.dateTime, "2024-02-29t00:00:00.123+01:30", true), (.dateTime, "2026-01-01 00:00:00Z", false),
            (.date, "2000-02-29", true), (.date, "1900-02-29", false), (.date, "2026-13-01", false),
            (.time, "24:00:00Z", false), (.time, "12:00:00", false), (.time, "01:29:60+01:30", true),
            (.duration, "P1Y2M3DT4H5M6S", true), (.duration, "P1Y3D", false), (.duration, "PT", false),
            (.duration, "P2W", true), (.duration, "P1W2D", false), (.email, "a.b+c@example.org", true),
            (.email, "a..b@example.org", false), (.email, "\"a b\"@[127.0.0.1]", true),
            (.email, "é@example.org", false),
            (.idnEmail, "é@bücher.example", true), (.hostname, "a-b.example", true), (.hostname, "-a", false),
            (.hostname, "a..b", false), (.ipv4, "192.0.2.1", true), (.ipv4, "192.0.02.1", false),
            (.ipv4, "256.0.0.1", false),
            (.ipv6, "::", true), (.ipv6, "2001:db8::1", true), (.ipv6, "1:2:3:4:5:6:7", false),
            (.ipv6, "::192.0.2.1", true),
            (.ipv6, "1::2::3", false), (.uri, "https://u@example.org:80/a?b#c", true), (.uri, "/a", false),
            (.uri, "http://a b", false), (.uriReference, "../a%20b", true), (.uriReference, "a%2", false),
            (.iri, "https://bücher.example/", true), (.uriTemplate, "/a/{id}{?q*,n:3}", true),
            (.uriTemplate, "/{a", false),
            (.uuid, "123E4567-e89b-12d3-a456-426614174000", true), (.uuid, "123e4567e89b12d3a456426614174000", false),
            (.jsonPointer, "/a~0~1", true), (.jsonPointer, "/~2", false), (.relativeJSONPointer, "1/a", true),
            (.relativeJSONPointer, "01", false), (.relativeJSONPointer, "0#", true), (.regex, "^a|b$", true),
            (.regex, "(", false),
        ] as [(Format, String, Bool)])
    func accepts(format: Format, text: String, expected: Bool) {
        #expect(format.accepts(Array(text.utf8)[...]) == expected)
    }

    /// As the Python package "idna" judges them, by the same standard.
    @Test(arguments: [
        ("b\u{FC}cher", "xn--bcher-kva", true), ("stra\u{DF}e", "xn--strae-oqa", true),
        ("paral\u{B7}lel", "xn--parallel-koa", true), ("a\u{B7}b", "xn--ab-0ea", false), ("\u{B7}", "xn--uba", false),
        ("\u{915}\u{94D}\u{200C}\u{937}", "xn--11b2ezcs70k", true), ("\u{915}\u{200C}\u{937}", "xn--11b2e898f", false),
        ("\u{915}\u{94D}\u{200D}\u{937}", "xn--11b2ezcw70k", true), ("\u{628}\u{200C}\u{628}", "xn--ngba799q", true),
        ("\u{627}\u{200C}\u{628}", "xn--mgbc799q", false), ("\u{65E5}\u{30FB}\u{672C}", "xn--vek160nc2a", true),
        ("a\u{30FB}b", "xn--ab-3n4a", false), ("\u{30FB}", "xn--vek", false),
        ("\u{5E9}\u{5DC}\u{5D5}\u{5DD}", "xn--9dbne9b", true), ("\u{5E9}\u{5F3}", "xn--uebu", true),
        ("a\u{5F3}", "xn--a-0jc", false), ("a\u{5D0}", "xn--a-0hc", false), ("\u{5D0}a", "xn--a-zhc", false),
        ("\u{5D0}1", "xn--1-zhc", true), ("1\u{5D0}", "xn--1-0hc", false), ("\u{5D0}-\u{5D1}", "xn----zhce", true),
        ("\u{661}\u{662}", "xn--9hbc", false), ("\u{627}\u{661}", "xn--mgb0j", true),
        ("\u{627}\u{661}\u{6F2}", "xn--mgb0j9q", false), ("\u{627}\u{6F2}", "xn--mgb02b", true),
        ("\u{301}a", "xn--a-wbb", false), ("\u{1E9E}", "xn--kkg", false), ("\u{DC}", "xn--wca", false),
        ("i\u{2764}", "xn--i-7iq", false), ("\u{375}\u{3B1}", "xn--wva4j", true), ("\u{375}a", "xn--a-jib", false),
        ("\u{391}\u{392}", "xn--pwac", false), ("\u{3B1}\u{3B2}", "xn--mxac", true), ("\u{2177}", "xn--e5g", false),
        ("\u{FB01}", "xn--jm6c", false), ("aa--\u{FC}", "xn--aa---3ra", false), ("-\u{FC}", "xn----eha", false),
        ("\u{FC}-", "xn----dha", false), ("\u{3007}", "xn--w6j", true), ("\u{AC00}", "xn--o39a", true),
        ("\u{1100}", "xn--ypd", false), ("\u{3031}", "xn--37j", false), ("\u{2EE}", "xn--1ra", true),
        ("\u{2B0}a", "xn--a-95a", false), ("\u{A38}\u{A3C}", "xn--dbci", true),
    ])
    func judgesLabelsOfInternationalNames(label: String, encoded: String, expected: Bool) {
        func accepts(_ format: Format, _ text: String) -> Bool { format.accepts(Array(text.utf8)[...]) }
        #expect(accepts(.idnHostname, "www.\(label)\u{3002}example") == expected)
        #expect(accepts(.idnHostname, encoded) == expected)
        #expect(accepts(.hostname, "\(encoded).example") == expected)
        #expect(accepts(.hostname, encoded.uppercased()) == expected)
        #expect(!accepts(.hostname, label))
    }

    /// Client text of any length: each name is moved once for each group that it stands in.
    @Test func namesOfManyAlternativesAreMovedOnce() throws {
        var groups = PatternGroups()
        groups.beginAlternatives()
        groups.beginAlternatives()
        for index in 0..<2_000 {
            if index > 0 { groups.nextAlternative() }
            let isTaken = groups.declare("n\(index)") && groups.declare("same")
            #expect(isTaken)
        }
        groups.endAlternatives()
        groups.nextAlternative()
        groups.endAlternatives()
        #expect(groups.moves < 4 * 4_000)
        for name in ["n7", "same"] {
            let isTaken = groups.declare(name)
            #expect(!isTaken)
        }
    }

    @Test(arguments: [
        ("(?<a>x)|(?<a>y)", true), ("(?<a>x)(?<a>y)", false), ("((?<a>x)|(?<a>y))(?<a>z)", false),
        ("((?<a>x)|(?<b>y))|(?<a>z)", true), ("(?<a>x)(y|(?<a>z))", false),
        ("(?<a>x)(y|z(?<b>q))|(?<b>w)(?<a>v)", true),
        ("(?:(?<a>x)|(?<a>y)|z)|(?:(?<a>x))", true), ("(?:(?<a>x)|(?:(?<b>y)|(?<a>z)))(?<b>q)", false),
    ])
    func namesMayComeTwiceInDifferentAlternatives(pattern: String, expected: Bool) {
        #expect(Format.regex.accepts(Array(pattern.utf8)[...]) == expected)
    }

    /// One text is judged by every alternative: that counts by its length.
    @Test func formatsAreCountedByTheLengthOfTheText() throws {
        let schema = try CompiledSchema(
            ["anyOf": .array(Array(repeating: ["format": "uri-template"], count: 100))],
            options: SchemaOptions(assertsFormats: true))
        let short = try JSONDocument(parsing: "\"" + String(repeating: "a", count: 1_000) + "{\"")
        #expect(schema.validate(short).first?.keyword == "anyOf")
        let long = try JSONDocument(parsing: "\"" + String(repeating: "a", count: 400_000) + "{\"")
        #expect(schema.validate(long).first?.message.contains("too complex") == true)
        #expect(!Format.idnHostname.accepts(Array(String(repeating: "\u{FC}.", count: 400).utf8)[...]))
    }

    @Test func judgesWhatOnlyLooksEncoded() {
        for text in [
            "xn--", "xn--a", "xn---9uc", "xn--example-", "xn--99999999999", "xn--bcher-kv", "a.xn--.b", "xn--\u{FC}-1",
        ] {
            #expect(!Format.hostname.accepts(Array(text.utf8)[...]), "\(text)")
            #expect(!Format.idnHostname.accepts(Array(text.utf8)[...]), "\(text)")
        }
        for text in ["ab--cd", "x--n", "XN--BCHER-KVA.example", "a"] {
            #expect(Format.hostname.accepts(Array(text.utf8)[...]), "\(text)")
            #expect(Format.idnHostname.accepts(Array(text.utf8)[...]), "\(text)")
        }
        let long = String(repeating: "\u{FC}", count: 57)
        #expect(Format.idnHostname.accepts(Array("\(long)".utf8)[...]))
        #expect(!Format.idnHostname.accepts(Array("\(long)\u{FC}".utf8)[...]))
        for text in ["", ".", "a.", ".a", "\u{3002}", "a\u{FF0E}\u{FF61}b"] {
            #expect(!Format.idnHostname.accepts(Array(text.utf8)[...]), "\(text)")
        }
    }

    /// Every literal of RFC 6570 section 2.1 with erratum 6937, and everything else in ASCII.
    @Test func judgesLiteralsOfTemplates() {
        for byte in UInt8(0)..<0x80 {
            let isLiteral: Bool
            switch byte {
            case 0x21, 0x23...0x24, 0x26...0x3B, 0x3D, 0x3F...0x5B, 0x5D, 0x5F, 0x61...0x7A, 0x7E: isLiteral = true
            default: isLiteral = false
            }
            #expect(Format.uriTemplate.accepts([0x61, byte, 0x62]) == isLiteral, "\(byte)")
        }
        for (scalar, isLiteral) in [
            (0x85, false), (0x9F, false), (0xA0, true), (0xE9, true), (0xD7FF, true), (0xE000, true), (0xFDD0, false),
            (0xFFEF, true), (0xFFF0, false), (0xFFFD, false), (0x1F600, true), (0x1FFFE, false), (0xE0001, false),
            (0xE1000, true), (0xF0000, true), (0x10FFFD, true), (0x10FFFF, false),
        ] as [(UInt32, Bool)] {
            let text = "a" + String(Character(Unicode.Scalar(scalar) ?? "x"))
            #expect(Format.uriTemplate.accepts(Array(text.utf8)[...]) == isLiteral, "\(scalar)")
            let isPrivate = (0xE000...0xF8FF).contains(scalar) || scalar >= 0xF0000
            #expect(Format.iri.accepts(Array("x:/\(text)".utf8)[...]) == (isLiteral && !isPrivate), "\(scalar)")
            #expect(Format.iri.accepts(Array("x:/?\(text)".utf8)[...]) == isLiteral, "\(scalar)")
        }
        for text in [
            "%4g", "%", "%4", "{%zz}", "{a%2}", "{a..b}", "{.}", "{a.}", "{}", "{a,}", "{a:0}", "{a:10000}", "{{a}}",
        ] {
            #expect(!Format.uriTemplate.accepts(Array(text.utf8)[...]), "\(text)")
        }
        for text in ["%4e", "{a%2e.b_1}", "'{a}'", "{+a,b*}{#c:3}", ""] {
            #expect(Format.uriTemplate.accepts(Array(text.utf8)[...]), "\(text)")
        }
    }

    /// Regular expressions are ones of ECMA-262 with the u flag, whether or not `pattern` could match them.
    @Test(arguments: [
        ("(?=a)b", true), ("(?<!a)b", true), ("(?=a)*", false), ("(?<a>x)\\k<a>", true), ("\\k<a>(?<a>x)", true),
        ("\\k", false), ("\\k<a>", false), ("(?<a>x)\\k", false), ("(?<a>x)\\k<b>", false), ("(?<a>x)\\k<a", false),
        ("(a)\\1", true), ("\\1(a)", true), ("\\1", false), ("(?:a)\\1", false), ("(?<n>a)\\1", true),
        ("(a)\\2", false),
        ("(?<a>x)(?<a>y)", false), ("(?<a>x)|(?<a>y)", true), ("((?<a>x)|y)(?<a>z)", false), ("(?<1>x)", false),
        ("(?<>x)", false), ("(?<$_\u{E9}1>x)", true), ("(?<\\u0061>x)\\k<a>", true), ("(?i:a)", true),
        ("(?i-s:a)", true),
        ("(?-:a)", false), ("(?ii:a)", false), ("(?x:a)", false), ("\\p{Script=Greek}", true), ("\\p{Lu}", true),
        ("\\p{Nonsense}", false), ("\\p{Script=}", false), ("\\p", false), ("a{99999}", true), ("a{2,1}", false),
        ("\\a", false), ("\\cA", true), ("\\c1", false), ("a{1", false), ("[b-a]", false), ("\\u{110000}", false),
    ])
    func judgesExpressions(text: String, expected: Bool) {
        #expect(Format.regex.accepts(Array(text.utf8)[...]) == expected)
    }

    @Test(
        arguments: [
            (.ipv6, "fe80::1%eth0", false), (.ipv6, "fe80::a%25en1", false), (.uri, "http://[fe80::1%25en0]/", false),
            (.time, "23:59:60Z", true), (.time, "22:59:60-01:00", true), (.time, "23:58:60Z", false),
            (.time, "00:29:60.25+00:30", true), (.time, "22:59:60Z", false), (.time, "12:00:61Z", false),
            (.dateTime, "2016-12-31T18:59:60-05:00", true), (.dateTime, "2016-12-31T23:59:60+05:00", false),
        ] as [(Format, String, Bool)])
    func judgesZonesAndLeapSeconds(format: Format, text: String, expected: Bool) {
        #expect(format.accepts(Array(text.utf8)[...]) == expected)
    }

    @Test func assertsOnlyWhenAsked() throws {
        let document = try JSONDocument(parsing: "\"never\"")
        #expect(try CompiledSchema(["format": "date"]).isValid(document))
        let strict = try CompiledSchema(["format": "date"], options: SchemaOptions(assertsFormats: true))
        #expect(strict.validate(document).first?.message == "expected a date like 2026-01-31, found \"never\"")
        let unknown = try CompiledSchema(["format": "zip"], options: SchemaOptions(assertsFormats: true))
        #expect(unknown.isValid(document))
    }
}
