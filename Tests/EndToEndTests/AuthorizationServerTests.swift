// The embedded authorization server on the wire: what it publishes, whom it gives tokens, and which tokens count.

import Foundation
import JSON
import Testing

@Suite("Embedded authorization server", .host())
struct AuthorizationServerTests {
    private func ask(_ fields: [String: String], _ form: String, type: String? = nil) throws -> HTTPResponse {
        var all = fields
        all["Content-Type"] = type ?? "application/x-www-form-urlencoded"
        return try RunningHost.current.request("POST", "/oauth2/token", all, body: form)
    }

    @Test("Both metadata documents name this host and what it can do")
    func metadata() throws {
        let host = try RunningHost.current
        let issuer = try #require(try host.get("/.well-known/oauth-protected-resource").json?["resource"]?.string)
        for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
            let document = try #require(try host.get(path).json)
            #expect(document["issuer"]?.string == issuer)
            #expect(document["token_endpoint"]?.string == issuer + "/oauth2/token")
            #expect(document["grant_types_supported"]?.array?.contains("client_credentials") == true)
            // Not required of a server without users, but clients in wide use read no metadata without it.
            let login = try #require(document["authorization_endpoint"]?.string)
            let refusal = try host.get(String(login.dropFirst(issuer.count)) + "?response_type=code&client_id=a")
            #expect(refusal.status == 400 && refusal.problem?["code"] == "unsupported_response_type")
            #expect(refusal["Location"] == nil)
            let methods = document["token_endpoint_auth_methods_supported"]?.array ?? []
            #expect(methods.contains("client_secret_basic") && methods.contains("client_secret_post"))
            let keys = try #require(document["jwks_uri"]?.string)
            let set = try #require(try host.get(String(keys.dropFirst(issuer.count))).json?["keys"]?.array)
            #expect(set.allSatisfy { $0["kty"]?.string == "RSA" && $0["d"] == nil && $0["kid"]?.string != nil })
        }
    }

    @Test("A token for form and for Basic, not to be stored, of one hour, that calls")
    func tokens() throws {
        let host = try RunningHost.current
        let (id, secret) = try host.client()
        let basic = Data("\(id):\(secret)".utf8).base64EncodedString()
        let answers = [
            try ask([:], "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)"),
            try ask(["Authorization": "Basic \(basic)"], "grant_type=client_credentials"),
        ]
        for answer in answers {
            #expect(answer.status == 200)
            #expect(answer["Cache-Control"]?.contains("no-store") == true)
            #expect(answer.json?["token_type"]?.string?.lowercased() == "bearer")
            #expect(answer.json?["expires_in"]?.int64 == 3600)
            let token = try #require(answer.json?["access_token"]?.string)
            #expect(try host.call("echo", "{}", ["Authorization": "Bearer \(token)"]).status == 200)
            // The scheme's name is case-insensitive (RFC 9110 section 11.1).
            #expect(try host.call("echo", "{}", ["Authorization": "bearer \(token)"]).status == 200)
        }
    }

    @Test(
        "Whoever is not the client gets no token, and an OAuth error",
        arguments: [
            ("grant_type=client_credentials&client_id=ID&client_secret=wrong", 401, "invalid_client"),
            ("grant_type=client_credentials&client_id=nobody&client_secret=SECRET", 401, "invalid_client"),
            ("grant_type=client_credentials", 401, "invalid_client"),
            ("grant_type=password&client_id=ID&client_secret=SECRET", 400, "unsupported_grant_type"),
            ("client_id=ID&client_secret=SECRET", 400, "invalid_request"),
            ("grant_type=client_credentials&client_id=ID&client_secret=SECRET&scope=none", 400, "invalid_scope"),
            ("grant_type=client_credentials&grant_type=x&client_id=ID&client_secret=SECRET", 400, "invalid_request"),
        ])
    func refusals(_ form: String, _ status: Int, _ error: String) throws {
        let (id, secret) = try RunningHost.current.client()
        let answer = try ask([:], form.replacing("ID", with: id).replacing("SECRET", with: secret))
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.json?["error"]?.string == error, "\(answer.text)")
        #expect(answer.json?["access_token"] == nil)
        #expect(!answer.text.contains(secret))
    }

    @Test("GET of the token endpoint is a 405, JSON is refused")
    func wrongRequests() throws {
        let host = try RunningHost.current
        let get = try host.get("/oauth2/token?grant_type=client_credentials")
        #expect(get.status == 405)
        #expect(get["Allow"]?.contains("POST") == true)
        let json = try ask([:], #"{"grant_type":"client_credentials"}"#, type: "application/json")
        #expect((400..<500).contains(json.status))
    }

    @Test("Tokens that were tampered with, or made by another host, are refused")
    func foreignTokens() throws {
        let host = try RunningHost.current
        let token = try host.token()
        let parts = token.split(separator: ".").map(String.init)
        let unsigned = Data(#"{"alg":"none"}"#.utf8).base64EncodedString().replacing("=", with: "")
        var candidates = [
            "\(parts[0]).\(parts[1]).", "\(unsigned).\(parts[1]).", "\(parts[0]).\(parts[1]).\(parts[2])A",
            "\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))", token + "=",
        ]
        candidates.append(try RunningHost.with { other in try other.token() })
        for candidate in candidates {
            let answer = try host.call("echo", "{}", ["Authorization": "Bearer \(candidate)"])
            #expect(answer.status == 401, "\(answer.status) for \(candidate.prefix(40))")
            #expect(answer["WWW-Authenticate"]?.contains("invalid_token") == true)
        }
    }

    @Test("A token in the query does not count, and two Authorization fields are a 400")
    func otherPlaces() throws {
        let host = try RunningHost.current
        let token = try host.token()
        let query = try host.request(
            "POST", "/tools/echo?access_token=\(token)", ["Content-Type": "application/json"], body: "{}")
        #expect(query.status == 401)
        let connection = try host.connect()
        try connection.send(host.callHead("echo", "Authorization: Bearer \(token)", "Content-Length: 2") + "\r\n{}")
        #expect(try connection.response().status == 400)
    }

    @Test("Only allowed clients may call, and every call needs the required scopes")
    func restrictions() throws {
        let environment = ["ALLOWED_MCP_CLIENTS": "somebody-else"]
        try RunningHost.with(HostOptions(environment: environment)) { host throws in
            #expect(try host.call("echo").status == 403)
        }
        try RunningHost.with(HostOptions(environment: ["REQUIRED_MCP_SCOPES": "mcp:execute"])) { host throws in
            #expect(try host.call("echo").status == 200)
            #expect(try host.get("/openapi.json").text.contains("mcp:execute"))
        }
    }

    @Test("A request id is believed from a trusted proxy and from nobody else")
    func requestIDs() throws {
        let host = try RunningHost.current
        #expect(try host.get("/health", ["X-Request-Id": "from-outside-1"])["X-Request-Id"] != "from-outside-1")
        try RunningHost.with(HostOptions(environment: ["TRUSTED_PROXIES": "127.0.0.0/8"])) { host throws in
            let answer = try host.get("/nothing", ["X-Request-Id": "from-proxy-1", "X-Forwarded-For": "203.0.113.7"])
            #expect(answer["X-Request-Id"] == "from-proxy-1")
            #expect(answer.problem?["request_id"]?.string == "from-proxy-1")
            #expect(host.logSays("from-proxy-1", "203.0.113.7"))
        }
    }
}
