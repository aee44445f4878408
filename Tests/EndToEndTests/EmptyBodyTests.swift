// Calls of clients that have nothing to send, and send nothing: no body, no type, no length.

import JSON
import Testing

@Suite(
    "Empty bodies",
    .host(
        PackSource.shop + ["good", "schema_references"],
        policies: ["schema_references": "tools: {schema_references: {scopes: []}}"]))
struct EmptyBodyTests {
    /// The head of a call without a type, and what follows it.
    private func raw(_ tool: String, _ rest: String, _ host: RunningHost) throws -> HTTPResponse {
        let connection = try host.connect()
        try connection.send(
            "POST /tools/\(tool) HTTP/1.1\r\nHost: 127.0.0.1:\(host.port)\r\nConnection: close\r\n"
                + "Authorization: Bearer \(host.token())\r\n" + rest)
        let answer = try connection.response()
        return answer.status == 100 ? try connection.response() : answer
    }

    private static let json = "Content-Type: application/json\r\n"
    /// Every way to send nothing.
    static let nothing = [
        "\r\n", json + "\r\n", "Content-Length: 0\r\n\r\n", json + "Content-Length: 0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", json + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n",
        "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        json + "Content-Length: 4\r\n\r\n \r\n\t", json + "Transfer-Encoding: chunked\r\n\r\n1\r\n \r\n0\r\n\r\n",
        json + "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n", json + "Content-Length: 4\r\n\r\nnull",
    ]

    @Test("No body is {} to a tool that needs no arguments", arguments: nothing.indices)
    func empty(_ index: Int) throws {
        let host = try RunningHost.current
        for tool in ["echo", "echo_worker"] {
            let answer = try raw(tool, Self.nothing[index], host)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.text == "{}")
        }
    }

    @Test("No body for a tool that needs arguments is a 422 that names them", arguments: nothing.indices)
    func missing(_ index: Int) throws {
        let host = try RunningHost.current
        let answer = try raw("schema_references", Self.nothing[index], host)
        #expect(answer.status == 422, "\(answer.text)")
        #expect(answer.problem?["detail"]?.string?.contains("\"parcel\" is missing") == true, "\(answer.text)")
    }

    @Test(
        "A body of another type is a 415 all the same",
        arguments: [
            "Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n \r\n0\r\n\r\n",
        ])
    func otherTypes(_ rest: String) throws {
        let answer = try raw("echo", rest, RunningHost.current)
        #expect(answer.status == 415)
        #expect(answer.problem?["detail"]?.string?.contains("application/json") == true)
    }

    @Test("A connection goes on behind a call without a body")
    func keepAlive() throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        let head = try "POST /tools/echo HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(host.token())\r\n"
        try connection.send(
            head + "\r\n" + head + "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}")
        #expect(try connection.response().text == "{}")
        #expect(try connection.response().text == #"{"a":1}"#)
    }

    @Test("A web page of another origin cannot call without a preflight either")
    func foreignPages() throws {
        try RunningHost.with(HostOptions(environment: ["MCP_AUTH_MODE": "none"])) { host throws in
            #expect(try host.request("POST", "/tools/echo").text == "{}")
            for fields in [["Origin": "https://evil.example"], ["Origin": "null"], ["Host": "rebound.example"]] {
                let connection = try host.connect()
                let host = fields["Host"] == nil ? "Host: 127.0.0.1:\(host.port)\r\n" : ""
                let head = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
                try connection.send("POST /tools/echo HTTP/1.1\r\n\(host)\(head)Content-Length: 0\r\n\r\n")
                #expect([403, 421].contains(try connection.response().status), "\(fields)")
            }
        }
    }

    @Test("OpenAPI says for which tools the body may be left out", arguments: ["", "?version=3.0"])
    func openAPI(_ query: String) throws {
        let paths = try RunningHost.current.get("/openapi.json" + query).json?["paths"]
        func isRequired(_ tool: String) -> JSONValue? { paths?["/tools/\(tool)"]?["post"]?["requestBody"]?["required"] }
        for tool in ["echo", "view_cart", "get_deals"] { #expect(isRequired(tool) == false, "\(tool)") }
        for tool in ["schema_references", "search_products", "checkout"] {
            #expect(isRequired(tool) == true, "\(tool)")
        }
    }

    @Test("Over MCP no arguments, and null, are {} in every revision", arguments: [MCPName.modern] + MCPName.legacy)
    func overMCP(_ version: String) throws {
        let host = try RunningHost.current
        for none: JSONValue? in [nil, .null] {
            let post = MCPPost.call("echo", version: version).with {
                $0.message.set(["params", "arguments"], to: none)
            }
            #expect(try host.post(post).result?["structuredContent"] == [:])
            let needed = MCPPost.call("schema_references", version: version).with {
                $0.message.set(["params", "arguments"], to: none)
            }
            #expect(try host.post(needed).text?.contains("\"parcel\" is missing") == true)
        }
    }
}
