// Who may talk to /mcp: tokens, scopes, principals, origins.

import JSON
import Testing

@Suite(
    "MCP access",
    .host(
        ["good", "jobs"],
        policies: ["good": "tools: {echo: {scopes: [orders:write]}, echo_worker: {scopes: [orders:read]}}"]))
struct MCPAccessTests {
    private static let each: [MCPPost] =
        [
            .modern("server/discover"), .modern("tools/list"), .call("echo"), .initialize("2025-11-25"),
            MCPPost.legacy("tools/list").with { $0.sessionVersion = nil },
            MCPPost.modern("tools/list").with { $0.raw = Array("not JSON".utf8) },
        ]

    private func bearer(_ token: String) -> (name: String, value: String) { ("Authorization", "Bearer " + token) }

    private func metadata(_ host: RunningHost) throws -> String {
        let base = try #require(try host.get("/.well-known/oauth-protected-resource").json?["resource"]?.string)
        return base + "/.well-known/oauth-protected-resource/mcp"
    }

    @Test("Without a token: 401 that names the metadata of /mcp and no error", arguments: each.indices)
    func withoutToken(_ index: Int) throws {
        let host = try RunningHost.current
        let answer = try host.post(Self.each[index].with { $0.credential = ("X-Nothing", "here") })
        #expect(answer.status == 401)
        let challenge = try #require(answer.http["WWW-Authenticate"])
        #expect(challenge.hasPrefix("Bearer "))
        #expect(challenge.contains("resource_metadata=\"\(try metadata(host))\""))
        #expect(!challenge.contains("error="))
    }

    @Test("With a token that is none: 401 invalid_token", arguments: each.indices)
    func wrongToken(_ index: Int) throws {
        let host = try RunningHost.current
        let answer = try host.post(Self.each[index].with { $0.credential = bearer("a.b.c") })
        #expect(answer.status == 401)
        let challenge = try #require(answer.http["WWW-Authenticate"])
        #expect(challenge.contains("error=\"invalid_token\"") && challenge.contains("/oauth-protected-resource/mcp\""))
    }

    @Test("A session does not replace the token")
    func sessionIsNoCredential() throws {
        let host = try RunningHost.current
        let id = try host.newSession()
        let list = MCPPost.legacy("tools/list").with { $0[MCPName.session] = id }
        #expect(try host.post(list).status == 200)
        #expect(try host.post(list.with { $0.credential = ("X-Nothing", "here") }).status == 401)
    }

    @Test("The metadata of /mcp names /mcp and an authorization server (RFC 9728)")
    func metadata() throws {
        let host = try RunningHost.current
        let root = try #require(try host.get("/.well-known/oauth-protected-resource").json)
        let document = try #require(try host.get("/.well-known/oauth-protected-resource/mcp").json)
        #expect(document["resource"]?.string == (root["resource"]?.string ?? "") + "/mcp")
        #expect(document["authorization_servers"]?.array?.isEmpty == false)
        #expect(document["authorization_servers"] == root["authorization_servers"])
        #expect(document["bearer_methods_supported"] == ["header"])
        #expect(document["scopes_supported"]?.array?.contains("orders:write") == true)
    }

    // MARK: Scopes

