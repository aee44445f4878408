// What counts as one bearer token, what as none, and what as too much.

import Testing

@testable import ToolHost

@Suite struct BearerTokenTests {
    @Test(arguments: ["Bearer abc", "bearer abc", "BEARER abc", "bEaReR  abc", " Bearer abc\t"])
    func takesTheToken(field: String) throws {
        #expect(try BearerToken.extract(from: [field]) == "abc")
    }

    /// RFC 6750 section 3.1: another scheme is no credentials at all.
    @Test(arguments: [[], ["Basic YTpi"], ["Bearerx abc"], ["Beare abc"], ["DPoP abc"], ["abc"]])
    func findsNone(fields: [String]) {
        #expect(throws: AuthenticationFailure.missing) { try BearerToken.extract(from: SingleField(fields)) }
    }

    @Test(arguments: ["Bearer", "Bearer ", "Bearer    ", "", " "])
    func refusesAnEmptyToken(field: String) {
        #expect(throws: AuthenticationFailure.malformed(.malformedCredentials)) {
            try BearerToken.extract(from: [field])
        }
    }

    @Test(arguments: [["Bearer a", "Bearer a"], ["Bearer a", "Basic b"], ["Basic a", "Bearer b"], ["", ""]])
    func refusesTwoFields(fields: [String]) {
        #expect(throws: AuthenticationFailure.malformed(.severalCredentials)) {
            try BearerToken.extract(from: SingleField(fields))
        }
    }

    @Test(arguments: ["abc", "a.b-c_d~e+f/0", "a=", "a=="])
    func token68IsWellFormed(token: String) {
        #expect(BearerToken.isWellFormed(token.utf8))
    }

    @Test(arguments: ["", "=", "a=b", "a b", "a,b", "a\"", "ä", "a\r\nb", "a\u{0}"])
    func otherCharactersAreNot(token: String) {
        #expect(!BearerToken.isWellFormed(token.utf8))
    }
}
