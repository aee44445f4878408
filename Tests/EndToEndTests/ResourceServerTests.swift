// MCP_AUTH_MODE=oauth2 against a provider that works: what clients are told, who is let in, and who is not.

import JSON
import Testing

@Suite("A resource server")
struct ResourceServerTests {
    private func host<Result>(
        _ more: [String: String] = [:], _ body: (RunningHost, FixtureProvider) throws -> Result
    ) throws -> Result {
        let provider = try FixtureProvider()
        return try RunningHost.with(HostOptions(environment: provider.environment(more))) { host throws in
            #expect(host.hasKeys())
            return try body(host, provider)
        }
    }

    @Test("A bearer of a token for this host is let in; others get one sentence, and the log the reason")
    func tokens() throws {
        try host { host, provider throws in
            #expect(try host.call(token: provider.token()).status == 200)
            let bad: [(JSONObject, String)] = [
                (["aud": "somebody else"], "audience"), (["exp": 1_000_000_000], "expired"),
                (["nbf": 9_000_000_000], "not_yet_valid"), (["iss": "https://other.example"], "issuer"),
            ]
            for (claims, reason) in bad {
                let answer = try host.call(token: provider.token(claims))
                #expect(answer.status == 401, "\(reason)")
                let challenge = try #require(answer["WWW-Authenticate"])
                #expect(challenge.contains("invalid_token") && !challenge.contains(reason))
                #expect(host.logLine { $0["reason"]?.string == reason } != nil, "\(reason)")
            }
            let none = try host.request("POST", "/tools/echo", ["Content-Type": "application/json"], body: "{}")
            #expect(none.status == 401)
            #expect(none["WWW-Authenticate"]?.contains("error") == false)
            #expect(none["WWW-Authenticate"]?.contains("resource_metadata=") == true)
        }
    }

