// One slash behind a path changes nothing but the name of the protected resource, which is the one that the client
// uses.

import JSON
import Testing

@Suite("Trailing slashes", .host(["good"]))
struct TrailingSlashTests {
    static let documents = [
        "/health", "/health/ready", "/health/live", "/openapi.json", "/.well-known/openapi.json", "/ai-plugin.json",
        "/.well-known/ai-plugin.json", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
        "/.well-known/jwks.json", "/logo.svg", "/legal",
    ]

    @Test("A document is the same, without a redirect", arguments: documents)
    func document(_ path: String) throws {
        let host = try RunningHost.current
        let (twin, answer) = (try host.get(path), try host.get(path + "/"))
        #expect(answer.status == 200)
        #expect(answer.body == twin.body && answer["ETag"] == twin["ETag"])
        #expect(answer["Content-Type"] == twin["Content-Type"])
        #expect(try host.request("HEAD", path + "/").status == 200)
        #expect(try host.get(path + "//").status == 404)
    }

    @Test("A query stays a query")
    func query() throws {
        let host = try RunningHost.current
        #expect(try host.get("/openapi.json/?version=3.0").body == host.get("/openapi.json?version=3.0").body)
    }

    @Test("A tool is called, and methods and preflights are those of its twin")
    func tool() throws {
        let host = try RunningHost.current
        #expect(try host.call("echo/", #"{"a":1}"#).text == #"{"a":1}"#)
        #expect(try host.call("echo//").status == 404)
        #expect(try host.get("/tools/echo/")["Allow"] == host.get("/tools/echo")["Allow"])
        let preflight = ["Origin": "https://chatgpt.com", "Access-Control-Request-Method": "POST"]
        #expect(try host.request("OPTIONS", "/tools/echo/", preflight)["Access-Control-Allow-Origin"] != nil)
        #expect(try host.call("").status == 404)
    }

    @Test("A token is given at the twin of the token endpoint")
    func token() throws {
        let host = try RunningHost.current
        let (id, secret) = try host.client()
        let answer = try host.request(
            "POST", "/oauth2/token/", ["Content-Type": "application/x-www-form-urlencoded"],
            body: "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)")
        #expect(answer.json?["access_token"]?.string != nil, "\(answer.text)")
    }

    private func mcp(_ host: RunningHost, _ path: String, _ fields: String) throws -> HTTPResponse {
        let body = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#
        let connection = try host.connect()
        try connection.send(
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(host.port)\r\nConnection: close\r\n\(fields)"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try connection.response()
    }

    @Test("/mcp/ is the MCP endpoint, with its guards")
    func endpoint() throws {
        let host = try RunningHost.current
        let bearer = try "Authorization: Bearer \(host.token())\r\n"
        #expect(try mcp(host, "/mcp/", bearer).status == 200)
        #expect(try mcp(host, "/mcp//", bearer).status == 404)
        #expect(try mcp(host, "/mcp/", bearer + "Origin: https://evil.example\r\n").status == 403)
        #expect(try host.get("/mcp/").status == 405)
    }

    @Test("Whoever is turned away at a path is told of the metadata of that very path, which names it")
    func metadata() throws {
        let host = try RunningHost.current
        let base = try #require(try host.get("/.well-known/oauth-protected-resource").json?["resource"]?.string)
        for path in ["/mcp", "/mcp/", "/tools/echo", "/tools/echo/"] {
            for credential in ["", "Authorization: Bearer a.b.c\r\n"] {
                let challenge = try #require(try mcp(host, path, credential)["WWW-Authenticate"])
                let place = "/.well-known/oauth-protected-resource" + path
                #expect(challenge.contains("resource_metadata=\"\(base + place)\""), "\(challenge)")
                #expect(try host.get(place).json?["resource"]?.string == base + path)
            }
        }
        #expect(try host.get("/.well-known/oauth-protected-resource/").json?["resource"]?.string == base + "/")
        for path in ["//", "/mcp//", "/tools/nobody/", "/tools/", "/health/"] {
            #expect(try host.get("/.well-known/oauth-protected-resource" + path).status == 404, "\(path)")
        }
    }

    @Test("A scope that is missing at /mcp/ is told with the metadata of /mcp/")
    func scope() throws {
        let options = HostOptions(policies: ["good": "tools: {echo: {scopes: [one]}, echo_worker: {scopes: [two]}}"])
        try RunningHost.with(options) { host throws in
            let token = try host.newToken(scope: "one")
            let call = MCPPost.call("echo_worker").with { $0.credential = ("Authorization", "Bearer " + token) }
            let bytes = String(decoding: try host.bytes(call, closing: true), as: UTF8.self)
            for path in ["/mcp", "/mcp/"] {
                let connection = try host.connect()
                try connection.send(bytes.replacing("POST /mcp ", with: "POST \(path) "))
                let answer = try connection.response()
                #expect(answer.status == 403)
                let challenge = answer["WWW-Authenticate"] ?? ""
                #expect(challenge.contains("/oauth-protected-resource\(path)\""), "\(challenge)")
            }
        }
    }

    @Test("The embedded server gives tokens for either name, which are good for both")
    func embeddedAudience() throws {
        let host = try RunningHost.current
        let (id, secret) = try host.client()
        for resource in ["http://127.0.0.1:\(host.port)/mcp", "http://127.0.0.1:\(host.port)/mcp/"] {
            let answer = try host.request(
                "POST", "/oauth2/token", ["Content-Type": "application/x-www-form-urlencoded"],
                body: "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)&resource=\(resource)")
            let token = try #require(answer.json?["access_token"]?.string, "\(answer.text)")
            for path in ["/mcp", "/mcp/"] {
                #expect(try mcp(host, path, "Authorization: Bearer \(token)\r\n").status == 200)
            }
        }
    }

    @Test("A provider's token for either name is good, where one of them is OAUTH2_AUDIENCE; others are not")
    func audience() throws {
        let provider = try FixtureProvider()
        for configured in ["https://tools.example/mcp", "https://tools.example/mcp/"] {
            let environment = provider.environment([
                "OAUTH2_AUDIENCE": "\(configured),https://other.example/api", "PUBLIC_URL": "https://tools.example",
                "MCP_ALLOWED_HOSTS": "127.0.0.1",
            ])
            try RunningHost.with(HostOptions(environment: environment)) { host throws in
                #expect(host.hasKeys())
                func status(_ audience: String, _ path: String) throws -> Int {
                    let token = try provider.token(["aud": .string(audience)])
                    return try mcp(host, path, "Authorization: Bearer \(token)\r\n").status
                }
                for audience in ["https://tools.example/mcp", "https://tools.example/mcp/"] {
                    for path in ["/mcp", "/mcp/"] {
                        #expect(try status(audience, path) == 200, "\(audience) at \(path), \(configured)")
                    }
                }
                for audience in [
                    "https://tools.example/mcp//", "https://tools.example/", "https://other.example/api/",
                    "https://tools.example/mc", "https://TOOLS.example/mcp",
                ] {
                    #expect(try status(audience, "/mcp/") == 401, "\(audience)")
                }
                #expect(try status("https://other.example/api", "/mcp") == 200)
            }
        }
    }
}
