// Every provider's token, good and with each fault, against the rules that its preset expands to.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

@Suite struct ProviderMatrixTests {
    static let expected: [TokenFault: RefusalReason] = [
        .wrongIssuer: .issuer, .wrongAudience: .audience, .expired: .expired, .notYetValid: .notYetValid,
        .wrongAlgorithm: .algorithm, .unknownKeyID: .unknownKeyID, .encryptionKey: .unknownKeyID,
        .otherKey: .signature, .idToken: .idToken, .withoutClient: .missingClaim, .withoutSubject: .missingClaim,
        .withoutExpiry: .missingClaim,
    ]

    private func verify(
        _ token: String, _ provider: ProviderToken, _ change: (inout IssuerConfiguration) -> Void = { _ in }
    ) throws -> VerifiedToken {
        var settings = provider.settings
        change(&settings)
        return try TokenVerifier(configuration: settings).verify(
            try CompactJWS(token), keys: try JSONWebKeySet(parsing: provider.keys.bytes()), now: ProviderToken.now)
    }

    @Test(arguments: ProviderToken.all, TokenFault.allCases)
    func everyFaultHasItsReason(provider: ProviderToken, fault: TokenFault) throws {
        let result = Result { try verify(provider.token(fault), provider) }
        switch (result, Self.expected[fault]) {
        case (.success(let verified), nil):
            #expect(verified.principal.clientID == "client-1")
            #expect(verified.principal.subject == "user-1")
            #expect(verified.principal.subjectIssuer == provider.settings.issuer)
            #expect(verified.principal.holds(["read", "write"]) == (fault == .none))
            #expect(verified.expiry == ProviderToken.now + 3600)
        case (.failure(let error), let reason?):
            #expect(error as? RefusalReason == reason)
        default:
            Issue.record("\(provider.preset) with \(fault): \(result)")
        }
    }

    @Test(arguments: ProviderToken.all)
    func applicationsNameNoUser(provider: ProviderToken) throws {
        let principal = try verify(provider.applicationToken(), provider).principal
        #expect(principal.subject == nil)
        #expect(principal.subjectIssuer == nil)
        #expect(principal.clientID == "client-1")
        #expect(principal.holds(["read", "write"]))
    }

    @Test(arguments: ProviderToken.all)
    func idTokensPassWhereConfigured(provider: ProviderToken) throws {
        let verified = try verify(provider.token(.idToken), provider) { settings in
            settings.acceptsIDTokens = true
            settings.audienceMode = .audience
            settings.audiences = ["client-1"]
            settings.tokenUse = nil
            settings.clientClaims = ["aud"]
        }
        #expect(verified.principal.subject == "user-1")
    }

    /// An Entra ID token of the code flow has no nonce; it has no client either.
    @Test func idTokenWithoutNonceNamesNoClient() throws {
        let provider = try #require(ProviderToken.all.first { $0.preset == .entraV2 })
        let claims: JSONObject = [
            "iss": .string(provider.settings.issuer), "aud": "tools", "sub": "x", "oid": "user-1",
            "tid": .string(ProviderToken.tenant), "exp": JSONValue(ProviderToken.now.seconds + 10),
        ]
        let token = FixtureKey.rsa.token(claims, header: ["kid": "key-1", "typ": "JWT"])
        #expect(throws: RefusalReason.missingClaim) { try verify(token, provider) }
    }

