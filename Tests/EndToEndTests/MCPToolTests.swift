// The same tools over REST and MCP: one pipeline, two codecs.

import JSON
import Testing

@Suite(
    "MCP and REST",
    .host(PackSource.shop + ["good"], policies: ["good": "tools: {echo_worker: {timeout: 200ms}}"]))
struct MCPToolTests {
    private static let versions = [MCPName.modern] + MCPName.legacy

    /// What a tool answered over MCP is what it answers over REST: the text is the body, byte by byte.
    private func expectEqual(_ answer: MCPAnswer, _ rest: HTTPResponse, _ what: Comment) {
        #expect(rest.status == 200, what)
        #expect(!answer.isError, what)
        #expect(answer.text == rest.text, what)
        #expect(rest.json != nil && answer.result?["structuredContent"] == rest.json, what)
    }

    @Test("Tools that only read answer alike", arguments: versions)
    func reading(_ version: String) throws {
        let host = try RunningHost.current
        let calls = [
            ("search_products", #"{"query":"milk","limit":3}"#), ("search_products", #"{"query":"apples"}"#),
            ("get_deals", "{}"), ("get_deals", #"{"category":"produce"}"#), ("view_cart", "{}"),
            ("echo", #"{"text":"Käse \u0000 🧀","n":1.50,"deep":[[{}]]}"#), ("echo_pending", #"{"a":1}"#),
        ]
        for (tool, arguments) in calls {
            let mcp = try host.post(.call(tool, try JSONValue(parsing: arguments), version: version))
            try expectEqual(mcp, host.call(tool, arguments), "\(tool)")
        }
    }

    /// One idempotency key over both: the second answer is the first one's repetition, so they are about one order.
    @Test("Tools that write answer alike, and one idempotency key counts over both")
    func writing() throws {
        try RunningHost.with(HostOptions(packs: PackSource.shop)) { host throws in
            func both(_ tool: String, _ arguments: JSONValue) throws -> JSONValue {
                let key = "key-of-\(tool)"
                let rest = try host.call(tool, arguments.description, ["Idempotency-Key": "\"\(key)\""])
                let mcp = try host.post(
                    MCPPost.call(tool, arguments).with { $0[meta: MCPName.idempotencyKey] = .string(key) })
                expectEqual(mcp, rest, "\(tool) \(rest.text) \(mcp.http.text)")
                return try #require(rest.json)
            }
            _ = try both("add_payment_method", ["type": "credit_card"])
            _ = try both("add_to_cart", ["productCode": "milk-001", "quantity": 2])
            let summary = try #require(try host.call("view_cart").json?["summary"])
            #expect(summary.string?.hasPrefix("2 items") == true)
            #expect(try both("checkout", ["cartSummary": summary])["orderId"]?.string?.isEmpty == false)
        }
    }

    @Test("The key comes from the field or from _meta, and reaches the tool", arguments: versions)
    func idempotencyKey(_ version: String) throws {
        let host = try RunningHost.current
        let facts = MCPPost.call("call_facts", version: version)
        func key(_ change: (inout MCPPost) -> Void) throws -> MCPAnswer { try host.post(facts.with(change)) }
        for (answer, wanted) in [
            (try key { _ in }, ""), (try key { $0["Idempotency-Key"] = "\"k-1\"" }, "k-1"),
            (try key { $0["Idempotency-Key"] = "k-1" }, "k-1"),
            (try key { $0[meta: MCPName.idempotencyKey] = "k-2" }, "k-2"),
            (
                try key {
                    $0["Idempotency-Key"] = "k-3"
                    $0[meta: MCPName.idempotencyKey] = "k-3"
                }, "k-3"
            ),
        ] {
            #expect(answer.result?["structuredContent"]?["idempotency_key"]?.string == wanted, "\(answer.http.text)")
        }
        for answer in [
            try key { $0[meta: MCPName.idempotencyKey] = 7 }, try key { $0[meta: MCPName.idempotencyKey] = "" },
            try key { $0[meta: MCPName.idempotencyKey] = .string(String(repeating: "k", count: 256)) },
            try key {
                $0["Idempotency-Key"] = "k-4"
                $0[meta: MCPName.idempotencyKey] = "k-5"
            },
        ] {
            #expect(answer.code == -32602, "\(answer.http.text)")
        }
        let two = try key {
            $0["Idempotency-Key"] = "k-4"
            $0[meta: MCPName.idempotencyKey] = "k-5"
        }
        #expect(two.http.text.contains("differ"), "\(two.http.text)")
    }

    @Test("A tool learns the same of its caller", arguments: versions)
    func facts(_ version: String) throws {
        let host = try RunningHost.current
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let fields = ["openai-conversation-id": "conversation-7", "traceparent": trace]
        let rest = try #require(try host.call("call_facts", "{}", fields).json)
        let answer = try host.post(
            MCPPost.call("call_facts", version: version).with { post in
                for (name, value) in fields { post[name] = value }
            })
        let mcp = try #require(answer.result?["structuredContent"], "\(answer.http.text)")
        for fact in [
            "principal", "subject", "client_id", "client_issuer", "conversation_id", "traceparent", "scope_count",
        ] {
            #expect(mcp[fact] == rest[fact], "\(fact): \(mcp)")
        }
        #expect(mcp["request_id"]?.string == answer.http["X-Request-Id"])
        #expect(mcp["request_id"] != rest["request_id"])
        #expect((mcp["milliseconds_left"]?.int64 ?? 0) > 0)
    }

    // MARK: Errors

    @Test(
        "Every status of a pack is a result that says so, and an internal one tells nothing",
        arguments: [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -99, 42])
    func statuses(_ status: Int) throws {
        let host = try RunningHost.current
        let arguments: JSONValue = ["status": JSONValue(status), "content": 1]
        let rest = try #require(try host.call("any_status", arguments.description).problem)
        for version in [MCPName.modern, "2025-06-18"] {
            let answer = try host.post(.call("any_status", arguments, version: version))
            #expect(answer.status == 200 && answer.isError, "\(answer.http.text)")
            let said = answer.http.text.contains("try another status")
            #expect(said == rest.description.contains("try another status"), "\(answer.http.text)")
            #expect(answer.text?.isEmpty == false || (answer.result?["content"]?.array?.count ?? 0) > 1)
            // What explains an error is not a result: it would not fit the output schema.
            #expect(answer.result?["structuredContent"] == nil)
        }
    }

    @Test("A deadline that has passed is a result", arguments: versions)
    func deadline(_ version: String) throws {
        let answer = try RunningHost.current.post(.call("echo_worker", ["milliseconds": 1500], version: version))
        #expect(answer.status == 200 && answer.isError, "\(answer.http.text)")
    }

    @Test(
        "Violations of the schema name the same places as over REST",
        arguments: [
            ("add_to_cart", #"{"productCode":"milk-001","quantity":0}"#),
            ("search_products", #"{"query":"milk","limit":51}"#), ("search_products", #"{"limit":5}"#),
            ("add_payment_method", #"{"type":"barter"}"#),
        ])
    func violations(_ tool: String, _ arguments: String) throws {
        let host = try RunningHost.current
        let errors = try #require(try host.call(tool, arguments).problem?["errors"]?.array)
        let answer = try host.post(.call(tool, try JSONValue(parsing: arguments)))
        #expect(answer.status == 200 && answer.isError, "\(answer.http.text)")
        let text = answer.http.text
        for error in errors {
            let pointer = try #require(error["pointer"]?.string).drop { $0 == "#" }
            #expect(text.contains(pointer), "\(pointer) is not in \(text)")
        }
    }

    // MARK: The list

    @Test("The list says of each tool what the OpenAPI document says", arguments: versions)
    func list(_ version: String) throws {
        let host = try RunningHost.current
        let post: MCPPost =
            version == MCPName.modern ? .modern("tools/list") : .legacy("tools/list", version: version)
        let tools = try #require(try host.post(post).result?["tools"]?.array)
        let paths = try #require(try host.get("/openapi.json").json?["paths"]?.object)
        #expect(Set(tools.compactMap { $0["name"]?.string.map { "/tools/" + $0 } }) == Set(paths.keys))
        for tool in tools {
            let name = try #require(tool["name"]?.string)
            let operation = try #require(paths["/tools/" + name]?["post"])
            #expect(tool["title"] == operation["summary"] || tool["title"]?.string?.isEmpty == false, "\(name)")
            #expect(tool["description"]?.string?.isEmpty == false, "\(name)")
            #expect(tool["inputSchema"]?["type"] == "object", "\(name)")
            let hints = tool["annotations"]
            for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
                #expect(hints?[hint]?.bool != nil, "\(name) states no \(hint)")
            }
            let isHarmless = operation["x-openai-isConsequential"] == false
            #expect(hints?["readOnlyHint"] == .bool(isHarmless), "\(name)")
            // ChatGPT reads the one, others the other.
            let schemes = try #require(tool["securitySchemes"]?.array, "\(name)")
            #expect(schemes.first?["type"] == "oauth2", "\(name)")
            #expect(tool["_meta"]?["securitySchemes"] == .array(schemes), "\(name)")
        }
    }

    @Test("A tool's own words: schemas, hints, and what its meta carries")
    func entry() throws {
        let host = try RunningHost.current
        let tools = try #require(try host.post(.modern("tools/list")).result?["tools"]?.array)
        let tool = try #require(tools.first { $0["name"] == "add_to_cart" })
        #expect(tool["title"] == "Add to cart")
        #expect(tool["description"]?.string?.contains("Each call adds once more") == true)
        #expect(
            tool["annotations"]?.object?.filter { $0.key != "title" }.map(\.value) != nil
                && tool["annotations"]?["readOnlyHint"] == false && tool["annotations"]?["destructiveHint"] == false
                && tool["annotations"]?["idempotentHint"] == false && tool["annotations"]?["openWorldHint"] == false)
        #expect(tool["inputSchema"]?["properties"]?["quantity"]?["maximum"] == 99)
        #expect(tool["outputSchema"]?["type"] == "object")
        #expect(tool["_meta"]?["openai/toolInvocation/invoking"] == "Adding to the cart")
        #expect(tool["_meta"]?["openai/toolInvocation/invoked"] == "Added to the cart")
    }

    @Test("Both kinds of call leave the same line in the log")
    func logLine() throws {
        let host = try RunningHost.current
        func line(_ answer: HTTPResponse) throws -> Set<String> {
            let id = try #require(answer["X-Request-Id"])
            let line = try #require(
                host.logLine { $0["request_id"]?.string == id && $0["tool"] == "echo" && $0["status"] != nil })
            return Set(line.object?.keys ?? [])
        }
        let rest = try line(host.call("echo"))
        let mcp = try line(host.post(.call("echo")).http)
        #expect(mcp.isSuperset(of: rest), "\(rest.subtracting(mcp))")
    }
}
