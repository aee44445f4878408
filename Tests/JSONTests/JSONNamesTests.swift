// Members are found by their names alone, wherever they stand in their object.

import JSON
import Testing

@Suite struct JSONNamesTests {
    private static let names = JSONNames(["id", "method", "a name of more than sixteen bytes", ""])

    @Test func membersAreFoundInAnyOrder() throws {
        let text = #"{"":1,"other":{"id":2},"a name of more than sixteen bytes":[3],"m\u0065thod":"x","Id":4}"#
        let found = try JSONDocument(parsing: text).root.members(Self.names)
        #expect(found[0] == nil)
        #expect(found[1]?.string == "x")
        #expect(found[2]?[0]?.int64 == 3)
        #expect(found[3]?.int64 == 1)
    }

    @Test(arguments: ["{}", "[]", "1", #""id""#, #"["id"]"#, #"{"method ":1,"metho":2,"methoe":3}"#])
    func nothingElseIsFound(text: String) throws {
        let found = try JSONDocument(parsing: text).root.members(Self.names)
        for position in 0..<4 { #expect(found[position] == nil) }
    }

    @Test func membersOfAnInnerObjectAreFound() throws {
        let root = try JSONDocument(parsing: #"[{"id":1},{"id":2,"x":{"id":3}}]"#).root
        #expect(root.elements.map { $0.members(Self.names)[0]?.int64 } == [1, 2])
    }

    @Test(arguments: ["", "a", "abcdefgh", "abcdefghi", "\u{E9}", "a\"b"])
    func stringsAreComparedByCodePoints(text: String) throws {
        let node = try JSONDocument(JSONValue.string(text)).root
        #expect(node.isString(text))
        #expect(!node.isString(text + "a"))
        #expect(!node.isString(String(text.dropLast()) + "\u{301}"))
        #expect(node.string(like: text) == text)
        #expect(node.string(like: "other") == text)
        #expect(node.string(like: nil) == text)
    }

    @Test func onlyAStringIsOne() throws {
        let node = try JSONDocument(parsing: #"[1,null,["a"]]"#).root
        for element in node.elements {
            #expect(!element.isString("1"))
            #expect(element.string(like: "1") == nil)
        }
        let composed = try JSONDocument(JSONValue.string("e\u{301}")).root
        #expect(!composed.isString("\u{E9}"))
    }
}
