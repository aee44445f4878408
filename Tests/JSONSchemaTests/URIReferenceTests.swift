// References are split and resolved as RFC 3986 has it, with the examples of its section 5.4.

import JSON
import Testing

@testable import JSONSchema

@Suite struct URIReferenceTests {
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"),
        ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"), ("http:g", "http:g"),
    ])
    func referenceIsResolved(reference: String, expected: String) {
        let base = URIReference("http://a/b/c/d;p?q")
        let target = URIReference(reference).resolved(against: base)
        #expect(target.description == expected)
        #expect(target.withoutFragment.description == target.resource)
    }

    @Test(arguments: [
        ("#a", "urn:uuid:deadbeef", "urn:uuid:deadbeef#a"), ("//h", "http://a", "http://h"),
        ("g", "http://a", "http://a/g"),
        ("mid/content=5/../6", "", "mid/6"), ("../c", "a/b", "c"), ("..", "a/b", ""), ("c", "a/b", "a/c"),
    ])
    func anyBaseWillDo(reference: String, base: String, expected: String) {
        #expect(URIReference(reference).resolved(against: URIReference(base)).description == expected)
    }

    /// Section 3.1: a letter, then letters, digits, plus, minus and full stop.
    @Test(arguments: [
        ("a:b", "a"), ("A+1.-:b", "A+1.-"), ("1a:b", nil), ("+a:b", nil), ("a_b:c", nil), ("a b:c", nil), ("é:b", nil),
        ("aé:b", nil), (":b", nil), ("a/b:c", nil), ("a%41:b", nil), ("a", nil),
    ])
    func schemeIsOneOrNone(text: String, scheme: String?) {
        #expect(URIReference(text).scheme == scheme)
        #expect(URIReference(text).description == text)
    }

    /// A mark counts whatever combines with it.
    @Test func partsAreSplitBetweenCodePoints() {
        let reference = URIReference("a:/\u{301}?\u{301}#\u{301}")
        #expect(reference.path == "/\u{301}")
        #expect(reference.query == "\u{301}")
        #expect(reference.fragment == "\u{301}")
        #expect(URIReference("//h/\u{301}/g").authority == "h")
        #expect(URIReference("g").resolved(against: URIReference("a:/b/\u{301}c")).description == "a:/b/g")
    }

    @Test func fragmentsAreDecoded() {
        #expect(URIReference("x#/a%25b%C3%A9").decodedFragment == "/a%bé")
        #expect(URIReference("x").decodedFragment == "")
        for broken in ["%FF", "%zz", "/a%4", "%"] {
            #expect(URIReference("x#" + broken).decodedFragment == nil, "\(broken)")
        }
        #expect(URIReference("urn:uuid:1#a").resource == "urn:uuid:1")
    }

    @Test(arguments: ["#/$defs/a%4", "#/$defs/%zz", "#%FF"])
    func aReferenceWithABrokenEscapeIsRefused(reference: String) {
        let error = #expect(throws: SchemaError.self) {
            try CompiledSchema(["$ref": .string(reference), "$defs": ["a%": true, "a": true, "a%4": true]])
        }
        #expect(error?.reason.contains("percent-encoded") == true)
    }
}
