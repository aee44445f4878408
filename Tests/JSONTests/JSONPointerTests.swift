// A pointer is read, said and followed as RFC 6901 has it, with the examples of its section 5.

import JSON
import Testing

@Suite struct JSONPointerTests {
    static let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
    ]

    static let found: [(String, JSONValue)] = [
        ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6),
        ("/ ", 7), ("/m~0n", 8), ("", document), ("/foo", ["bar", "baz"]),
    ]

    @Test(arguments: found)
    func pointerLeadsToItsValue(text: String, value: JSONValue) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        #expect(pointer.value(in: Self.document) == value)
        #expect(pointer.description == text)
    }

    @Test(arguments: [
        "/foo/2", "/foo/-", "/foo/01", "/foo/+1", "/foo/-1", "/foo/0/x", "/bar", "/foo/99999999999999999999",
    ])
    func pointerMayLeadNowhere(text: String) throws {
        #expect(try #require(JSONPointer(parsing: text)).value(in: Self.document) == nil)
    }

    @Test(arguments: ["foo", "/~", "/~2", "/a~"])
    func malformedPointerIsNone(text: String) {
        #expect(JSONPointer(parsing: text) == nil)
    }

    @Test(arguments: [
        ("", []), ("/", [""]), ("/a~1b/~0/", ["a/b", "~", ""]), ("/~01", ["~1"]), ("//a", ["", "a"]),
        // What combines with the character before it: a pointer is split between code points.
        ("/a/\u{301}", ["a", "\u{301}"]), ("/~0\u{301}", ["~\u{301}"]), ("/~1\u{338}x", ["/\u{338}x"]),
    ])
    func tokensMakeThePointerAndComeBack(text: String, tokens: [String]) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        #expect(pointer.tokens == tokens)
        #expect(JSONPointer(tokens) == pointer)
        #expect(JSONPointer(tokens).description == text)
        #expect(JSONPointer().appending(tokens) == pointer)
        #expect(pointer.parent == (tokens.isEmpty ? nil : JSONPointer(Array(tokens.dropLast()))))
    }

    @Test func placesAreToldApartByBytes() throws {
        let (one, two) = (JSONPointer(["\u{E9}"]), JSONPointer(["e\u{301}"]))
        #expect(one != two)
        #expect(Set([one, two, one]).count == 2)
        let document = try JSONValue(parsing: #"{"\#u{E9}":1,"e\#u{301}":2}"#)
        #expect(one.value(in: document) == 1)
        #expect(two.value(in: document) == 2)
    }

    @Test(arguments: [("0", 0), ("10", 10), ("01", nil), ("", nil), ("-", nil), ("+1", nil), ("0\u{301}", nil)])
    func elementsAreNumberedWithoutSignAndLeadingZero(token: String, index: Int?) {
        #expect(JSONPointer.arrayIndex(token) == index)
    }

    @Test func everyValueOfADocumentIsWhereItsPointerLeads() throws {
        let document = try JSONDocument(parsing: #"{"a/b":[0,{"~":[[],"x"]}],"":{"é":null},"c":true}"#)
        let root = document.root.value
        func check(_ node: JSONNode) {
            #expect(document.tape.pointer(to: node.index).value(in: root) == node.value)
            for element in node.elements { check(element) }
            for member in node.members { check(member.value) }
        }
        check(document.root)
        #expect(document.tape.pointer(to: 0) == JSONPointer())
    }
}
