// What counts as one bearer token, what as none, and what as too much.

import Testing

@testable import HostAuth
@testable import HostBase

@Suite struct BearerTokenTests {
    @Test(arguments: ["Bearer abc", "bearer abc", "BEARER abc", "bEaReR  abc", " Bearer abc\t"])
    func takesTheToken(field: String) throws {
        #expect(try BearerToken.extract(from: [field]) == "abc")
    }

    /// RFC 6750 section 3.1: another scheme is no credentials at all.
    @Test(
        arguments: [
            ("Basic YTpi", .otherScheme), ("Token abc", .otherScheme), ("Bearerx abc", .otherScheme),
            ("Beare abc", .otherScheme), ("DPoP abc", .otherScheme), ("abc\tdef", .otherScheme),
            ("abc", .noScheme), ("a.b.c", .noScheme), ("\"abc\"", .noScheme), ("Bear", .noScheme),
            ("Bearerabc", .noSpace), ("BearereyJh.b.c", .noSpace),
            ("Bearer: abc", .separator), ("bearer:abc", .separator), ("Bearer=abc", .separator),
            ("Bearer\tabc", .separator), ("Bearer, abc", .separator),
        ] as [(String, BearerMistake)])
    func anotherSchemeIsNoCredential(field: String, mistake: BearerMistake) {
        let failure = #expect(throws: AuthenticationFailure.self) { try BearerToken.extract(from: [field]) }
        #expect(failure?.kind == .missing)
        #expect(failure?.hint == BearerHint(mistake: mistake, field: "Authorization"))
    }

    @Test func nothingIsNoCredential() {
        #expect(throws: AuthenticationFailure.missing) { try BearerToken.extract(from: []) }
    }

    @Test(
        arguments: [
            ("Bearer abc", .malformed, .doubled), ("bearer: abc", .malformed, .doubled),
            ("\"a.b.c\"", .malformed, .quoted), ("'abc", .malformed, .quoted), ("a.b.c`", .malformed, .quoted),
            ("${TOKEN}", .malformed, .placeholder), ("$TOKEN", .malformed, .placeholder),
            ("<token>", .malformed, .placeholder), ("{{token}}", .malformed, .placeholder),
            ("%TOKEN%", .malformed, .placeholder), ("[token]", .malformed, .placeholder),
            ("undefined", .invalid, .placeholder), ("null", .invalid, .placeholder), ("None", .invalid, .placeholder),
            ("bearer", .invalid, .placeholder),
            ("a b", .malformed, .characters), ("a.b.c,d", .malformed, .characters), ("ä", .malformed, .characters),
            ("abc", .invalid, nil), ("a.b.c", .invalid, nil), ("Bearerabc", .invalid, nil),
        ] as [(String, AuthenticationFailure.Kind, BearerMistake?)])
    func whatIsNoTokenIsTold(token: String, kind: AuthenticationFailure.Kind, mistake: BearerMistake?) {
        let failure = #expect(throws: AuthenticationFailure.self) {
            try BearerToken.parse(token[...], limits: .init(), BearerToken.userField)
        }
        #expect(failure?.kind == kind)
        #expect(failure?.hint?.mistake == mistake)
        #expect(failure?.hint == nil || failure?.hint?.field == "X-User-Token")
    }

    @Test(arguments: BearerMistake.allCases)
    func sentencesFitIntoAChallenge(mistake: BearerMistake) {
        let sentence = mistake.sentence("Authorization")
        #expect(sentence.contains("Authorization"))
        #expect(sentence.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
    }

    @Test(arguments: ["Bearer", "Bearer ", "Bearer    ", "", " "])
    func refusesAnEmptyToken(field: String) {
        #expect(
            throws: AuthenticationFailure.malformed(.malformedCredentials).hinting(.noToken, in: "Authorization")
        ) {
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
        #expect(token.utf8.isB64Token)
    }

    @Test(arguments: ["", "=", "a=b", "a b", "a,b", "a\"", "ä", "a\r\nb", "a\u{0}"])
    func otherCharactersAreNot(token: String) {
        #expect(!token.utf8.isB64Token)
    }
}
