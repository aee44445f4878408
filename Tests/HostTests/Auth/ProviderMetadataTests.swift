// An issuer's metadata: whose it is, where it is looked for, and what clients are given.

import JSON
import Testing

@testable import HostAuth

@Suite struct ProviderMetadataTests {
    static let issuer = "https://issuer.example/realms/a"

    private func parse(_ members: JSONObject) throws -> ProviderMetadata {
        try ProviderMetadata(parsing: JSONValue.object(members).bytes(), issuer: Self.issuer)
    }

    @Test func isServedWithItsIssuerAndOurEndpoints() throws {
        let metadata = try parse([
            "issuer": .string(Self.issuer), "jwks_uri": "https://issuer.example/keys",
            "token_endpoint": "https://issuer.example/token", "custom": ["kept": true],
        ])
        #expect(metadata.jwksURI == "https://issuer.example/keys")
        #expect(metadata.tokenEndpoint == "https://issuer.example/token")
        #expect(metadata.authorizationEndpoint == nil)
        let endpoints = ProviderMetadata.Endpoints(
            jwksURI: "https://h/keys", authorizationEndpoint: "https://h/authorize")
        let document = metadata.document(with: endpoints)
        #expect(document["issuer"]?.string == Self.issuer)
        #expect(document["jwks_uri"] == "https://h/keys")
        #expect(document["token_endpoint"] == "https://issuer.example/token")
        #expect(document["authorization_endpoint"] == "https://h/authorize")
        #expect(document["custom"] == ["kept": true])
        let disagreements = metadata.disagreements(with: endpoints)
        #expect(disagreements.count == 1)
        #expect(disagreements.first?.contains("https://h/keys") == true)
        #expect(disagreements.first?.contains("https://issuer.example/keys") == true)
        #expect(metadata.disagreements(with: .init(jwksURI: "https://issuer.example/keys")) == [])
    }

    @Test(arguments: [
        "https://issuer.example/realms/a/", "https://issuer.example/realms/A", "https://issuer.example", "",
        "https://evil.example",
    ])
    func otherIssuersDocumentsAreNotUsed(found: String) {
        #expect(throws: ProviderMetadata.Fault.otherIssuer(found: found, expected: Self.issuer)) {
            try parse(["issuer": .string(found)])
        }
    }

    @Test func brokenDocumentsAreNotUsed() {
        #expect(throws: ProviderMetadata.Fault.noIssuer) { try parse([:]) }
        #expect(throws: ProviderMetadata.Fault.noIssuer) { try parse(["issuer": 1]) }
        for text in ["", "<html>", "[]", #"{"issuer":"a","issuer":"b"}"#] {
            #expect(throws: ProviderMetadata.Fault.self) {
                try ProviderMetadata(parsing: Array(text.utf8), issuer: Self.issuer)
            }
        }
        for url: JSONValue in ["http://issuer.example/keys", "file:///etc/passwd", 1, nil] {
            #expect(throws: ProviderMetadata.Fault.insecure(member: "jwks_uri")) {
                try parse(["issuer": .string(Self.issuer), "jwks_uri": url])
            }
        }
    }

    /// One document for all tenants of Entra has a template for an issuer, and so has the configuration.
    @Test func templateMustBeConfigured() throws {
        let template = "https://login.microsoftonline.com/{tenantid}/v2.0"
        let body = JSONValue.object(["issuer": .string(template)]).bytes()
        _ = try ProviderMetadata(parsing: body, issuer: template)
        #expect(throws: ProviderMetadata.Fault.self) { try ProviderMetadata(parsing: body, issuer: Self.issuer) }
    }

    @Test func isMadeOfConfigurationWhereNoneCanBeFetched() {
        let machine = ProviderMetadata(
            issuer: Self.issuer, endpoints: .init(jwksURI: "https://h/keys", tokenEndpoint: "https://h/token"))
        let document = machine.document(with: .init())
        #expect(document["issuer"]?.string == Self.issuer)
        #expect(document["token_endpoint"] == "https://h/token")
        #expect(document["authorization_endpoint"] == nil)
        #expect(document["grant_types_supported"] == ["client_credentials"])
        #expect(document["response_types_supported"] == ["none"])
        let user = ProviderMetadata(issuer: Self.issuer, endpoints: .init(authorizationEndpoint: "https://h/authorize"))
        #expect(user.document(with: .init())["response_types_supported"] == ["code"])
    }

    @Test(arguments: [
        (
            "https://h",
            ["https://h/.well-known/openid-configuration", "https://h/.well-known/oauth-authorization-server"]
        ),
        (
            "https://tenant.eu.auth0.com/",
            [
                "https://tenant.eu.auth0.com/.well-known/openid-configuration",
                "https://tenant.eu.auth0.com/.well-known/oauth-authorization-server",
            ]
        ),
        (
            "https://h:8443/realms/a",
            [
                "https://h:8443/realms/a/.well-known/openid-configuration",
                "https://h:8443/.well-known/oauth-authorization-server/realms/a",
            ]
        ),
    ])
    func isLookedForWhereTheStandardsSay(issuer: String, expected: [String]) {
        #expect(ProviderMetadata.locations(issuer: issuer) == expected)
        #expect(ProviderMetadata.locations(issuer: issuer, configured: "https://x/c") == ["https://x/c"] + expected)
        #expect(ProviderMetadata.locations(issuer: issuer, configured: expected[0]) == expected)
    }
}
