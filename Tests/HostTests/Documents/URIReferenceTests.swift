// The examples of RFC 3986 section 5.4.

import Testing

@testable import HostDocuments
@testable import HostTools

@Suite struct URIReferenceTests {
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"),
        ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"), ("g?y/../x", "http://a/b/c/g?y/../x"), ("http:g", "http:g"),
    ])
    func referenceIsResolved(reference: String, expected: String) {
        let base = URIReference("http://a/b/c/d;p?q")
        #expect(URIReference(reference).resolved(against: base).description == expected)
    }

    @Test func opaqueBaseKeepsItsFragments() {
        let base = URIReference("urn:uuid:deadbeef")
        #expect(URIReference("#a").resolved(against: base).description == "urn:uuid:deadbeef#a")
        #expect(URIReference("//h").resolved(against: URIReference("http://a")).description == "http://h")
        #expect(URIReference("g").resolved(against: URIReference("http://a")).description == "http://a/g")
    }

    @Test func percentEncodingIsUndone() {
        #expect(URIReference.percentDecoded("a%2Fb%C3%A9") == "a/bé")
        for broken in ["%", "%4", "%zz", "%C3"] { #expect(URIReference.percentDecoded(broken) == nil, "\(broken)") }
    }
}
