// A walk reads what it knows, stops at whatever it does not, and takes nothing for JSON that is none.

import JSON
import Testing

@Suite struct JSONWalkTests {
    private static let names = JSONMemberNames(["a", "name", "seventh", "eighth__", "something longer than sixteen"])

    /// The numbers of an object's members, each of which is `true`; `nil` where the walk ends early.
    private func members(_ text: String) -> [Int]? {
        let bytes = Array(text.utf8)
        let span = bytes.span
        var (walk, found, numbers) = (JSONWalk(), JSONWalk.Found(), [Int]())
        guard walk.pass(UInt8(ascii: "{"), span) else { return nil }
        repeat {
            guard let number = walk.name(span, among: Self.names, &found), walk.value(span) != nil else { return nil }
            numbers.append(number)
        } while walk.pass(UInt8(ascii: ","), span)
        let isWhole = walk.pass(UInt8(ascii: "}"), span) && walk.isAtEnd(of: span)
        for number in 0..<5 where found.contains(number) != numbers.contains(number) { return nil }
        return isWhole ? numbers : nil
    }

    @Test func namesAreFoundInAnyOrder() {
        #expect(members(#"{"a":true}"#) == [0])
        #expect(members(#"{"something longer than sixteen":true,"eighth__": true , "a":true}"#) == [4, 3, 0])
        #expect(members("{ \"seventh\":\n1,\t\"name\":[] }") == [2, 1])
    }

    @Test(
        arguments: [
            "{}", #"{"a" :1}"#, #"{"A":1}"#, #"{"b":1}"#, #"{"a":1,"a":1}"#, #"{"\u0061":1}"#, #"{"name"#, #"{"a":"#,
            #"{"a":1,}"#, #"{"a":1"#, #"{"a":01}"#, #"{"a":1}}"#, #"{"something longer than sixteeN":1}"#,
            #"{"eighth_":1}"#, #"{"name":{"x":1,"x":2}}"#, #"{"name":"\#u{1F}"}"#, "{", "",
        ])
    func anythingElseEndsTheWalk(text: String) {
        #expect(members(text) == nil)
    }

    @Test(arguments: [
        ("0", 0), ("7", 7), ("42", 42), ("123456789012345678", 123_456_789_012_345_678),
        ("1234567890123456789", nil), ("00", nil), ("1.0", nil), ("1e2", nil), ("1E2", nil), ("-1", nil),
        ("", nil), ("a", nil),
    ])
    func wholeNumbersAreRead(text: String, expected: Int64?) {
        let bytes = Array("\(text) ]".utf8)
        var walk = JSONWalk()
        let found = walk.digits(bytes.span)
        #expect(found == expected)
    }

    @Test func plainStringsAreRead() {
        for (text, expected) in [
            (#""""#, 1..<1), (#""abc""#, 1..<4), (#""a\n""#, nil), (#""é""#, nil), (#""abc"#, nil), ("a", nil),
        ] as [(String, Range<Int>?)] {
            let bytes = Array(text.utf8)
            var walk = JSONWalk()
            let found = walk.plainString(bytes.span)
            #expect(found == expected)
        }
    }

    @Test func aKnownStringIsPassed() {
        let bytes = Array(#""tools/call" "tools/cal" "#.utf8)
        var walk = JSONWalk()
        let (first, second) = (
            walk.pass(string: "tools/call", bytes.span), walk.pass(string: "tools/call", bytes.span)
        )
        #expect(first && !second)
        #expect(walk.peek(bytes.span) == UInt8(ascii: "\""))
    }
}