    @Test("The list holds what the token may call", arguments: [MCPName.modern] + MCPName.legacy)
    func listByScope(_ version: String) throws {
        let host = try RunningHost.current
        func names(_ token: String) throws -> Set<String> {
            let post: MCPPost =
                version == MCPName.modern ? .modern("tools/list") : .legacy("tools/list", version: version)
            let answer = try host.post(post.with { $0.credential = bearer(token) })
            return Set(try #require(answer.result?["tools"]?.array).compactMap { $0["name"]?.string })
        }
        let all = try names(host.token())
        let reader = try names(host.newToken(scope: "orders:read"))
        #expect(all.isSuperset(of: ["echo", "echo_worker", "any_status"]))
        #expect(reader == all.subtracting(["echo"]))
    }

    @Test("A call beyond the scopes: 403 that names them", arguments: [MCPName.modern] + MCPName.legacy)
    func insufficientScope(_ version: String) throws {
        let host = try RunningHost.current
        let reader = bearer(try host.newToken(scope: "orders:read"))
        let answer = try host.post(MCPPost.call("echo", version: version).with { $0.credential = reader })
        #expect(answer.status == 403, "\(answer.http.text)")
        let challenge = try #require(answer.http["WWW-Authenticate"])
        #expect(challenge.contains("error=\"insufficient_scope\""))
        #expect(challenge.contains("orders:write"))
        #expect(challenge.contains("resource_metadata=\"\(try metadata(host))\""))
        let allowed = try host.post(MCPPost.call("echo_worker", version: version).with { $0.credential = reader })
        #expect(allowed.status == 200 && !allowed.isError)
    }

    @Test("In a batch each call answers for the scopes of its own tool")
    func scopesInABatch() throws {
        let host = try RunningHost.current
        func call(_ tool: String, _ id: JSONValue) -> JSONValue {
            MCPPost.call(tool, ["a": 1], id: id, version: "2025-03-26").message
        }
        let batch = MCPPost.legacy("tools/list", version: "2025-03-26").with {
            $0.message = [call("echo", 1), call("echo_worker", 2)]
        }
        let reader = bearer(try host.newToken(scope: "orders:read"))
        let answer = try host.post(batch.with { $0.credential = reader })
        #expect(answer.status == 200)
        #expect(answer.responses.map { $0["id"] } == [1, 2])
        let refused = try #require(answer.responses.first?["error"])
        #expect(refused["code"] == -32003)
        #expect(refused["data"]?["scopes"]?.array?.contains("orders:write") == true, "\(refused)")
        #expect(answer.responses.last?["result"]?["structuredContent"] == ["a": 1])
        let full = try host.post(batch)
        #expect(full.responses.map { $0["result"]?["structuredContent"] } == [["a": 1], ["a": 1]])
    }

    // MARK: Principals

    /// SHA-256 of the two keys below.
    private static let keysFile = """
        alice sha256:2ec95df6d70bd8a7cacfc0063548c6e13ea2c83078e63d45f06d999207a5f89c
        bob sha256:febf96fa2e3aa88b0f020cd296438d0a697cb4d5897f5915b434db72fb2fd67a
        """
    private static let alice = (name: "X-MCP-API-Key", value: "alice-key-0123456789abcdef-0123456789")
    private static let bob = (name: "X-MCP-API-Key", value: "bob-key-0123456789abcdef-0123456789")

    @Test("A session is its principal's: nobody else can use it, or cancel in it")
    func foreignSession() throws {
        let scratch = try Scratch()
        try scratch.write(Self.keysFile, to: "keys")
        let options = HostOptions(
            packs: ["jobs"],
            environment: ["MCP_AUTH_MODE": "api-key", "MCP_API_KEYS_FILE": scratch.path + "/keys"])
        try options.stage(in: scratch)
        let host = try RunningHost(options, in: scratch)
        defer { host.stop() }
        let id = try host.newSession(credential: Self.alice)
        func call(_ tool: String, id number: JSONValue = 8, by caller: (name: String, value: String)) -> MCPPost {
            MCPPost.call(tool, ["job": 1], id: number, version: "2025-06-18").with {
                $0[MCPName.session] = id
                $0.credential = caller
            }
        }
        let open = try host.open(call("job_run", id: 7, by: Self.alice))
        var state: JSONValue?
        let isRunning = try eventually {
            state = try host.post(call("job_report", by: Self.alice)).result?["structuredContent"]
            return state?["ready"] == 1
        }
        #expect(isRunning)
        #expect(try host.post(call("job_report", by: Self.bob)).status == 404)
        let cancel = MCPPost.legacy("notifications/cancelled", ["requestId": 7], id: nil).with {
            $0[MCPName.session] = id
            $0.credential = Self.bob
        }
        #expect(try host.post(cancel).status == 404)
        _ = try host.post(call("job_finish", by: Self.alice))
        let answer = try MCPAnswer(open.response())
        #expect(answer.result?["structuredContent"] == ["job": 1, "done": 0], "\(answer.http.text)")
    }

    // MARK: Origins

    @Test("A foreign Origin is 403 in every era, before anything else", arguments: each.indices)
    func foreignOrigin(_ index: Int) throws {
        let host = try RunningHost.current
        for origin in [
            "https://evil.example", "null", "http://127.0.0.1.evil.example:\(host.port)", "http://localhost:1",
        ] {
            let answer = try host.post(Self.each[index].with { $0["Origin"] = origin })
            #expect(answer.status == 403, "\(origin) \(answer.http.text)")
            let anonymous = try host.post(
                Self.each[index].with {
                    $0["Origin"] = origin
                    $0.credential = ("X-Nothing", "here")
                })
            #expect(anonymous.status == 403, "\(origin) \(anonymous.http.text)")
        }
    }

    @Test("The host's own Origin and those of CORS_ALLOWED_ORIGINS are let in")
    func ownOrigin() throws {
        let host = try RunningHost.current
        for origin in ["https://chatgpt.com", "http://127.0.0.1:\(host.port)"] {
            #expect(try host.post(MCPPost.modern("tools/list").with { $0["Origin"] = origin }).status == 200)
        }
        #expect(try host.post(.modern("tools/list")).status == 200)
    }

    @Test("A foreign Host is refused, and one that the operator allows is not")
    func foreignHost() throws {
        let host = try RunningHost.current
        let foreign = MCPPost.modern("tools/list").with { $0["Host"] = "tools.internal" }
        #expect(try host.post(foreign).status == 421)
        let allowing = HostOptions(environment: ["MCP_ALLOWED_HOSTS": "tools.internal"])
        try RunningHost.with(allowing) { host throws in
            #expect(try host.post(foreign).status == 200)
            #expect(try host.post(foreign.with { $0["Host"] = "other.internal" }).status == 421)
        }
    }

    @Test("Without authentication Host and Origin are all there is")
    func withoutAuthentication() throws {
        try RunningHost.with(HostOptions(environment: ["MCP_AUTH_MODE": "none"])) { host throws in
            let list = MCPPost.modern("tools/list").with { $0.credential = ("X-Nothing", "here") }
            #expect(try host.post(list).status == 200)
            #expect(try host.post(list.with { $0["Host"] = "rebound.example" }).status == 421)
            #expect(try host.post(list.with { $0["Origin"] = "https://evil.example" }).status == 403)
        }
    }
}
