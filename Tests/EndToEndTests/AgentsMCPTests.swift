// Forwarding behind /mcp: what a client of the protocol asks reaches the agent, and what the agent says comes back.

import JSON
import Testing

@Suite("Agents API: over MCP")
struct AgentsMCPTests {
    private static let versions = [MCPName.modern] + MCPName.legacy

    /// A call in a conversation, which ChatGPT names in `_meta`.
    private static func call(
        _ tool: String, _ arguments: String, in conversation: String, _ version: String
    ) throws -> MCPPost {
        MCPPost.call(tool, try JSONValue(parsing: arguments), version: version).with {
            $0[meta: "openai/session"] = .string(conversation)
        }
    }

    @Test("Every tool is forwarded with its conversation, and answers as over REST", arguments: versions)
    func everyTool(_ version: String) throws {
        try AgentsShop.with { shop throws in
            for (name, arguments, agent, action) in AgentsShop.tools {
                let talk = "talk-\(name)"
                let answer = try shop.host.post(Self.call(name, arguments, in: talk, version))
                #expect(answer.status == 200 && !answer.isError, "\(name): \(answer.http.text)")
                let request = try #require(shop.server.requests(talk).first, "\(name) did not arrive")
                #expect(shop.server.requests(talk).count == 1)
                #expect(request["path"]?.string == "/api/mcp/agents/\(agent)")
                var asked = try #require(JSONValue(parsing: arguments).object)
                asked["action"] = .string(action)
                asked["threadId"] = .string(talk)
                #expect(request["body"] == .object(asked), "\(name)")
                #expect(request.headers["x-mcp-api-key"] == [AgentsShop.apiKey])
                #expect(request.headers["authorization"] == nil, "the caller's token stays here")
                #expect(request.headers["mcp-session-id"] == nil)
                let structured = try #require(answer.result?["structuredContent"], "\(name): \(answer.http.text)")
                #expect(try JSONValue(parsing: answer.text ?? "") == structured)
                #expect(structured["text"] == nil, "\(name): the agent's answer was typed")
                if name == "search_products" {
                    #expect(structured["products"]?.array?.first?["productCode"] == "milk-001", "\(structured)")
                }
            }
        }
    }

    @Test("Prose of an agent is text for the model, and no number is made of it")
    func prose() throws {
        try AgentsShop.with { shop throws in
            let post = try Self.call("search_products", #"{"query":"milk"}"#, in: "as:prose", MCPName.modern)
            let answer = try shop.host.post(post)
            #expect(!answer.isError, "\(answer.http.text)")
            #expect(answer.result?["structuredContent"] == ["text": .string(AgentsServer.prose)])
        }
    }

    @Test("An agent that fails is a result that says so, in words for the model", arguments: versions)
    func failures(_ version: String) throws {
        try AgentsShop.with { shop throws in
            let cases = [
                ("422", "the agent answers 422"), ("500", "is not known"), ("failure", "the model is overloaded"),
                ("redirect", "is not known"), ("html", "is not known"), ("429", "Nothing was changed"),
            ]
            for (behaviour, words) in cases {
                let talk = "as:\(behaviour)"
                let post = try Self.call("checkout", #"{"cartSummary":"2 items"}"#, in: talk, version)
                let answer = try shop.host.post(post)
                #expect(answer.status == 200 && answer.code == nil, "no fault of the protocol: \(answer.http.text)")
                #expect(answer.isError, "\(behaviour): \(answer.http.text)")
                #expect(answer.text?.contains(words) == true, "\(behaviour): \(answer.http.text)")
                #expect(shop.server.requests(talk).count == 1, "\(behaviour): asked more than once")
            }
        }
    }

    @Test("A client that closes its stream ends the agent's work")
    func cancellation() throws {
        try AgentsShop.with { shop throws in
            let post = try Self.call("view_cart", "{}", in: "as:never", MCPName.modern)
            var client: RawConnection? = try shop.host.open(post)
            #expect(eventually { !shop.server.requests("as:never").isEmpty })
            let request = try #require(shop.server.requests("as:never").first)
            client = nil
            #expect(client == nil && shop.server.happened("closed", to: request), "the backend works for nobody")
        }
    }
}
