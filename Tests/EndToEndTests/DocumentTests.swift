// The documents that clients discover the server by, over HTTP: content, caching, methods, origins and errors.

import Foundation
import JSON
import Testing

@Suite("Documents", .host(PackSource.shop + ["good", "schema_references"]))
struct DocumentTests {
    static let documents = [
        "/health", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource", "/.well-known/openapi.json", "/openapi.json",
        "/.well-known/ai-plugin.json", "/ai-plugin.json",
    ]

    @Test("GET answers 200 with JSON", arguments: documents)
    func get(_ path: String) throws {
        let answer = try RunningHost.current.get(path)
        #expect(answer.status == 200)
        #expect(answer["Content-Type"]?.hasPrefix("application/json") == true)
        #expect(answer.json?.object != nil)
        #expect(answer["Date"] != nil)
    }

    @Test("HEAD answers like GET, without the body", arguments: documents)
    func head(_ path: String) throws {
        let host = try RunningHost.current
        let (full, head) = (try host.get(path), try host.request("HEAD", path))
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        for field in ["Content-Type", "ETag", "Cache-Control"] { #expect(head[field] == full[field]) }
        if path != "/health" { #expect(head["Content-Length"] == full["Content-Length"]) }
    }

    @Test("Another method is a 405 that names those allowed", arguments: documents, ["POST", "DELETE", "PUT"])
    func method(_ path: String, _ method: String) throws {
        let answer = try RunningHost.current.request(method, path, body: "{}")
        #expect(answer.status == 405)
        let allowed = try #require(answer["Allow"]).split(separator: ",").map { $0.trimming { $0 == " " } }
        #expect(allowed.contains("GET") && allowed.contains("HEAD"))
        #expect(answer.problem != nil)
    }

    @Test("Documents carry an ETag and answer 304 to it", arguments: documents.filter { $0 != "/health" })
    func caching(_ path: String) throws {
        let host = try RunningHost.current
        let answer = try host.get(path)
        let tag = try #require(answer["ETag"])
        #expect(answer["Cache-Control"] != nil)
        for value in [tag, "\"other\", \(tag)", "W/\(tag)", "*"] {
            let again = try host.get(path, ["If-None-Match": value])
            #expect(again.status == 304, "\(value)")
            #expect(again.body.isEmpty)
            #expect(again["ETag"] == tag)
        }
        #expect(try host.get(path, ["If-None-Match": "\"other\""]).status == 200)
    }

    @Test("The Host header is never reflected", arguments: documents)
    func hostHeader(_ path: String) throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        try connection.send(
            "GET \(path) HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"
                + "Connection: close\r\n\r\n")
        let answer = try connection.response()
        #expect(!answer.text.contains("evil.example"))
        #expect(!answer.fields.contains { $0.value.contains("evil.example") })
    }

    @Test("Browsers of allowed origins may ask and read, others learn nothing")
    func origins() throws {
        let host = try RunningHost.current
        let preflight = try host.request(
            "OPTIONS", "/tools/echo",
            [
                "Origin": "https://chatgpt.com", "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, content-type",
            ])
        #expect(preflight.status == 204 || preflight.status == 200)
        #expect(preflight["Access-Control-Allow-Origin"] == "https://chatgpt.com")
        #expect(preflight["Access-Control-Allow-Methods"]?.contains("POST") == true)
        let headers = preflight["Access-Control-Allow-Headers"]?.lowercased() ?? ""
        #expect(headers.contains("authorization") && headers.contains("content-type"))
        let read = try host.get("/openapi.json", ["Origin": "https://chatgpt.com"])
        #expect(read["Access-Control-Allow-Origin"] == "https://chatgpt.com")
        #expect(read.fields.contains { $0.name.lowercased() == "vary" && $0.value.lowercased() == "origin" })
        let foreign = try host.get("/openapi.json", ["Origin": "https://evil.example"])
        #expect(foreign["Access-Control-Allow-Origin"] == nil)
    }

    @Test("An unknown path is a problem document with the request id that the log carries")
    func unknownPath() throws {
        let host = try RunningHost.current
        let answer = try host.get("/nothing/here")
        #expect(answer.status == 404)
        let problem = try #require(answer.problem)
        let id = try #require(answer["X-Request-Id"])
        #expect(problem.description.contains(id))
        #expect(host.logSays(id))
    }

    @Test("The resource and every URL are the address the host listens on")
    func ownAddress() throws {
        let host = try RunningHost.current
        let resource = try #require(try host.get("/.well-known/oauth-protected-resource").json?["resource"]?.string)
        #expect(resource == "http://127.0.0.1:\(host.port)" || resource == "http://localhost:\(host.port)")
        #expect(try host.get("/openapi.json").json?["servers"]?[0]?["url"]?.string == resource)
        let manifest = try #require(try host.get("/.well-known/ai-plugin.json").json)
        #expect(manifest["api"]?["url"]?.string?.hasPrefix(resource) == true)
        let logo = try #require(manifest["logo_url"]?.string)
        #expect(logo.hasPrefix(resource))
        let image = try host.get(String(logo.dropFirst(resource.count)))
        #expect(image.status == 200)
        #expect(image["Content-Type"]?.hasPrefix("image/") == true)
    }

    @Test("OpenAPI: one operation a tool, faithful schemas, every reference resolves", arguments: ["", "?version=3.0"])
    func openAPI(_ query: String) throws {
        let document = try #require(try RunningHost.current.get("/.well-known/openapi.json" + query).json)
        #expect(document["openapi"]?.string == (query.isEmpty ? "3.1.0" : "3.0.3"))
        let paths = try #require(document["paths"]?.object)
        let tools = ["search_products", "add_to_cart", "view_cart", "checkout", "add_payment_method", "get_deals"]
        for tool in tools + ["echo", "schema_references"] {
            #expect(paths["/tools/\(tool)"]?["post"]?["operationId"]?.string == tool)
        }
        #expect(paths.allSatisfy { $0.key.hasPrefix("/tools/") })
        let text = document.description
        #expect(text.contains(#""enum":["small","large"]"#))
        #expect(text.contains(#""maxLength":20"#) && text.contains("^[A-Z]+$"))
        let search = paths["/tools/search_products"]?["post"]
        #expect(search?["x-openai-isConsequential"]?.bool == false)
        #expect(paths["/tools/checkout"]?["post"]?["x-openai-isConsequential"]?.bool == true)
        for reference in Self.references(document) {
            #expect(Self.resolve(reference, in: document) != nil, "\(reference) dangles")
        }
        #expect(Self.references(document).contains { $0.contains("schema_references") })
    }

    @Test("OpenAPI in parts: by pack, by tag")
    func parts() throws {
        let host = try RunningHost.current
        func tools(_ query: String) throws -> [String] {
            try (host.get("/.well-known/openapi.json" + query).json?["paths"]?.object?.keys).map(Array.init) ?? []
        }
        #expect(try tools("?pack=deals") == ["/tools/get_deals"])
        #expect(try tools("?tag=fixture") == ["/tools/echo"])
        #expect(try tools("") == tools(""))
    }

    @Test("OpenAPI passes openapi-spec-validator", arguments: ["", "?version=3.0"])
    func validated(_ query: String) throws {
        let host = try RunningHost.current
        let scratch = try Scratch()
        try scratch.write(host.get("/.well-known/openapi.json" + query).body, to: "openapi.json")
        let report = try run(Setup.python, ["-m", "openapi_spec_validator", scratch.path + "/openapi.json"])
        #expect(report.succeeded, "\(report.output) \(report.errors)")
    }

    private static func references(_ value: JSONValue) -> [String] {
        var found: [String] = []
        for (key, member) in value.object.map({ $0.map { ($0.key, $0.value) } }) ?? [] {
            if key == "$ref", let text = member.string { found.append(text) } else { found += references(member) }
        }
        for element in value.array ?? [] { found += references(element) }
        return found
    }

    /// A local reference as a JSON Pointer (RFC 6901).
    private static func resolve(_ reference: String, in document: JSONValue) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        var place: JSONValue? = document
        for part in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let text = part.removingPercentEncoding ?? String(part)
            let name = text.replacing("~1", with: "/").replacing("~0", with: "~")
            place = place?[name] ?? Int(name).flatMap { place?[$0] }
        }
        return place
    }
}