    /// One configuration for all tenants of Entra, and the keys that are for one tenant only.
    @Test func tenantsComeFromTheToken() throws {
        let provider = try #require(ProviderToken.all.first { $0.preset == .entraV2 })
        let template = "https://login.microsoftonline.com/{tenantid}/v2.0"
        let good = try verify(provider.token(), provider) { $0.issuer = template }
        #expect(good.principal.clientIssuer == provider.settings.issuer)
        #expect(throws: RefusalReason.issuer) {
            try verify(provider.token(), provider) { $0.issuer = "https://login.microsoftonline.com/{tenantid}/v1" }
        }
        _ = try verify(provider.token(), provider) {
            $0.issuer = template
            $0.tenants = ["other", ProviderToken.tenant]
        }
        #expect(throws: RefusalReason.tenant) {
            try verify(provider.token(), provider) {
                $0.issuer = template
                $0.tenants = ["other"]
            }
        }
    }

    @Test(arguments: [
        "common", "", "a/../b", "5e1f0c0a-4b7a-4d0e-9f3c-2a6b8c9d0e1g", "x5e1f0c0a-4b7a-4d0e-9f3c-2a6b8c9d0e1f",
        "\u{FF15}\u{FF15}0a-4b7a-4d0e-9f3c-2a6b8c9d0e1f",
    ])
    func tenantMustBeAGUID(tenant: String) throws {
        let settings = IssuerConfiguration(issuer: "https://login.example/{tenantid}/v2.0")
        let claims: JSONObject = ["iss": .string("https://login.example/\(tenant)/v2.0"), "tid": .string(tenant)]
        let document = try JSONDocument(.object(claims))
        #expect(!settings.issued(TokenClaims(document.root)))
    }

    @Test func keyOfAnotherIssuerDoesNotVerify() throws {
        let provider = try #require(ProviderToken.all.first { $0.preset == .generic })
        let keys = try JSONWebKeySet(
            parsing: JSONValue.object(["keys": [FixtureKey.rsa.jwk("key-1", ["issuer": "https://other.example"])]])
                .bytes())
        #expect(throws: RefusalReason.unknownKeyID) {
            try TokenVerifier(configuration: provider.settings).verify(
                try CompactJWS(provider.token()), keys: keys, now: ProviderToken.now)
        }
    }

    // MARK: Settings

    @Test(arguments: ProviderToken.all)
    func completeSettingsHaveNoProblems(provider: ProviderToken) {
        #expect(provider.settings.problems == [])
        #expect(provider.settings.settings["issuer"]?.string == provider.settings.issuer)
    }

    @Test(arguments: ProviderToken.all)
    func providerIsRecognized(provider: ProviderToken) {
        #expect(IssuerPreset.recognized(in: provider.settings.issuer) == provider.preset)
    }

    @Test(arguments: [
        "https://auth0.com.evil.example/", "https://notauth0.com/", "https://evil.example/?okta.com", "x",
    ])
    func othersAreGeneric(issuer: String) {
        #expect(IssuerPreset.recognized(in: issuer) == .generic)
    }

    @Test(arguments: IssuerPreset.allCases)
    func presetAloneIsNotEnough(preset: IssuerPreset) {
        let problems = preset.configuration(issuer: "https://issuer.example").problems
        #expect(problems.count == 1)
        #expect(problems.first?.contains("would be let in") == true)
    }

    @Test func unsafeSettingsAreNamed() {
        func problems(_ change: (inout IssuerConfiguration) -> Void) -> [String] {
            var settings = IssuerConfiguration(issuer: "https://issuer.example")
            settings.audiences = ["tools"]
            change(&settings)
            return settings.problems
        }
        #expect(problems { _ in } == [])
        #expect(problems { $0.issuer = "http://localhost:8080/realms/a" } == [])
        #expect(problems { $0.issuer = "http://issuer.example" }.count == 1)
        #expect(problems { $0.issuer = "issuer" }.count == 1)
        #expect(problems { $0.issuer = "http://localhost@evil.example" }.count == 1)
        #expect(problems { $0.issuer = "http://localhost.evil.example" }.count == 1)
        #expect(problems { $0.jwksURI = "http://issuer.example/keys" }.count == 1)
        #expect(problems { $0.metadataURL = "file:///etc/passwd" }.count == 1)
        #expect(problems { $0.leeway = 301 }.count == 1)
        #expect(problems { $0.leeway = -1 }.count == 1)
        #expect(problems { $0.algorithms = [] }.count == 1)
        #expect(problems { $0.audienceMode = .either }.count == 0)
        #expect(problems { ($0.audienceMode, $0.audiences) = (.either, []) }.count == 1)
        #expect(problems { $0.issuer = "https://dev-1.okta.com" }.first?.contains("/oauth2/default") == true)
    }
}