    @Test("Both well-known documents are the provider's own, and the others name it")
    func documents() throws {
        try host { host, provider throws in
            for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
                let found = try eventually { try host.get(path).json?["x-of-the-provider"]?.bool == true }
                #expect(found, "\(path)")
                let document = try #require(try host.get(path).json)
                #expect(document["issuer"]?.string == provider.issuer)
                #expect(document["token_endpoint"]?.string == provider.issuer + "/token")
            }
            let resource = try #require(try host.get("/.well-known/oauth-protected-resource").json)
            #expect(resource["authorization_servers"]?.array == [.string(provider.issuer)])
            let openAPI = try #require(try host.get("/openapi.json").json)
            let flow = openAPI["components"]?["securitySchemes"]?["oauth2"]?["flows"]?["clientCredentials"]
            #expect(flow?["tokenUrl"]?.string == provider.issuer + "/token")
        }
    }

    @Test("A configured endpoint wins over the provider's, and the log names both")
    func configuredEndpoint() throws {
        try host(["OAUTH2_TOKEN_ENDPOINT": "https://tokens.example.com/token"]) { host, provider throws in
            #expect(host.logSays("tokens.example.com", provider.issuer + "/token"))
            let document = try #require(try host.get("/.well-known/openid-configuration").json)
            #expect(document["token_endpoint"]?.string == "https://tokens.example.com/token")
        }
    }

    @Test("OAUTH2_DISCOVERY=redirect sends clients to the provider")
    func redirect() throws {
        try host(["OAUTH2_DISCOVERY": "redirect"]) { host, provider throws in
            let answer = try host.get("/.well-known/openid-configuration")
            #expect(answer.status == 302)
            #expect(answer["Location"] == provider.issuer + FixtureProvider.metadata)
        }
    }

    @Test("Clients and scopes of the deployment apply to every call")
    func clientsAndScopes() throws {
        try host(["ALLOWED_MCP_CLIENTS": "client", "REQUIRED_MCP_SCOPES": "facts,more"]) { host, provider throws in
            #expect(try host.call(token: provider.token(scope: "facts more")).status == 200)
            let lacking = try host.call(token: provider.token(scope: "facts"))
            #expect(lacking.status == 403)
            #expect(lacking["WWW-Authenticate"]?.contains("facts more") == true)
            #expect(try host.call(token: provider.token(["client_id": "other"], scope: "facts more")).status == 403)
        }
    }

    @Test("DISCOVERY_AUTH: a document needs a token and lists what its bearer may call")
    func guardedDocuments() throws {
        let provider = try FixtureProvider()
        let options = HostOptions(
            policies: ["good": "tools:\n  echo:\n    scopes: [special]\n"],
            environment: provider.environment(["DISCOVERY_AUTH": "true"]))
        try RunningHost.with(options) { host throws in
            #expect(host.hasKeys())
            let refused = try host.get("/openapi.json")
            #expect(refused.status == 401 && refused["WWW-Authenticate"] != nil)
            func paths(_ scope: String) throws -> [String] {
                let answer = try host.get("/openapi.json", ["Authorization": "Bearer " + provider.token(scope: scope)])
                #expect(answer["Cache-Control"]?.contains("private") == true)
                #expect(answer.fields.contains { $0.name.lowercased() == "vary" && $0.value.contains("Authorization") })
                return try #require(answer.json?["paths"]?.object?.keys)
            }
            #expect(try paths("special").contains("/tools/echo"))
            let others = try paths("facts")
            #expect(!others.isEmpty && !others.contains("/tools/echo"))
        }
    }

    @Test("X-User-Token names the user where the issuer may, and never lets an unknown one pass")
    func userToken() throws {
        try host(["OAUTH2_USER_TOKENS": "true"]) { host, provider throws in
            let client = try provider.token(["sub": "client"])
            let user = try provider.token(["sub": "bob"])
            let answer = try host.call(token: client, "call_facts", ["X-User-Token": "Bearer " + user])
            #expect(answer.status == 200 && answer.text.contains("bob"), "\(answer.text)")
            let bad = try host.call(token: client, "call_facts", ["X-User-Token": "Bearer nonsense"])
            #expect(bad.status == 401 || bad.status == 400)
        }
    }

    @Test("hybrid takes a key or a token, not both; api-key has a challenge of its own")
    func apiKeys() throws {
        let key = "0123456789abcdef0123456789abcdef"
        try host(["MCP_AUTH_MODE": "hybrid", "MCP_API_KEY": key]) { host, provider throws in
            let fields = ["Content-Type": "application/json", "X-MCP-API-Key": key]
            #expect(try host.request("POST", "/tools/echo", fields, body: "{}").status == 200)
            #expect(try host.call(token: provider.token()).status == 200)
            #expect(try host.call(token: provider.token(), "echo", ["X-MCP-API-Key": key]).status == 400)
        }
        let options = HostOptions(environment: ["MCP_AUTH_MODE": "api-key", "MCP_API_KEY": key])
        try RunningHost.with(options) { host throws in
            let answer = try host.request(
                "POST", "/tools/echo", ["Content-Type": "application/json", "X-MCP-API-Key": key + "0"], body: "{}")
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"]?.contains("X-MCP-API-Key") == true)
            #expect(try host.get("/.well-known/openid-configuration").status == 404)
            #expect(!host.scratch.text("log").contains(key))
            // Nothing points to a place for tokens where there is none.
            let places = [("POST", "/oauth2/token"), ("GET", "/.well-known/jwks.json"), ("GET", "/oauth2/authorize")]
            for (method, path) in places {
                let absent = try host.request(method, path)
                #expect(absent.status == 404 && absent.text.contains("X-MCP-API-Key"), "\(absent.text)")
                #expect(!absent.text.contains("oauth-protected-resource"), "\(absent.text)")
            }
        }
    }

    @Test("A key without a scope that a tool needs reads which ones, over REST and MCP")
    func scopesOfKeys() throws {
        let (scratch, key) = (try Scratch(), "0123456789abcdef0123456789abcdef")
        let digest = "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
        try scratch.write("reader sha256:\(digest) facts\n", to: "keys")
        let options = HostOptions(
            policies: ["good": "tools:\n  echo:\n    scopes: [special]\n"],
            environment: ["MCP_AUTH_MODE": "api-key", "MCP_API_KEYS_FILE": scratch.path + "/keys"])
        try RunningHost.with(options) { host throws in
            let refused = try host.request(
                "POST", "/tools/echo", ["Content-Type": "application/json", "X-MCP-API-Key": key], body: "{}")
            #expect(refused.status == 403 && refused.json?["scopes"] == ["special"], "\(refused.text)")
            #expect(refused.json?["detail"]?.string?.contains("Needed: special.") == true, "\(refused.text)")
            // No scheme of a challenge is about the scopes of keys.
            #expect(refused["WWW-Authenticate"] == nil)
            let answer = try host.post(MCPPost.call("echo").with { $0.credential = ("X-MCP-API-Key", key) })
            #expect(answer.status == 403 && answer.http.text.contains("Needed: special."), "\(answer.http.text)")
        }
    }

    @Test("Several issuers: both let in, none is mirrored until one is named")
    func severalIssuers() throws {
        let (first, second) = (try FixtureProvider(), try FixtureProvider())
        let scratch = try Scratch()
        var options = HostOptions(
            environment: [
                "MCP_AUTH_MODE": "oauth2", "OAUTH2_AUDIENCE": FixtureProvider.audience,
                "OAUTH2_ISSUERS_FILE": scratch.path + "/issuers.yaml",
            ])
        try scratch.write(
            "issuers:\n  - issuer: \(first.issuer)\n  - issuer: \(second.issuer)\n    preset: generic\n",
            to: "issuers.yaml")
        try RunningHost.with(options) { host throws in
            #expect(host.hasKeys())
            #expect(try host.call(token: first.token()).status == 200)
            #expect(try host.call(token: second.token()).status == 200)
            let crossed = try host.call(token: first.token(["iss": .string(second.issuer)]))
            #expect(crossed.status == 401, "a key of one issuer vouched for another")
            #expect(try host.get("/.well-known/openid-configuration").status == 404)
        }
        options.environment["OAUTH2_DISCOVERY_ISSUER"] = second.issuer
        try RunningHost.with(options) { host throws in
            #expect(
                try host.get("/.well-known/openid-configuration").json?["issuer"]?.string == second.issuer)
        }
    }
}
