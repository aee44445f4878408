// What the operator may write, and what is said where it makes no sense.

import NIOCore
import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostBase
@testable import HostCalls
@testable import HostHTTP
@testable import HostPacks

@Suite struct SettingsTests {
    private func settings(_ values: [String: String], file: [String: String] = [:]) throws -> Settings {
        try Settings(source: SettingsSource(environment: values, file: file), workingDirectory: "/srv")
    }

    @Test func everythingHasADefault() throws {
        let settings = try settings([:])
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 3001)
        #expect(settings.publicURL == nil)
        #expect(settings.packs.directory == "/srv/plugins.d")
        #expect(settings.stateDirectory == "/srv/var")
        #expect(settings.auth.mode == .embedded)
        #expect(settings.calls.timeout == .seconds(30))
        #expect(settings.http.maxBodyBytes == 1 << 20)
    }

    @Test func theEnvironmentWinsOverTheFileAndAnEmptyValueCountsAsNotSet() throws {
        let settings = try settings(
            ["MCP_SERVER_PORT": "4000", "LOG_LEVEL": ""], file: ["MCP_SERVER_PORT": "5000", "LOG_LEVEL": "debug"])
        #expect(settings.port == 4000)
        #expect(settings.log.level == .info)
    }

    @Test(arguments: [
        ("MCP_SERVER_PORT", "http", "is not a whole number"),
        ("MCP_SERVER_PORT", "65536", "is not between 0 and 65535"),
        ("MCP_AUTH_MODE", "magic", "is none of"),
        ("TOOL_TIMEOUT", "46s", "is not between 1ms and 45s"),
        ("TOOL_TIMEOUT", "soon", "is not a time"),
        ("TOOLS_READ_ONLY", "maybe", "is neither true nor false"),
        ("TRUSTED_PROXIES", "10.0.0.0/33", "neither an address nor a network"),
        ("CORS_ALLOWED_ORIGINS", "https://a.example/page", "has \"https://a.example/page\", which is not scheme"),
        ("PUBLIC_URL", "mcp.example.com", "does not begin with"),
        ("PUBLIC_URL", "https://mcp.example.com/?a", "has a query"),
        ("PUBLIC_URL", "https://[::1]evil", "has no host"), ("PUBLIC_URL", "https://a:99999/x", "has no host"),
        ("PUBLIC_URL", "https://a:b", "has no host"), ("PUBLIC_URL", "https://a:80:90", "has no host"),
        ("PUBLIC_URL", "https://:443/x", "has no host"), ("PUBLIC_URL", "https:///x", "has no host"),
        ("PUBLIC_URL", "http://[127.0.0.1]", "has no host"), ("PUBLIC_URL", "https://a:", "has no host"),
        ("TOOL_PACK_WORKERS", "16", "is not below TOOL_WORKERS"),
        ("SERVICE_NAME", "my tools", "letters, digits and underscores"),
        ("SERVICE_TITLE", "A title that is far too long", "1 to 20 characters"),
        ("SERVICE_NAME", String(repeating: "n", count: 51), "1 to 50 characters"),
        ("SERVICE_DESCRIPTION", String(repeating: "d", count: 101), "1 to 100 characters"),
        ("SERVICE_CONTACT_EMAIL", "support", "no address"),
        ("SERVICE_CONTACT_EMAIL", "a b@example.com", "no address"),
        ("REQUIRED_MCP_SCOPES", "orders:\u{F6}", "no scope token"),
        ("SERVICE_LEGAL_URL", "javascript:alert(1)", "https://"),
        ("LOG_FORMAT", "xml", "is none of auto, json, text"),
    ])
    func aBadValueIsToldWithItsKeyAndAnExample(key: String, value: String, problem: String) throws {
        let error = try #require(throws: SettingsError.self) { try settings([key: value]) }
        #expect(error.key == key)
        #expect(error.description.contains(problem), "\(error)")
        #expect(error.description.contains("Example: \(key)="))
    }

    @Test func everyExampleIsAcceptable() throws {
        // The one needs another mode, the other names a file; a client at a token endpoint is set as a whole or not at
        // all.
        let client = SettingKey.outbound.filter { $0.name.hasPrefix("AGENTS_OAUTH2_") }
        for key in SettingKey.all where !["MCP_SERVER_HOST", "OUTBOUND_CA_FILE"].contains(key.name) {
            let keys = client.contains { $0.name == key.name } ? client : [key]
            let values = Dictionary(uniqueKeysWithValues: keys.map { ($0.name, $0.example) })
            #expect(throws: Never.self, "\(key.name)") { try settings(values) }
        }
    }

    @Test func theEmbeddedServerStaysOnLoopback() throws {
        let error = try #require(throws: SettingsError.self) { try settings(["MCP_SERVER_HOST": "0.0.0.0"]) }
        #expect(error.key == "MCP_SERVER_HOST")
        for host in ["127.0.0.1", "127.8.8.8", "localhost", "::1"] {
            #expect(throws: Never.self) { try settings(["MCP_SERVER_HOST": host]) }
        }
    }

    @Test func withoutAuthenticationOnlyByNameBeyondLoopback() throws {
        let open = ["MCP_SERVER_HOST": "0.0.0.0", "MCP_AUTH_MODE": "none"]
        #expect(throws: SettingsError.self) { try settings(open) }
        let forced = open.merging(["MCP_ALLOW_UNAUTHENTICATED": "true"]) { _, new in new }
        #expect(try settings(forced).isWildcard)
    }

    @Test func thePublicURLIsTakenAsItIsWithoutItsSlash() throws {
        let settings = try settings(["PUBLIC_URL": "https://mcp.example.com/base/"])
        #expect(PublicURL.effective(settings, port: 1).url == "https://mcp.example.com/base")
    }

    @Test func aWildcardAdvertisesLocalhostWithAWarning() throws {
        let settings = try settings([
            "MCP_SERVER_HOST": "0.0.0.0", "MCP_AUTH_MODE": "none", "MCP_ALLOW_UNAUTHENTICATED": "true",
        ])
        let effective = PublicURL.effective(settings, port: 3001)
        #expect(effective.url == "http://localhost:3001")
        #expect(effective.warning?.contains("PUBLIC_URL") == true)
    }

    @Test func anIPv6AddressStandsInBrackets() throws {
        let settings = try settings(["MCP_SERVER_HOST": "::1"])
        #expect(PublicURL.effective(settings, port: 8).url == "http://[::1]:8")
    }

    @Test func unknownKeysAreToldWithTheNearestKnownOne() {
        let source = SettingsSource(
            environment: ["MCP_SERVER_PROT": "1", "PATH": "/bin", "TOOLS_ENABLE": "x"], file: ["OAUTH3_X": "1"])
        let warnings = source.warnings()
        #expect(warnings.count == 2)
        #expect(warnings.contains { $0.contains("MCP_SERVER_PROT") && $0.contains("MCP_SERVER_PORT?") })
        #expect(warnings.contains { $0.contains("TOOLS_ENABLE;") && $0.contains("TOOLS_ENABLED?") })
    }

    @Test func aSlipOfThePenInAnyKeyIsTold() {
        let warnings = SettingsSource(environment: ["ALLOWED_MCP_CLIENT": "a", "HOME": "/root"]).warnings()
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("ALLOWED_MCP_CLIENTS?") == true)
    }

    @Test func aKeyThatAPackAsksForIsKnown() {
        let source = SettingsSource(environment: ["TOOLBOX_URL": "x"])
        #expect(source.warnings().count == 1)
        #expect(source.warnings(known: ["TOOLBOX_URL"]).isEmpty)
    }
}
