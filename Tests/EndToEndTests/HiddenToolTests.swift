// DISCOVERY_AUTH: without a credential no answer tells whether a tool of some name exists.

import JSON
import Testing

@Suite("Hidden tools")
struct HiddenToolTests {
    /// As long as `echo`, and as nobody's tool.
    private static let (real, invented) = ("echo", "ohce")
    private static let policies = ["good": "tools: {echo: {scopes: [orders:write]}, echo_worker: {scopes: [special]}}"]

    /// What an answer says, but for what differs from request to request, and for the name that was asked for.
    private static func shape(_ answer: HTTPResponse, _ name: String) -> String {
        let fields = answer.fields.filter { !["date", "x-request-id", "etag"].contains($0.name.lowercased()) }
            .map { "\($0.name): \($0.value)" }
        var text = answer.text
        if let id = answer["X-Request-Id"] { text = text.replacing(id, with: "ID") }
        return ([String(answer.status)] + fields + [text]).joined(separator: "\n").replacing(name, with: "NAME")
    }

    /// Requests that nobody has to be known for.
    private static let requests: [(method: String, path: String, fields: [String: String], body: String?)] = {
        var all: [(method: String, path: String, fields: [String: String], body: String?)] = []
        for path in [
            "/tools/NAME", "/tools/NAME/", "/.well-known/oauth-protected-resource/tools/NAME",
            "/.well-known/oauth-protected-resource/tools/NAME/", "/openapi.json?tag=NAME", "/openapi.json?pack=NAME",
        ] {
            for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
                all.append((method, path, [:], method == "POST" ? "{}" : nil))
            }
            all.append(
                ("OPTIONS", path, ["Origin": "https://chatgpt.com", "Access-Control-Request-Method": "POST"], nil))
        }
        for credential in ["Bearer", "Bearer a.b.c", "Bearer x y", "Token x", "abc"] {
            all.append(("POST", "/tools/NAME", ["Authorization": credential], "{}"))
        }
        for fields in [
            ["Content-Type": "text/plain"], ["Content-Type": "application/json"], ["Content-Encoding": "gzip"],
            ["Idempotency-Key": "a\"b"], ["Expect": "100-continue"], ["Origin": "https://evil.example"],
            ["X-User-Token": "Bearer a.b.c"], ["X-MCP-API-Key": "x"],
        ] {
            all.append(("POST", "/tools/NAME", fields, "{}"))
        }
        return all
    }()

    private func compare(_ host: RunningHost) throws {
        for (method, path, fields, body) in Self.requests {
            func ask(_ name: String) throws -> String {
                Self.shape(try host.request(method, path.replacing("NAME", with: name), fields, body: body), name)
            }
            #expect(try ask(Self.real) == ask(Self.invented), "\(method) \(path) \(fields)")
        }
        let real = MCPPost.call(Self.real).with { $0.credential = ("X-Nothing", "here") }
        let other = MCPPost.call(Self.invented).with { $0.credential = ("X-Nothing", "here") }
        #expect(
            try Self.shape(host.post(real).http, Self.real) == Self.shape(host.post(other).http, Self.invented))
    }

    @Test(
        "A real name and an invented one get the same answers, whatever is asked", arguments: ["embedded", "api-key"])
    func sameAnswers(_ mode: String) throws {
        var environment = ["DISCOVERY_AUTH": "true", "MCP_AUTH_MODE": mode]
        if mode == "api-key" { environment["MCP_API_KEY"] = "0123456789abcdef0123456789abcdef" }
        try RunningHost.with(HostOptions(policies: Self.policies, environment: environment)) { host throws in
            try compare(host)
        }
    }

    @Test("Metadata names the path that was asked for, if a tool might have it, and every scope there is")
    func metadata() throws {
        let options = HostOptions(policies: Self.policies, environment: ["DISCOVERY_AUTH": "true"])
        try RunningHost.with(options) { host throws in
            let base = "http://127.0.0.1:\(host.port)"
            for name in [Self.real, Self.invented] {
                let path = "/.well-known/oauth-protected-resource/tools/\(name)"
                #expect(try host.get(path).json?["resource"]?.string == base + "/tools/\(name)")
                let refused = try host.request("POST", "/tools/\(name)", body: "{}")
                #expect(refused.status == 401)
                let challenge = refused["WWW-Authenticate"] ?? ""
                #expect(challenge.contains("resource_metadata=\"\(base + path)\""), "\(challenge)")
                #expect(challenge.contains("orders:write") && challenge.contains("special"), "\(challenge)")
            }
            for name in ["a-b", "a.b", "a%20b", "a/b", String(repeating: "a", count: 65)] {
                #expect(try host.get("/.well-known/oauth-protected-resource/tools/\(name)").status == 404, "\(name)")
                let challenge = try host.request("POST", "/tools/\(name)", body: "{}")["WWW-Authenticate"] ?? ""
                #expect(challenge.hasSuffix("/.well-known/oauth-protected-resource\""), "\(challenge)")
            }
        }
    }

    @Test("Whoever is known learns of the tools that they may call, and of no others")
    func suggestions() throws {
        let options = HostOptions(
            packs: ["good", "jobs"],
            policies: Self.policies.merging([
                "jobs": "tools: {job_run: {scopes: [jobs]}, "
                    + "job_report: {scopes: [jobs]}, job_step: {scopes: [jobs]}, job_finish: {scopes: [jobs]}}"
            ]) { $1 },
            environment: ["DISCOVERY_AUTH": "true"])
        try RunningHost.with(options) { host throws in
            let token = try host.newToken(scope: "special")
            let fields = ["Authorization": "Bearer " + token, "Content-Type": "application/json"]
            func detail(_ name: String) throws -> String {
                let answer = try host.request("POST", "/tools/\(name)", fields, body: "{}")
                #expect(answer.status == 404)
                return answer.problem?["detail"]?.string ?? ""
            }
            #expect(try detail("echo_worke").contains("Did you mean echo_worker?"))
            #expect(try !detail("ech_").contains("Did you mean"))
            let post = MCPPost.call("Shop__ECHO").with { $0.credential = ("Authorization", "Bearer " + token) }
            #expect(try host.post(post).response?["error"]?["message"]?.string?.contains("Did you mean") == false)
            let packs = try host.get("/openapi.json?pack=nobody", fields)
            #expect(packs.problem?["detail"]?.string?.contains("jobs") == false, "\(packs.text)")
            #expect(packs.problem?["detail"]?.string?.contains("good") == true, "\(packs.text)")
        }
    }

    @Test("Without DISCOVERY_AUTH a challenge names what the very tool needs")
    func openDiscovery() throws {
        try RunningHost.with(HostOptions(policies: Self.policies)) { host throws in
            let real = try host.request("POST", "/tools/echo", body: "{}")["WWW-Authenticate"] ?? ""
            #expect(real.contains("scope=\"orders:write\"") && real.contains("/tools/echo\""), "\(real)")
            #expect(try host.get("/.well-known/oauth-protected-resource/tools/ohce").status == 404)
        }
    }
}
