// Which settings of who may call the host starts with, and what it says about the others.

import JSON
import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostDocuments

@Suite struct AuthSettingsTests {
    private func settings(_ values: [String: String], folder: String = "/srv") throws -> Settings {
        try Settings(source: SettingsSource(environment: values), workingDirectory: folder)
    }

    private static let tenant = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555"

    @Test func anIssuerAndAnAudienceAreEnough() throws {
        let auth = try settings([
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "https://id.example.com", "OAUTH2_AUDIENCE": "a, api://b",
            "MCP_SERVER_HOST": "0.0.0.0",
        ]).auth
        #expect(auth.issuers.map(\.rules.audiences) == [["a", "api://b"]])
        #expect(auth.namedIssuer?.rules.issuer == "https://id.example.com")
        #expect(auth.warnings.isEmpty)
    }

    @Test(arguments: [
        (["OAUTH2_AUDIENCE": "a"], "OAUTH2_ISSUER", "is not set"),
        (["OAUTH2_ISSUER": "https://id.example.com"], "OAUTH2_AUDIENCE", "every token"),
        (["OAUTH2_ISSUER": "https://cognito-idp.eu-west-1.amazonaws.com/p"], "ALLOWED_MCP_CLIENTS", "no audience"),
        (["OAUTH2_ISSUER": "http://id.example.com", "OAUTH2_AUDIENCE": "a"], "OAUTH2_ISSUER", "https"),
        (
            ["OAUTH2_ISSUER": "https://a", "OAUTH2_AUDIENCE": "a", "OAUTH2_JWKS_URI": "http://a/keys"],
            "OAUTH2_JWKS_URI", "https"
        ),
        (
            ["OAUTH2_ISSUER": "https://a", "OAUTH2_AUDIENCE": "a", "OAUTH2_PRESET": "azure"], "OAUTH2_PRESET",
            "entra-v2"
        ),
        (
            ["OAUTH2_ISSUER": "https://a", "OAUTH2_AUDIENCE": "a", "OAUTH2_DISCOVERY_ISSUER": "https://b"],
            "OAUTH2_DISCOVERY_ISSUER", "none of the configured"
        ),
        (["OAUTH2_ISSUER": "https://org.okta.com", "OAUTH2_AUDIENCE": "a"], "OAUTH2_ISSUER", "oauth2/default"),
        (["OAUTH2_ISSUERS_FILE": "/nowhere/issuers.yaml"], "OAUTH2_ISSUERS_FILE", "cannot be read"),
    ])
    func whatWouldLetInTooManyOrNobodyDoesNotStart(values: [String: String], key: String, words: String) throws {
        let error = try #require(throws: SettingsError.self) {
            try settings(values.merging(["MCP_AUTH_MODE": "oauth2"]) { $1 })
        }
        #expect(error.key == key)
        #expect(error.problem.contains(words), "\(error)")
    }

    @Test func cognitoTakesTheAllowedClientsInPlaceOfAnAudience() throws {
        let issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"
        let values = ["MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": issuer, "ALLOWED_MCP_CLIENTS": "one,two"]
        #expect(try settings(values).auth.issuers[0].rules.clientIDs == ["one", "two"])
        let bound = try settings(values.merging(["OAUTH2_AUDIENCE": "a"]) { $1 }).auth.issuers[0].rules
        #expect(bound.audienceMode == .audience)
    }

    @Test(
        arguments: [
            (["https://h/mcp"], ["https://h/mcp", "https://h/mcp/"]),
            (["https://h/mcp/"], ["https://h/mcp/", "https://h/mcp"]),
            (
                ["https://h", "https://h/mcp", "https://h/mcp/"],
                ["https://h", "https://h/mcp", "https://h/mcp/", "https://h/"]
            ),
            (["api://a", "https://other/mcp", "https://h.example/mcp", "https://hh"], []),
            (["https://h/mcp//"], []),
        ] as [([String], [String])])
    func audiencesBelowThePublicURLAreTakenWithASlashToo(audiences: [String], expected: [String]) throws {
        let settings = try settings([
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "https://a", "PUBLIC_URL": "https://h/",
            "OAUTH2_AUDIENCE": audiences.joined(separator: ","),
        ])
        #expect(settings.auth.issuers[0].rules.audiences == (expected.isEmpty ? audiences : expected))
    }

    @Test func aPresetIsNamedInAnyCase() throws {
        let values = ["MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "https://a", "OAUTH2_AUDIENCE": "a"]
        #expect(try settings(values.merging(["OAUTH2_PRESET": "Keycloak"]) { $1 }).auth.issuers[0].preset == .keycloak)
        #expect(try settings(values).auth.issuers[0].preset == .generic)
    }

    @Test func keysAboutAnIssuerThatIsNotSetAreWarnings() throws {
        let folder = try TemporaryFolder()
        try folder.write("issuers:\n  - issuer: https://a\n    audiences: [x]\n", "issuers.yaml")
        let values = [
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUERS_FILE": "issuers.yaml", "OAUTH2_JWKS_URI": "https://a/keys",
            "OAUTH2_USER_TOKENS": "true", "OAUTH2_DISCOVERY": "redirect",
        ]
        let warnings = try settings(values, folder: folder.path).auth.warnings
        #expect(warnings.map { $0.prefix { $0 != " " } } == ["OAUTH2_JWKS_URI", "OAUTH2_USER_TOKENS"])
        let named = try settings(
            values.merging(["OAUTH2_ISSUER": "https://b", "OAUTH2_AUDIENCE": "x"]) { $1 }, folder: folder.path)
        #expect(named.auth.warnings.isEmpty)
    }

    /// `{tenantid}` is for matching tokens; a client that is sent to a URL needs one that exists.
    @Test func anIssuerOfManyTenantsIsAdvertisedAsTheOneForAll() throws {
        let settings = try settings([
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "https://login.microsoftonline.com/{tenantid}/v2.0",
            "OAUTH2_AUDIENCE": "a",
        ])
        let deployment = Deployment(service: settings.service, auth: settings.auth, publicURL: "https://h")
        #expect(deployment.authorizationServers == ["https://login.microsoftonline.com/organizations/v2.0"])
    }

    @Test func anAPIKeyIsLongAndNeverPrinted() throws {
        let error = try #require(throws: SettingsError.self) {
            try settings(["MCP_AUTH_MODE": "api-key", "MCP_API_KEY": "too-short"])
        }
        #expect(error.key == "MCP_API_KEY")
        #expect(!error.description.contains("too-short"))
        #expect(throws: SettingsError.self) { try settings(["MCP_AUTH_MODE": "api-key"]) }
        let key = "0123456789abcdef0123456789abcdef"
        #expect(try settings(["MCP_AUTH_MODE": "api-key", "MCP_API_KEY": key]).auth.apiKeys?.entry(for: key) != nil)
    }

    @Test func aFileOfKeysIsReadAndItsFaultsHaveALine() throws {
        let folder = try TemporaryFolder()
        let values = ["MCP_AUTH_MODE": "hybrid", "OAUTH2_ISSUER": "https://a", "OAUTH2_AUDIENCE": "a"]
        try folder.write("reporting sha256:\(String(repeating: "ab", count: 32)) orders:read\n", "keys")
        try folder.write("# none\nreporting 123\n", "bad")
        let good = values.merging(["MCP_API_KEYS_FILE": "keys"]) { $1 }
        #expect(try settings(good, folder: folder.path).auth.apiKeys?.entries.map(\.name) == ["reporting"])
        let error = try #require(throws: SettingsError.self) {
            try settings(values.merging(["MCP_API_KEYS_FILE": "bad"]) { $1 }, folder: folder.path)
        }
        #expect(error.key == "MCP_API_KEYS_FILE" && error.problem.contains("line 2"))
    }

    @Test func keysOfAnotherModeAndUnfilledPlaceholdersAreWarnings() throws {
        let embedded = try settings(["OAUTH2_ISSUER": "https://a", "MCP_API_KEY": "x"]).auth.warnings
        #expect(embedded.contains { $0.contains("OAUTH2_ISSUER") && $0.contains("embedded") })
        #expect(embedded.contains { $0.contains("MCP_API_KEY") })
        let unfilled = try settings([
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "https://login.microsoftonline.com/{your-tenant-id}/v2.0",
            "OAUTH2_AUDIENCE": "{your-client-id}",
        ]).auth
        #expect(unfilled.warnings.count == 2)
        let tenants = try settings([
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "https://login.microsoftonline.com/{tenantid}/v2.0",
            "OAUTH2_AUDIENCE": "a",
        ]).auth
        #expect(tenants.warnings.count == 1 && tenants.warnings[0].contains("every tenant"))
        #expect(tenants.issuers[0].ownLocation.hasPrefix("https://login.microsoftonline.com/organizations/v2.0/"))
    }

    @Test func theBuiltDocumentHasTheConfiguredEndpointsAndThoseThatAProviderAlwaysHas() throws {
        let auth = try settings([
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "\(Self.tenant)/v2.0", "OAUTH2_AUDIENCE": "a",
            "OAUTH2_JWKS_URI": "https://keys.example.com/",
        ]).auth
        let metadata = try #require(auth.namedIssuer).builtMetadata
        #expect(metadata.tokenEndpoint == "\(Self.tenant)/oauth2/v2.0/token")
        #expect(metadata.jwksURI == "https://keys.example.com/")
        #expect(metadata.document(with: .init())["issuer"]?.string == "\(Self.tenant)/v2.0")
    }
}
