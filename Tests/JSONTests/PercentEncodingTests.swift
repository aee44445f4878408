// Escapes are undone exactly, or not at all.

import JSON
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("a%2Fb%C3%A9", "a/bé"), ("%2f%2F", "//"), ("%2541", "%41"), ("a+b", "a+b"), ("é", "é"),
    ])
    func escapesAreUndone(text: String, decoded: String) {
        #expect(PercentEncoding.decoded(text.utf8) == decoded)
    }

    @Test(arguments: ["%", "%4", "a%4", "%zz", "%4g", "%+1", "%%41", "%C3", "%FF", "%ED%A0%80"])
    func whatIsBrokenIsNone(text: String) {
        #expect(PercentEncoding.decoded(text.utf8) == nil)
        #expect(PercentEncoding.decoded(text.utf8, plusIsSpace: true) == nil)
    }

    @Test func aPlusMayBeASpace() {
        #expect(PercentEncoding.decoded("a+b%2B".utf8, plusIsSpace: true) == "a b+")
    }
}
