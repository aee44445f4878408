// What is no JSON-RPC, or no POST of JSON: each gets the right code, and nobody else's connection suffers.

import JSON
import Testing

@Suite("MCP malformed", .host(["good", "jobs"], environment: ["HTTP_MAX_BODY_BYTES": "100000"]))
struct MCPMalformedTests {
    /// One well-formed request of each era.
    private static func base(_ version: String) -> MCPPost {
        version == MCPName.modern ? .modern("tools/list") : .legacy("tools/list", version: version)
    }
    private static let versions = [MCPName.modern, "2025-11-25", "2025-03-26"]

    private static func each(_ demand: String, _ codes: [Int], _ change: (inout MCPPost) -> Void) -> [MCPRow] {
        versions.map { MCPRow("\($0): \(demand)", base($0).with(change), 400, codes: codes) }
    }

    private static func raw(_ demand: String, _ bytes: [UInt8], _ codes: Int...) -> [MCPRow] {
        each(demand, codes) { $0.raw = bytes }
    }

    private static func text(_ demand: String, _ text: String, _ codes: Int...) -> [MCPRow] {
        each(demand, codes) { $0.raw = Array(text.utf8) }
    }

    private static func message(_ demand: String, _ path: [String], _ value: JSONValue?, _ codes: Int...) -> [MCPRow] {
        each(demand, codes) { $0.message.set(path, to: value) }
    }

