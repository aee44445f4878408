// Client credentials towards the agents API, from the token endpoint to the agent.

import Dispatch
import JSON
import Synchronization
import Testing

@Suite("Agents API: client credentials")
struct AgentsCredentialTests {
    private static func environment(_ server: AgentsServer) -> [String: String] {
        [
            "AGENTS_API_KEY": "", "AGENTS_OAUTH2_TOKEN_ENDPOINT": server.url + "/token",
            "AGENTS_OAUTH2_CLIENT_ID": "the host", "AGENTS_OAUTH2_CLIENT_SECRET": "s3cret/",
            "AGENTS_OAUTH2_SCOPE": "agents.call",
        ]
    }

    private static func grants(_ server: AgentsServer) -> [JSONValue] {
        server.events.filter { $0["event"] == "request" && $0["path"] == "/token" }
    }

    @Test("One token serves all tools of all packs; revoked, it is replaced once, and nothing is done twice")
    func token() throws {
        let server = try AgentsServer()
        try AgentsShop.with(Self.environment(server), server: server) { shop throws in
            _ = try shop.host.token()
            func callAll(_ talk: String) {
                DispatchQueue.concurrentPerform(iterations: AgentsShop.tools.count) { number in
                    let tool = AgentsShop.tools[number]
                    do {
                        let answer = try shop.call(tool.name, tool.arguments, in: "\(talk)-\(tool.name)")
                        #expect(answer.status == 200, "\(tool.name): \(answer.text)")
                    } catch {
                        Issue.record("\(tool.name): \(error)")
                    }
                }
            }
            func shown(_ talk: String) -> Set<String> {
                let requests = AgentsShop.tools.flatMap { server.requests("\(talk)-\($0.name)") }
                return Set(requests.flatMap { $0.headers["authorization"] ?? ["none"] })
            }
            callAll("first")
            callAll("second")
            let first = try #require(Self.grants(server).first)
            #expect(Self.grants(server).count == 1)
            #expect(first.headers["authorization"] == ["Basic dGhlK2hvc3Q6czNjcmV0JTJG"])
            #expect(first["body"] == "grant_type=client_credentials&scope=agents.call")
            let token = "Bearer granted-\(try #require(first["id"]?.int64))"
            #expect(shown("first") == [token] && shown("second") == [token])
            #expect(server.requests().allSatisfy { $0.headers["x-mcp-api-key"] == nil })

            try server.control(["revoke": true])
            callAll("third")
            #expect(Self.grants(server).count == 2, "one more token, however many calls were answered 401")
            let next = "Bearer granted-\(try #require(Self.grants(server).last?["id"]?.int64))"
            #expect(shown("third").isSubset(of: [token, next]) && shown("third").contains(next))
            // What was answered 401 was not done; what was done was done once.
            for tool in AgentsShop.tools where ["add", "checkout"].contains(tool.action) {
                let thread = JSONValue.string("third-\(tool.name)")
                #expect(server.events.count { $0["event"] == "effect" && $0["thread"] == thread } == 1, "\(tool.name)")
            }
            #expect(!shop.host.scratch.text("log").contains("granted-"))
        }
    }

    @Test("Without a token callers get 503 with Retry-After, are told that nothing was done, and no agent is asked")
    func noToken() throws {
        let server = try AgentsServer()
        try server.control(["as": ["/token": "401"]])
        try AgentsShop.with(Self.environment(server), server: server) { shop throws in
            let answer = try shop.call("checkout", #"{"cartSummary":"2 items"}"#, in: "refused")
            #expect(answer.status == 503 && answer["Retry-After"] != nil, "\(answer.text)")
            #expect(!answer.text.contains("is not known"), "\(answer.text)")
            #expect(server.requests("refused").isEmpty)
            #expect(shop.host.logSays("gives no token", "401"))
            try server.control(["as": ["/token": "typed"]])
            #expect(eventually { (try? shop.call("view_cart", "{}", in: "granted").status) == 200 })
        }
    }
}
