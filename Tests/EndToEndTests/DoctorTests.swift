// The operator's self-check against a provider that works, and with what is wrong made wrong one by one.

import JSON
import Testing

@Suite("toolhost doctor")
struct DoctorTests {
    private func doctor(
        _ environment: [String: String], token: String? = nil, packs: [PackSource] = ["good"]
    ) throws -> Finished {
        let scratch = try Scratch()
        let options = HostOptions(packs: packs, environment: environment)
        try options.stage(in: scratch)
        return try run(
            Setup.executable, ["doctor"] + (token.map { ["--token", $0] } ?? []),
            environment: options.environment(in: scratch),
            directory: scratch.path)
    }

    @Test("All is well: every step is named")
    func healthy() throws {
        let provider = try FixtureProvider()
        let result = try doctor(provider.environment())
        #expect(result.succeeded, "\(result.output) \(result.errors)")
        for word in ["configuration", "metadata", "clock", "key", "audience", "public URL", "documents"] {
            #expect(result.output.contains(word), "\(word)")
        }
        #expect(!result.output.contains("❌"))
    }

    @Test("Without a tool there is nothing to import, and the report says so")
    func noTools() throws {
        let environment = try FixtureProvider().environment()
        let none = try doctor(environment, packs: [])
        #expect(none.end == .exited(1))
        #expect(none.output.contains("❌ documents: no tool is served") && none.output.contains("PLUGINS_DIR"))
        let some = try doctor(environment)
        #expect(some.output.contains("✅ documents: the OpenAPI document has "), "\(some.output)")
        #expect(some.output.contains(" tools and "), "\(some.output)")
    }

    @Test("An issuer without keys is the step that fails")
    func noKeys() throws {
        let provider = try FixtureProvider()
        try provider.control(["mode": [FixtureProvider.keys: "fail"]])
        let result = try doctor(provider.environment())
        #expect(result.end == .exited(1))
        #expect(result.output.contains("❌ keys"))
    }

    @Test("The agents API is asked for its health and a token, and the words say what to change")
    func agentsAPI() throws {
        let (provider, server) = try (FixtureProvider(), AgentsServer())
        let environment = provider.environment([
            "NEXTJS_URL": server.url, "AGENTS_OAUTH2_TOKEN_ENDPOINT": server.url + "/token",
            "AGENTS_OAUTH2_CLIENT_ID": "the host", "AGENTS_OAUTH2_CLIENT_SECRET": "s3cret/",
        ])
        let well = try doctor(environment)
        #expect(well.succeeded, "\(well.output) \(well.errors)")
        #expect(well.output.contains("✅ agents API: \(server.url)/health answers 200"), "\(well.output)")
        #expect(well.output.contains("✅ agents API token"), "\(well.output)")
        #expect(server.requests().map { $0["path"] } == ["/token"], "no tool is called")

        try server.control(["as": ["/health": "503", "/token": "401"]])
        let ill = try doctor(environment)
        #expect(ill.end == .exited(1))
        #expect(ill.output.contains("❌ agents API: \(server.url)/health answers 503"), "\(ill.output)")
        #expect(!ill.output.contains("packs that are given its URL"), "there are none")
        #expect(ill.output.contains("invalid_client") && ill.output.contains("AGENTS_OAUTH2_CLIENT_SECRET"))

        server.kill()
        let gone = try doctor(environment)
        #expect(gone.output.contains("❌ agents API: \(server.url)/health cannot be reached"), "\(gone.output)")
        for output in [well.output, ill.output, gone.output] {
            #expect(!output.contains("s3cret") && !output.contains("granted-"))
        }
    }

    @Test("The host that runs here is asked how it is, and what its numbers stand for is said")
    func runningHost() throws {
        try RunningHost.with { host throws in
            let environment = ["MCP_SERVER_PORT": "\(host.port)"]
            let well = try doctor(environment)
            let words = "✅ running host: http://127.0.0.1:\(host.port)/health says \"ok\", with 1 packs"
            #expect(well.output.contains(words), "\(well.output)")
            for _ in 0..<2 { #expect(try host.call("any_status", #"{"status":-10}"#).status == 503) }
            let ill = try doctor(environment)
            #expect(ill.output.contains("⚠️  running host: packs fail again and again: 1"), "\(ill.output)")
            #expect(ill.output.contains("`a pack is ailing: its calls fail again and again`"))
        }
    }

    @Test("A token is explained claim by claim, without its signature")
    func token() throws {
        let provider = try FixtureProvider()
        let good = try provider.token()
        let accepted = try doctor(provider.environment(), token: good)
        #expect(accepted.succeeded, "\(accepted.output)")
        #expect(accepted.output.contains("it would be let in"))
        let bad = try provider.token(["aud": "other"])
        let refused = try doctor(provider.environment(), token: bad)
        #expect(refused.end == .exited(1))
        #expect(refused.output.contains("❌ token, audience"))
        for (token, output) in [(good, accepted.output), (bad, refused.output)] {
            let signature = try #require(token.split(separator: ".").last)
            #expect(!output.contains(signature.prefix(16)))
        }
    }

    @Test("What keeps a token out beside its issuer's rules")
    func policy() throws {
        let provider = try FixtureProvider()
        let token = try provider.token()
        let client = try doctor(provider.environment(["ALLOWED_MCP_CLIENTS": "other"]), token: token)
        #expect(client.output.contains("ALLOWED_MCP_CLIENTS does not name"))
        let scope = try doctor(provider.environment(["REQUIRED_MCP_SCOPES": "mcp:read"]), token: token)
        #expect(scope.output.contains("REQUIRED_MCP_SCOPES: mcp:read"))
    }
}
