// In which form a document goes out, which part of it, and what every one of them tells of the deployment.

import Foundation
import JSON
import Testing

@Suite("Forms of documents", .host(PackSource.shop + ["good"]))
struct DocumentFormTests {
    @Test(
        "Documents are compressed for those who ask, and only then",
        arguments: DocumentTests.documents.filter { $0 != "/health" })
    func compressed(_ path: String) throws {
        let host = try RunningHost.current
        func vary(_ answer: HTTPResponse) -> [String] {
            answer.fields.filter { $0.name.lowercased() == "vary" }.map(\.value)
        }
        let plain = try host.get(path)
        guard vary(plain).contains("Accept-Encoding") else {
            // Made for one request, and too short to gain by it.
            #expect(path == "/.well-known/oauth-protected-resource")
            return
        }
        #expect(plain["Content-Encoding"] == nil)
        let gzip = ["Accept-Encoding": "gzip, deflate, br"]
        let answer = try host.get(path, gzip)
        #expect(answer["Content-Encoding"] == "gzip" && vary(answer) == vary(plain))
        #expect(answer.body.count < plain.body.count)
        let scratch = try Scratch()
        try scratch.write(answer.body, to: "document.gz")
        let unpacked = try run("/bin/gzip", ["-dc", scratch.path + "/document.gz"])
        #expect(unpacked.output == plain.text)
        let (tag, plainTag) = (try #require(answer["ETag"]), try #require(plain["ETag"]))
        #expect(tag != plainTag)
        for (known, fields) in [(tag, gzip), (plainTag, gzip), (tag, [:]), (plainTag, [:])] {
            let again = try host.get(path, fields.merging(["If-None-Match": known]) { $1 })
            #expect(again.status == 304 && again["ETag"] == known && vary(again) == vary(plain))
        }
        let head = try host.request("HEAD", path, gzip)
        #expect(head["Content-Length"] == "\(answer.body.count)" && head["Content-Encoding"] == "gzip")
        #expect(head["ETag"] == tag && head.body.isEmpty)
        for field in ["gzip;q=0", "identity, gzip;q=0.1", "br"] {
            #expect(try host.get(path, ["Accept-Encoding": field])["Content-Encoding"] == nil, "\(field)")
        }
        let neither = try host.get(path, ["Accept-Encoding": "*;q=0"])
        #expect(neither.status == 406 && neither.problem != nil)
    }

    @Test("A query that is not understood is told, with what was meant")
    func queries() throws {
        let host = try RunningHost.current
        for path in ["/openapi.json", "/.well-known/openapi.json"] {
            let answer = try host.get(path + "?pakc=cart")
            #expect(answer.status == 400)
            #expect(answer.problem?["detail"]?.string?.contains("Did you mean pack?") == true)
            #expect(
                try host.get(path + "?pack=crat").problem?["detail"]?.string?.contains("Did you mean cart?") == true)
            #expect(try host.get(path + "?pack=cart&_=1").status == 200)
        }
        #expect(try host.get("/ai-plugin.json?pack=cart").status == 400)
        #expect(try host.get("/health?verbose").status == 200)
    }

    @Test("Every document states the version of the tools")
    func version() throws {
        let host = try RunningHost.current
        let version = try #require(try host.get("/openapi.json").json?["info"]?["version"]?.string)
        #expect(version.wholeMatch(of: /[0-9.]+\+[0-9a-f]{8}/) != nil)
        #expect(try host.get("/openapi.json?version=3.0").json?["info"]?["version"]?.string == version)
        #expect(try host.get("/openapi.json?pack=cart").json?["info"]?["version"]?.string != version)
        let list = try host.post(MCPPost.modern("tools/list"))
        #expect(list.result?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["version"]?.string == version)
    }
}

@Suite("The way in")
struct WayInTests {
    private func expectWayIn(_ host: RunningHost, _ words: String, not others: [String]) throws {
        let call = try host.request("POST", "/tools/echo", ["Content-Type": "application/json"], body: "{}")
        let mcp = try host.request("POST", "/mcp", ["Content-Type": "application/json"], body: "{}")
        let texts = [
            call.problem?["detail"]?.string, mcp.problem?["detail"]?.string,
            try host.get("/").json?["authentication"]?.string,
            try host.get("/openapi.json").json?["components"]?["responses"]?["Problem401"]?["description"]?.string,
        ]
        for text in texts {
            #expect(text?.contains(words) == true, "\(text ?? "")")
            for other in others { #expect(text?.contains(other) == false, "\(text ?? "")") }
        }
        #expect(call.status == 401 && mcp.status == 401)
    }

    @Test("With API keys every text asks for a key")
    func keys() throws {
        let key = "key-0123456789abcdef"
        try RunningHost.with(HostOptions(environment: ["MCP_AUTH_MODE": "api-key", "MCP_API_KEY": key])) {
            host throws in
            try expectWayIn(host, "X-MCP-API-Key", not: ["Bearer", "token"])
            let auth = try host.get("/ai-plugin.json").json?["auth"]
            #expect(auth?["custom_auth_header"] == "X-MCP-API-Key")
            let fields = ["Content-Type": "application/json", try #require(auth?["custom_auth_header"]?.string): key]
            #expect(try host.request("POST", "/tools/echo", fields, body: "{}").status == 200)
        }
    }

    @Test("With the embedded authorization server every text asks for a token")
    func tokens() throws {
        try RunningHost.with { host throws in
            try expectWayIn(host, "Authorization: Bearer", not: ["X-MCP-API-Key"])
            let call = try host.request("POST", "/tools/echo", ["Content-Type": "application/json"], body: "{}")
            #expect(call.problem?["detail"]?.string?.contains(":\(host.port)/oauth2/token") == true)
        }
    }

    @Test("Where everybody is let in, that is said")
    func open() throws {
        try RunningHost.with(HostOptions(environment: ["MCP_AUTH_MODE": "none"])) { host throws in
            #expect(try host.get("/").json?["authentication"] == "No credentials are needed.")
            #expect(try host.get("/openapi.json").json?["components"]?["responses"]?["Problem401"] == nil)
            #expect(try host.get("/ai-plugin.json").json?["auth"] == ["type": "none"])
        }
    }
}