    /// JSON-RPC 2.0 section 5.1: -32700 is about JSON.
    static let syntaxRows: [MCPRow] = [
        text("nothing", "", -32700),
        text("half of it", #"{"jsonrpc":"2.0","id":1"#, -32700),
        text("not JSON", "tools/list", -32700),
        text("a comma too many", #"{"jsonrpc":"2.0","id":1,"method":"ping",}"#, -32700),
        text("something behind it", #"{"jsonrpc":"2.0","id":1,"method":"ping"}{}"#, -32700),
        text("single quotes", "{'jsonrpc':'2.0'}", -32700),
        text("a number that is none", #"{"jsonrpc":"2.0","id":NaN,"method":"ping"}"#, -32700),
        text("a member twice", #"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, -32700, -32600),
        text("a lone surrogate", #"{"jsonrpc":"2.0","id":"\ud800","method":"ping"}"#, -32700),
        raw(
            "bytes that are not UTF-8", Array(#"{"jsonrpc":"2.0","id":""#.utf8) + [0xFF, 0xC0] + Array(#""}"#.utf8),
            -32700),
        text("too deep", String(repeating: "[", count: 5000), -32700, -32600),
        text(
            "too deep, but closed",
            #"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"# + String(repeating: "[", count: 200)
                + String(repeating: "]", count: 200) + "}}", -32700, -32600),
    ].flatMap { $0 }

    @Test("JSON that is none", arguments: syntaxRows)
    func syntax(_ row: MCPRow) throws { try row.check(.current) }

    /// JSON-RPC 2.0 section 4, and what the protocol narrows: ids are strings or whole numbers, params are objects.
    static let shapeRows: [MCPRow] =
        [
            text("a number", "7", -32600), text("a string", #""tools/list""#, -32600), text("null", "null", -32600),
            text("an empty object", "{}", -32600),
            message("no jsonrpc", ["jsonrpc"], nil, -32600),
            message("another jsonrpc", ["jsonrpc"], "1.0", -32600),
            message("jsonrpc as a number", ["jsonrpc"], 2.0, -32600),
            message("no method", ["method"], nil, -32600),
            message("method as a number", ["method"], 7, -32600),
            message("method null", ["method"], .null, -32600),
            message("id null", ["id"], .null, -32600),
            message("id true", ["id"], true, -32600),
            message("id with a fraction", ["id"], 1.5, -32600),
            message("id as an object", ["id"], [:], -32600),
            message("id as an array", ["id"], [1], -32600),
            message("params as an array", ["params"], [1], -32600, -32602),
            message("params as a string", ["params"], "all", -32600, -32602),
        ].flatMap { $0 }
        + [
            MCPRow(
                "2026-07-28: clients send no responses",
                base(MCPName.modern).with { $0.message = ["jsonrpc": "2.0", "id": 1, "result": [:]] }, 400, -32600),
            MCPRow(
                "2026-07-28: nor errors",
                base(MCPName.modern).with {
                    $0.message = ["jsonrpc": "2.0", "id": 1, "error": ["code": 1, "message": "no"]]
                }, 400, -32600),
            MCPRow(
                "2026-07-28: a notification whose method is none",
                base(MCPName.modern).with { $0.message = ["jsonrpc": "2.0", "method": 7] }, 400, -32600),
        ]

    @Test("Messages that are none", arguments: shapeRows)
    func shape(_ row: MCPRow) throws { try row.check(.current) }

    /// The HTTP around the message.
    static let httpRows: [MCPRow] = [MCPName.modern, "2025-11-25"].flatMap { version in
        let post = base(version)
        let both = "application/json, text/event-stream"
        func accepting(_ accept: String?) -> MCPPost { post.with { $0["Accept"] = accept } }
        return ["GET", "DELETE", "PUT", "PATCH", "HEAD"].map { method in
            MCPRow("\(version): \(method) is 405 with Allow", post.with { $0.method = method }, 405) {
                $0.http["Allow"]?.contains("POST") == true && $0.http["Allow"]?.contains(method) == false
            }
        } + [
            MCPRow("\(version): Accept with both types", accepting(both)),
            MCPRow(
                "\(version): Accept in any order, case and with parameters",
                accepting("Text/Event-Stream;q=0.5,APPLICATION/JSON; charset=utf-8")),
            MCPRow("\(version): Accept */*", accepting("*/*")),
            MCPRow("\(version): Accept application/*, text/*", accepting("application/*, text/*")),
            MCPRow(
                "\(version): Accept in two fields",
                post.with {
                    $0["Accept"] = "application/json"
                    $0.fields.append(("Accept", "text/event-stream"))
                }),
            MCPRow("\(version): Accept of something else is 406", accepting("text/html"), 406),
            MCPRow(
                "\(version): Accept that excludes both is 406",
                accepting("application/json;q=0, text/event-stream;q=0"), 406),
            MCPRow("\(version): a body without its type is 415", post.with { $0["Content-Type"] = nil }, 415),
            MCPRow("\(version): a body of another type is 415", post.with { $0["Content-Type"] = "text/plain" }, 415),
            MCPRow(
                "\(version): parameters of the type do not matter",
                post.with { $0["Content-Type"] = "application/json; charset=utf-8" }),
            MCPRow(
                "\(version): a compressed body is 415", post.with { $0.fields.append(("Content-Encoding", "gzip")) },
                415),
            MCPRow(
                "\(version): a body over the limit is 413",
                post.with { $0.raw = [UInt8](repeating: 0x20, count: 100_001) }, 413),
        ]
    }

    @Test("HTTP around it", arguments: httpRows)
    func http(_ row: MCPRow) throws { try row.check(.current) }

    @Test("Malformed messages leave their connection usable and another's call alone", arguments: versions)
    func neighbours(_ version: String) throws {
        let host = try RunningHost.current
        let number = 10 + (Self.versions.firstIndex(of: version) ?? 0)
        let open = try host.open(.call("job_run", ["job": JSONValue(number)], version: version))
        _ = try host.job(number) { $0["ready"] == 1 }
        let session = try host.newSession("2025-11-25")
        let connection = try host.connect()
        for row in Self.syntaxRows + Self.shapeRows {
            for (post, expected) in [(row.post, 400), (.call("echo", ["a": 1]), 200)] {
                let inSession = post.with { if $0.sessionVersion != nil { $0[MCPName.session] = session } }
                try connection.send(host.bytes(inSession, closing: false))
                let status = try connection.response().status
                #expect(status == expected, "\(row.testDescription)")
            }
        }
        _ = try host.job(number, "job_finish")
        let answer = try MCPAnswer(open.response())
        #expect(answer.result?["structuredContent"]?["job"]?.int64 == Int64(number), "\(answer.http.text)")
    }
}
