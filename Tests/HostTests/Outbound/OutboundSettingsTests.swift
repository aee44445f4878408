// Where requests may go and as whom, as an operator configures it.

import Testing

@testable import HostApp
@testable import HostNetwork
@testable import HostOutbound

@Suite struct OutboundSettingsTests {
    private func settings(_ values: [String: String]) throws -> OutboundSettings {
        try OutboundSettings(SettingsReader(source: SettingsSource(environment: values)), workingDirectory: "/")
    }

    private func problem(_ values: [String: String]) -> String? {
        do {
            _ = try settings(values)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func withoutAWordNothingGoesOut() throws {
        let settings = try settings([:])
        #expect(settings.agentsOrigin == nil)
        #expect(settings.warnings == [])
        guard case .none = settings.credential else {
            Issue.record("there is a credential")
            return
        }
    }

    @Test func theURLIsWrittenOneWay() throws {
        let settings = try settings(["NEXTJS_URL": "HTTPS://Shop.example.com:443/base/"])
        #expect(settings.agentsURL == "https://shop.example.com/base")
        #expect(settings.agentsOrigin == Origin("https://shop.example.com"))
    }

    private static let endpoint = [
        "AGENTS_OAUTH2_TOKEN_ENDPOINT": "https://login.example.com/token", "AGENTS_OAUTH2_CLIENT_ID": "host",
        "AGENTS_OAUTH2_CLIENT_SECRET": "s3cr3t-value",
    ]

    @Test(arguments: [
        (["NEXTJS_URL": "shop.example.com"], "NEXTJS_URL"), (["NEXTJS_URL": "http://u:p@shop"], "NEXTJS_URL"),
        (["NEXTJS_URL": "http://shop/?x"], "NEXTJS_URL"),
        (["AGENTS_OAUTH2_CLIENT_ID": "host"], "AGENTS_OAUTH2_CLIENT_ID"),
        (["AGENTS_OAUTH2_TOKEN_ENDPOINT": "https://login/token"], "AGENTS_OAUTH2_CLIENT_ID"),
        (endpoint.merging(["AGENTS_OAUTH2_TOKEN_ENDPOINT": "http://login/token"]) { $1 }, "https"),
        (endpoint.merging(["AGENTS_API_KEY": "key"]) { $1 }, "remove the one"),
        (["AGENTS_API_KEY": "two words"], "AGENTS_API_KEY"), (["OUTBOUND_PRIVATE_NETWORKS": "10.0.0.0/99"], "network"),
        (["OUTBOUND_PROXY": "https://proxy:1"], "OUTBOUND_PROXY"), (["OUTBOUND_PROXY": "proxy:1"], "OUTBOUND_PROXY"),
        (["OUTBOUND_CA_FILE": "/nowhere/ca.pem"], "OUTBOUND_CA_FILE"), (["OUTBOUND_CIRCUIT_PAUSE": "2m"], "1m"),
        (["AGENTS_FORWARD_USER_TOKEN": "perhaps"], "AGENTS_FORWARD_USER_TOKEN"),
    ])
    func whatMakesNoSenseIsAnError(values: [String: String], words: String) throws {
        let problem = try #require(self.problem(values))
        #expect(problem.contains(words) || problem.contains("60s"), "\(problem)")
        #expect(!problem.contains("s3cr3t-value") && !problem.contains("two words"))
    }

    @Test(arguments: ["NEXTJS_URL", "OUTBOUND_PROXY", "AGENTS_OAUTH2_TOKEN_ENDPOINT"])
    func aPasswordInAURLIsNotRepeated(key: String) throws {
        let problem = try #require(self.problem(Self.endpoint.merging([key: "https://ann:s3cr3t@host/"]) { $1 }))
        #expect(problem.contains(key) && !problem.contains("s3cr3t"), "\(problem)")
        // Nor where it is refused for something else.
        let both = self.problem(["AGENTS_API_KEY": "key", key: "https://ann:s3cr3t@host/"])
        #expect(both?.contains("s3cr3t") == false)
    }

    @Test func credentialsInTheClearAndForNobodyAreWarnedOf() throws {
        let clear = try settings(["NEXTJS_URL": "http://shop:3000", "AGENTS_API_KEY": "key"])
        #expect(clear.warnings.first?.contains("without TLS") == true)
        #expect(try settings(["NEXTJS_URL": "http://127.0.0.1:3000", "AGENTS_API_KEY": "key"]).warnings == [])
        #expect(try settings(["NEXTJS_URL": "http://shop:3000"]).warnings == [])
        #expect(try settings(["AGENTS_API_KEY": "key"]).warnings.first?.contains("sent nowhere") == true)
    }

    @Test func credentialsThatDoNotGoWithTheCallersAreWarnedOf() throws {
        let key = "0123456789abcdef"
        let url = ["NEXTJS_URL": "https://shop.example"]
        func warnings(_ values: [String: String]) throws -> [String] {
            let source = SettingsSource(environment: values.merging(url) { $1 })
            return try Settings(source: source, workingDirectory: "/").outbound.warnings
        }
        let keys = ["MCP_AUTH_MODE": "api-key", "MCP_API_KEY": key]
        let shared = try warnings(keys.merging(["AGENTS_API_KEY": key]) { $1 })
        #expect(shared.count == 1 && shared[0].contains("AGENTS_API_KEY") && !shared[0].contains(key))
        #expect(try warnings(keys.merging(["AGENTS_API_KEY": key + "0"]) { $1 }) == [])

        let forwarded = try warnings(["AGENTS_FORWARD_USER_TOKEN": "true"])
        #expect(forwarded.count == 1 && forwarded[0].contains("OAUTH2_USER_TOKENS"))
        let issuer = [
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "https://login.example", "OAUTH2_AUDIENCE": "https://tools",
            "OAUTH2_USER_TOKENS": "true", "AGENTS_FORWARD_USER_TOKEN": "true",
        ]
        #expect(try warnings(issuer) == [])
    }

    @Test func certificatesAreReadAtOnce() throws {
        let folder = try TemporaryFolder()
        try folder.write("not a certificate", "ca.pem")
        #expect(problem(["OUTBOUND_CA_FILE": folder.path + "/ca.pem"])?.contains("PEM") == true)
    }

    @Test func aPackIsGivenTheURLButNoSecret() throws {
        let secrets = SettingKey.outbound.filter(\.isSecret).map(\.name)
        #expect(secrets == ["AGENTS_API_KEY", "AGENTS_OAUTH2_CLIENT_SECRET"])
    }
}