@Suite("Addresses in documents")
struct AdvertisedAddressTests {
    @Test("PUBLIC_URL is what documents say")
    func publicURL() throws {
        try RunningHost.with(
            HostOptions(environment: ["PUBLIC_URL": "https://mcp.example.com/shop", "MCP_AUTH_MODE": "none"])
        ) { host throws in
            let resource = try host.get("/.well-known/oauth-protected-resource").json?["resource"]?.string
            if let resource { #expect(resource == "https://mcp.example.com/shop") }
            let document = try #require(try host.get("/openapi.json").json)
            #expect(document["servers"]?[0]?["url"]?.string == "https://mcp.example.com/shop")
            #expect(!document.description.contains("127.0.0.1"))
        }
    }

    @Test("A wildcard bind advertises localhost, with a warning")
    func wildcard() throws {
        try RunningHost.with(
            HostOptions(
                environment: [
                    "MCP_SERVER_HOST": "0.0.0.0", "MCP_AUTH_MODE": "none", "MCP_ALLOW_UNAUTHENTICATED": "true",
                ])
        ) { host throws in
            let url = try host.get("/openapi.json").json?["servers"]?[0]?["url"]?.string
            #expect(url == "http://localhost:\(host.port)")
            #expect(host.logLine { $0["level"]?.string == "warning" && $0.description.contains("PUBLIC_URL") } != nil)
        }
    }

    @Test("The embedded authorization server and open access stay on loopback", arguments: ["embedded", "none"])
    func loopbackOnly(_ mode: String) throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        let options = HostOptions(environment: ["MCP_SERVER_HOST": "0.0.0.0", "MCP_AUTH_MODE": mode])
        let result = try run(
            Setup.executable, ["serve"], environment: options.environment(in: scratch), directory: scratch.path,
            within: .seconds(20))
        #expect(result.end != nil && !result.succeeded)
        #expect((result.output + result.errors).contains("loopback"))
    }
}
