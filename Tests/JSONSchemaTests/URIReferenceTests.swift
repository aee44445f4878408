// Reference resolution, with the examples of RFC 3986 section 5.4.

import Testing

@testable import JSONSchema

@Suite struct URIReferenceTests {
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
        ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("g.", "http://a/b/c/g."),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("#s", "http://a/b/c/d;p?q"),
    ])
    func resolves(reference: String, expected: String) {
        let base = URIReference("http://a/b/c/d;p?q")
        #expect(URIReference(reference).resolved(against: base).resource == expected)
    }

    @Test func fragmentsAreDecoded() {
        #expect(URIReference("x#/a%25b%C3%A9").decodedFragment == "/a%bé")
        #expect(URIReference("x#%FF").decodedFragment == nil)
        #expect(URIReference("urn:uuid:1#a").resource == "urn:uuid:1")
    }
}
