// Several issuers from YAML: what presets bring, what overrides them, and what is refused.

import Testing

@testable import HostApp
@testable import HostAuth

@Suite struct IssuersFileTests {
    private func issuers(_ yaml: String) throws -> [TrustedIssuer] {
        try IssuersFile(parsing: yaml, file: "issuers.yaml", audiences: [], clients: []).issuers
    }

    @Test func aPresetIsExpandedAndWhatIsWrittenWins() throws {
        let issuers = try issuers(
            """
            issuers:
              - preset: keycloak
                issuer: https://sso.example.com/realms/shop
                audiences: [toolhost]
                leeway: 5
                role_claims: [/resource_access/toolhost/roles]
              - issuer: https://login.microsoftonline.com/{tenantid}/v2.0
                audiences: 0a0a0a0a-0000-0000-0000-000000000000
                names_users: true
                admits_clients: false
            """)
        #expect(issuers.map(\.preset) == [.keycloak, .entraV2])
        #expect(issuers[0].rules.clientClaims == ["azp", "client_id"])
        #expect(issuers[0].rules.leeway == 5)
        #expect(issuers[0].rules.roleClaims == ["/resource_access/toolhost/roles"])
        #expect(issuers[1].rules.namesUsers && !issuers[1].rules.admitsClients)
    }

    /// OAUTH2_AUDIENCE is for issuers whose tokens have an audience; Cognito's have none and would all be refused.
    @Test func anInheritedAudienceLeavesCognitoAsItIs() throws {
        let yaml = """
            issuers:
              - issuer: https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x
                client_ids: [one]
              - issuer: https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_y
                audiences: [bound]
              - issuer: https://id.example.com
            """
        let issuers = try IssuersFile(parsing: yaml, file: "issuers.yaml", audiences: ["a"], clients: []).issuers
        #expect(issuers.map(\.rules.audienceMode) == [.client, .audience, .audience])
        #expect(issuers.map(\.rules.audiences) == [[], ["bound"], ["a"]])
        #expect(issuers[0].rules.clientIDs == ["one"])
    }

    @Test(arguments: [
        ("issuers: 1", "issuers.yaml", "list"),
        ("[", "issuers.yaml", "YAML"),
        ("issuers:\n  - preset: okta", "issuers.yaml: issuers[0].issuer", "missing"),
        ("issuers:\n  - issuer: https://a\n    audience: x", "issuers.yaml: issuers[0].audience", "audiences?"),
        ("issuers:\n  - issuer: https://a", "issuers.yaml: issuers[0]", "no audience"),
        ("issuers:\n  - issuer: https://a\n    audiences: [x]\n    leeway: 301", "issuers.yaml: issuers[0]", "300"),
        (
            "issuers:\n  - issuer: https://a\n    audiences: [x]\n    algorithms: [HS256]",
            "issuers.yaml: issuers[0].algorithms", "not known"
        ),
        (
            "issuers:\n  - issuer: https://a\n    audiences: [x]\n    token_endpoint: http://b/token",
            "issuers.yaml: issuers[0]", "https"
        ),
    ])
    func mistakesHaveAPlace(yaml: String, key: String, words: String) throws {
        let error = try #require(throws: SettingsError.self) { try issuers(yaml) }
        #expect(error.key == key)
        #expect(error.problem.contains(words), "\(error)")
    }
}
