// Good answers of the agents API, through the four packs: what is asked, what is answered, and what is never sent.

import JSON
import Testing

@Suite("Agents API: answers")
struct AgentsAnswerTests {
    @Test("Every tool asks its agent and passes typed answers on as they are")
    func typed() throws {
        try AgentsShop.with { shop throws in
            for (name, arguments, agent, action) in AgentsShop.tools {
                let answer = try shop.call(name, arguments, in: "talk-\(name)")
                #expect(answer.status == 200, "\(name): \(answer.text)")
                let request = try #require(shop.server.requests("talk-\(name)").first)
                #expect(request["path"]?.string == "/api/mcp/agents/\(agent)")
                var expected = try #require(JSONValue(parsing: arguments).object)
                expected["action"] = .string(action)
                expected["threadId"] = .string("talk-\(name)")
                #expect(request["body"] == .object(expected))
                #expect(answer.json?["text"] == nil)
                #expect(answer.json?.object?.isEmpty == false)
            }
            let served = shop.host.log.filter { $0["message"] == "pack served" }
            #expect(served.count == 4)
            #expect(served.allSatisfy { $0["backend"]?.string == shop.server.url + "/health" })
            let cart = try shop.call("view_cart", "{}", in: "talk")
            #expect(cart.json?["summary"] == "2 items, total $12.50")
            #expect(cart.json?["items"]?[0]?["unitPrice"]?["minorUnits"] == 625)
            let placed = try shop.call("checkout", #"{"cartSummary":"2 items"}"#, in: "order")
            let id = try #require(shop.server.requests("order").first?["id"]?.int64)
            #expect(placed.json?["orderId"]?.string?.hasSuffix("-\(id)") == true, "the backend's own number")
        }
    }

    @Test("Prose in all its forms is text, for every tool, and nothing else")
    func prose() throws {
        try AgentsShop.with { shop throws in
            for form in ["prose", "message", "text", "prose-nested", "messages", "string"] {
                for (name, arguments, _, _) in AgentsShop.tools {
                    let answer = try shop.call(name, arguments, in: "as:\(form)")
                    #expect(answer.status == 200, "\(name), \(form): \(answer.text)")
                    #expect(answer.json == ["text": .string(AgentsServer.prose)], "\(name), \(form)")
                }
            }
        }
    }

    @Test("Typed members count inside wrappers and beside prose; what does not fit is quoted")
    func mixed() throws {
        try AgentsShop.with { shop throws in
            for (name, arguments, _, _) in AgentsShop.tools {
                let plain = try #require(try shop.call(name, arguments, in: "as:typed").json?.object)
                let nested = try #require(try shop.call(name, arguments, in: "as:nested").json?.object)
                #expect(Set(nested.keys) == Set(plain.keys), "\(name)")
                let mixed = try #require(try shop.call(name, arguments, in: "as:mixed").json?.object)
                #expect(Set(mixed.keys) == Set(plain.keys).union(["text"]), "\(name)")
                #expect(mixed["text"]?.string == AgentsServer.prose)
                let wrong = try shop.call(name, arguments, in: "as:mismatched")
                #expect(wrong.status == 200, "\(wrong.text)")
                #expect(wrong.json?.object?.keys == ["text"], "\(name): no number is made of one that does not fit")
                #expect(wrong.json?["text"]?.string?.contains("3.49") == true)
            }
            let partly = try shop.call("search_products", #"{"query":"milk"}"#, in: "as:partly")
            #expect(partly.json?["products"] == nil)
            #expect(partly.json?["total"] == 1)
            #expect(partly.json?["text"]?.string?.contains(#""price":3.49"#) == true)
        }
    }

    @Test("Agents may call a product's code `code` or `productCode`; callers read `productCode`")
    func productCode() throws {
        try AgentsShop.with { shop throws in
            for form in ["typed", "product-code", "both-codes", "nested"] {
                let answer = try shop.call("search_products", #"{"query":"milk"}"#, in: "as:\(form)")
                let product = try #require(answer.json?["products"]?[0], "\(form): \(answer.text)")
                #expect(product["productCode"] == "milk-001" && product["code"] == nil, "\(form): \(answer.text)")
                #expect(answer.json?["text"] == nil, "\(form): \(answer.text)")
            }
            #expect(try shop.call("get_deals", "{}", in: "as:typed").json?["deals"]?[0]?["code"] == "dairy-10")
        }
    }

    @Test("The backend sees the deployment's key and the call's trace, and nothing of the caller's credentials")
    func credentials() throws {
        try AgentsShop.with { shop throws in
            let token = try shop.host.token()
            let fields = [
                "X-MCP-API-Key": "key-of-the-caller", "Cookie": "session=of-ada",
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ]
            for (name, arguments, _, _) in AgentsShop.tools {
                let answer = try shop.call(name, arguments, in: "talk", fields)
                #expect(answer.status == 200, "\(answer.text)")
            }
            let requests = shop.server.requests("talk")
            #expect(requests.count == AgentsShop.tools.count)
            for request in requests {
                let headers = request.headers
                #expect(headers["x-mcp-api-key"] == [AgentsShop.apiKey])
                #expect(headers["authorization"] == nil)
                #expect(headers["traceparent"]?.first?.contains("0af7651916cd43dd8448eb211c80319c") == true)
                #expect(headers["x-request-id"]?.count == 1)
                #expect(headers["idempotency-key"] == nil)
            }
            for secret in [token, "key-of-the-caller", "session=of-ada"] {
                #expect(!shop.server.record.contains(secret), "\(secret) arrived at the backend")
            }
            let written = try run("/bin/grep", ["-rlaF", AgentsShop.apiKey, shop.host.scratch.path])
            #expect(written.output.isEmpty, "the backend's key was written: \(written.output)")
        }
    }

    @Test("A card number does not reach the backend")
    func cardNumber() throws {
        try AgentsShop.with { shop throws in
            let answer = try shop.call(
                "add_payment_method", #"{"type":"credit_card","reference":"4111 1111 1111 1111"}"#, in: "card")
            #expect(answer.status == 422, "\(answer.text)")
            #expect(shop.server.requests("card").isEmpty)
        }
    }

    @Test("Each pack goes its own way: the operator's file wins over NEXTJS_URL")
    func choice() throws {
        let policies = ["cart": "config:\n  backend: embedded\n", "deals": "config:\n  backend: agents\n"]
        try AgentsShop.with(policies: policies) { shop throws in
            let added = try shop.call("add_to_cart", #"{"productCode":"milk-001","quantity":3}"#, in: "own")
            #expect(added.json?["inCart"] == 3, "\(added.text)")
            let cart = try shop.call("view_cart", "{}", in: "own")
            #expect(cart.json?["summary"]?.string?.hasPrefix("3 items") == true)
            #expect(shop.server.requests("own").isEmpty)
            #expect(try shop.call("get_deals", "{}", in: "as:prose").json?["text"] != nil)
            #expect(try shop.call("search_products", #"{"query":"milk"}"#, in: "as:prose").json?["text"] != nil)
        }
    }

    @Test("A backend of its own for one pack, without the key of NEXTJS_URL's")
    func ownURL() throws {
        let other = try AgentsServer()
        let policy = "config:\n  agentsUrl: \(other.url)/as/prose\nhttp:\n  origins: [\"\(other.url)\"]\n"
        try AgentsShop.with(policies: ["deals": policy]) { shop throws in
            #expect(try shop.call("get_deals", "{}", in: "own").json == ["text": .string(AgentsServer.prose)])
            let request = try #require(other.requests("own").first)
            #expect(request["path"]?.string == "/as/prose/api/mcp/agents/deals")
            #expect(request.headers["x-mcp-api-key"] == nil)
            #expect(shop.server.requests("own").isEmpty)
        }
    }

    @Test(
        "A pack that cannot reach its agents is refused with the reason",
        arguments: [
            ("", "backend: agents", "NEXTJS_URL"), ("http://127.0.0.1:1", "agentsUrl: http://127.0.0.1:2", "origin"),
        ])
    func refused(_ url: String, _ line: String, _ reason: String) throws {
        var options = HostOptions(packs: PackSource.shop, policies: ["deals": "config:\n  \(line)\n"])
        if !url.isEmpty { options.environment["NEXTJS_URL"] = url }
        try RunningHost.with(options) { host throws in
            #expect(try host.call("get_deals").status == 404)
            #expect(host.logSays("deals", reason))
            #expect(try host.get("/.well-known/openapi.json").text.contains("view_cart"))
        }
    }
}

extension JSONValue {
    /// The header fields of a recorded request.
    var headers: [String: [String]] {
        var fields: [String: [String]] = [:]
        for field in self["headers"]?.array ?? [] {
            fields[field[0]?.string ?? "", default: []].append(field[1]?.string ?? "")
        }
        return fields
    }
}
