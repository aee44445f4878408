// What heads say beside the target: whom they are for, what they expect, on whose behalf they come.

import JSON
import Testing

@Suite("Heads of requests", .host(environment: ["TRUSTED_PROXIES": "127.0.0.1"]))
struct RequestHeadTests {
    private func answer(_ lines: String..., body: String = "") throws -> HTTPResponse {
        let connection = try RunningHost.current.connect()
        try connection.send(lines.map { $0 + "\r\n" }.joined() + "\r\n" + body)
        return try connection.response()
    }

    @Test(
        "A Host that is no authority is refused on every route",
        arguments: ["/health", "/mcp", "/tools/echo", "/openapi.json", "/nothing"],
        [
            "[::1]evil", "[::1]:99999", "localhost:abc", "localhost:80:evil", "a b", "%6c", "u@localhost",
            "[fe80::1%25lo]",
        ])
    func badHost(path: String, host: String) throws {
        let answer = try answer("POST \(path) HTTP/1.1", "Host: \(host)", "Content-Length: 0")
        #expect(answer.status == 400 && answer.text.contains("Host"), "\(answer.text)")
        #expect(answer["Connection"] == "close")
    }

    @Test("A target with a byte beyond ASCII is told that it is the target")
    func wildTarget() throws {
        let connection = try RunningHost.current.connect()
        try connection.send(Array("GET /a".utf8) + [0xFF] + Array(" HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        let answer = try connection.response()
        #expect(answer.status == 400 && answer.text.contains("target"), "\(answer.text)")
        #expect(!answer.text.contains("its fields"), "\(answer.text)")
    }

    @Test("The MCP endpoint takes names of this host in every spelling, and an empty one is none of them")
    func hostsOfTheEndpoint() throws {
        for host in ["localhost", "LOCALHOST.:1", "[0:0::1]:80", "127.0.0.1:"] {
            let answer = try answer("POST /mcp HTTP/1.1", "Host: \(host)", "Content-Length: 0")
            #expect(answer.status == 401, "\(host): \(answer.text)")
        }
        for host in ["", "evil.example", "localhost.evil.example", "[::2]"] {
            let answer = try answer("POST /mcp HTTP/1.1", "Host: \(host)", "Content-Length: 0")
            #expect(answer.status == 421, "\(host): \(answer.text)")
        }
    }

    @Test("The authority of an absolute target counts, and not Host (RFC 9112 section 3.2.2)")
    func absoluteTarget() throws {
        func status(_ target: String, _ host: String) throws -> Int {
            try answer("POST \(target) HTTP/1.1", "Host: \(host)", "Content-Length: 0").status
        }
        #expect(try status("http://evil.example/mcp", "localhost") == 421)
        #expect(try status("http://localhost/mcp", "evil.example") == 401)
        #expect(try status("https://[::1]:1/mcp", "evil.example") == 401)
        #expect(try status("http://localhost@evil.example/mcp", "localhost") == 400)
    }

    @Test(
        "Every expectation is looked at",
        arguments: ["Expect: miracles", "Expect: 100-continue, miracles", "Expect: ,"])
    func expectations(line: String) throws {
        for lines in [[line], ["Expect: 100-continue", line], [line, "Expect: 100-continue"]] {
            let connection = try RunningHost.current.connect()
            let fields = (["Content-Length: 2"] + lines).map { $0 + "\r\n" }.joined()
            try connection.send(try RunningHost.current.callHead("echo") + fields + "\r\n")
            let status = try connection.response().status
            // An empty list beside the one that is understood says nothing.
            #expect(status == (line == "Expect: ," && lines.count > 1 ? 100 : 417), "\(lines)")
        }
    }

    @Test("The same expectation twice is one")
    func expectationTwice() throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        try connection.send(
            host.callHead("echo", "Content-Length: 2", "Expect: 100-continue", "Expect: 100-Continue ") + "\r\n")
        #expect(try connection.response().status == 100)
        try connection.send("{}")
        #expect(try connection.response().status == 200)
    }

    @Test("415 says what would do")
    func unsupported() throws {
        let host = try RunningHost.current
        let compressed = try host.call("echo", "{}", ["Content-Encoding": "gzip"])
        #expect(compressed.status == 415 && compressed["Accept-Encoding"] == "identity", "\(compressed.text)")
        #expect(compressed["Accept-Post"] == nil)
        let form = try host.call("echo", "a=b", ["Content-Type": "application/x-www-form-urlencoded"])
        #expect(form.status == 415 && form["Accept-Post"] == "application/json", "\(form.text)")
        #expect(form["Accept-Encoding"] == nil)
    }

    @Test("A client is told from another through a proxy that writes ports and brackets")
    func forwarded() throws {
        let host = try RunningHost.current
        for (field, value, address) in [
            ("X-Forwarded-For", "203.0.113.7:5678", "203.0.113.7"),
            ("X-Forwarded-For", "[2001:db8::7]:443", "2001:db8::7"),
            ("X-Real-IP", "203.0.113.8:1", "203.0.113.8"), ("X-Forwarded-For", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ] {
            let id = "of-\(address)"
            _ = try host.get("/health", [field: value, "X-Request-Id": id])
            let line = host.logLine { $0["request_id"]?.string == id }
            #expect(line?["address"]?.string == address, "\(value)")
        }
    }

    @Test("What a proxy says that cannot be read is told once, and its own address stands")
    func unreadable() throws {
        try RunningHost.with(HostOptions(environment: ["TRUSTED_PROXIES": "127.0.0.1"])) { host throws in
            for number in 0..<20 {
                _ = try host.get(
                    "/health", ["X-Forwarded-For": "6.6.6.6, _hidden\(number)", "X-Request-Id": "n\(number)"])
            }
            #expect(host.logLine { $0["request_id"]?.string == "n19" }?["address"]?.string == "127.0.0.1")
            let told = host.log.filter { $0["message"]?.string?.contains("for whom it calls") == true }
            #expect(told.count == 1)
            #expect(told.first?["value"]?.string?.contains("_hidden0") == true)
            #expect(told.first?["key"]?.string == "TRUSTED_PROXIES")
        }
    }

    @Test("Loopback is loopback in every spelling", arguments: ["LOCALHOST", "localhost.", "::ffff:127.0.0.1"])
    func loopback(host: String) throws {
        try RunningHost.with(HostOptions(environment: ["MCP_SERVER_HOST": host])) { running throws in
            let line = try #require(running.logLine { $0["message"]?.string == "listening" })
            #expect(["127.0.0.1", "::1"].contains(line["address"]?.string))
        }
    }

    @Test("A name that leads nowhere is told in words")
    func noSuchName() throws {
        let scratch = try Scratch()
        // No name has a part of 64 characters, so that nobody is asked for it.
        let name = String(repeating: "a", count: 64) + ".invalid"
        let options = HostOptions(
            environment: ["MCP_SERVER_HOST": name, "MCP_AUTH_MODE": "none", "MCP_ALLOW_UNAUTHENTICATED": "true"])
        try options.stage(in: scratch)
        let end = try run(
            Setup.executable, ["serve"], environment: options.environment(in: scratch), directory: scratch.path)
        #expect(end.errors.contains("the name has no address"), "\(end.errors)")
        #expect(!end.errors.contains("UnknownHost"), "\(end.errors)")
    }
}
