// What clients read when they are turned away.

import Testing

@testable import HostAuth

@Suite struct ChallengeTests {
    let challenge = Challenge(resourceMetadata: "https://h/.well-known/oauth-protected-resource", scopes: ["a", "b:c"])

    @Test func missingHasNoError() {
        #expect(
            challenge.value(for: .missing)
                == #"Bearer scope="a b:c", resource_metadata="https://h/.well-known/oauth-protected-resource""#)
    }

    @Test func eachFailureHasItsError() {
        #expect(
            challenge.value(for: .invalid)?.hasPrefix(#"Bearer error="invalid_token", error_description=""#) == true)
        #expect(challenge.value(for: .malformed)?.hasPrefix(#"Bearer error="invalid_request", "#) == true)
        // RFC 6750 section 3: a token that does not give access is answered with a challenge; no code fits this one.
        #expect(
            challenge.value(for: .forbidden)
                == #"Bearer resource_metadata="https://h/.well-known/oauth-protected-resource""#)
        #expect(challenge.value(for: .unavailable(retryAfterSeconds: 3)) == nil)
    }

    @Test func insufficientScopeNamesWhatIsNeeded() {
        let value = challenge.value(for: .insufficientScope(["x", "y"]))
        #expect(value?.contains(#"error="insufficient_scope""#) == true)
        #expect(value?.contains(#"scope="x y""#) == true)
        #expect(value?.contains("a b:c") == false)
    }

    @Test func nothingToSayIsJustTheScheme() {
        #expect(Challenge(resourceMetadata: nil).value(for: .missing) == "Bearer")
    }

    /// Configuration is not a client, but a scope with a quotation mark would still break the field.
    @Test(arguments: ["a\"b", "a\\b", "a b", "a\r\nX: y", "ä", ""])
    func leavesOutWhatCannotBeQuoted(scope: String) {
        #expect(Challenge(resourceMetadata: "https://h/\r\n", scopes: [scope]).value(for: .missing) == "Bearer")
        #expect(Challenge(resourceMetadata: nil).value(for: .insufficientScope([scope]))?.contains("scope=") == false)
    }

    @Test(arguments: [
        AuthenticationFailure.Kind.missing, .malformed, .invalid, .insufficientScope([]), .forbidden,
        .unavailable(retryAfterSeconds: 1),
    ])
    func sentencesHaveOnlyAllowedCharacters(kind: AuthenticationFailure.Kind) {
        let sentence = Challenge.sentence(for: kind)
        #expect(!sentence.isEmpty)
        #expect(sentence.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
    }

    @Test func statusFollowsRFC6750() {
        #expect(Challenge.status(for: .missing) == 401)
        #expect(Challenge.status(for: .invalid) == 401)
        #expect(Challenge.status(for: .malformed) == 400)
        #expect(Challenge.status(for: .insufficientScope(["a"])) == 403)
        #expect(Challenge.status(for: .forbidden) == 403)
        #expect(Challenge.status(for: .unavailable(retryAfterSeconds: 1)) == 503)
    }
}
