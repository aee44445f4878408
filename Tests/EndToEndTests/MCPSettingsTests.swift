// What an operator sets for MCP.

import JSON
import Testing

@Suite("MCP settings")
struct MCPSettingsTests {
    private static let instructions =
        "Groceries. Search before you add. Ask before you check out: \"yes\" is an answer."

    /// What each era is told of the deployment.
    private func told(_ host: RunningHost) throws -> [String?] {
        let posts = [MCPPost.modern("server/discover")] + MCPName.legacy.map { .initialize($0) }
        return try posts.map { try host.post($0).result?["instructions"]?.string }
    }

    @Test("Instructions reach every era; without them the service's description does")
    func instructions() throws {
        try RunningHost.with(HostOptions(environment: ["MCP_INSTRUCTIONS": Self.instructions])) { host throws in
            #expect(try told(host) == [String?](repeating: Self.instructions, count: 4))
        }
        try RunningHost.with(HostOptions(environment: ["SERVICE_DESCRIPTION": "Tools."])) { host throws in
            #expect(try told(host) == [String?](repeating: "Tools.", count: 4))
        }
    }

    @Test("The challenge of OpenAI's apps is plain text, for anybody, and 404 without one")
    func challenge() throws {
        let path = "/.well-known/openai-apps-challenge"
        try RunningHost.with(HostOptions(environment: ["OPENAI_APPS_CHALLENGE": "token-7_x"])) { host throws in
            let answer = try host.get(path)
            #expect(answer.status == 200)
            #expect(answer["Content-Type"]?.hasPrefix("text/plain") == true)
            #expect(answer.text == "token-7_x")
        }
        try RunningHost.with(HostOptions()) { host throws in
            #expect(try host.get(path).status == 404)
        }
    }

    @Test("The size of a page is the operator's")
    func pageSize() throws {
        try RunningHost.with(HostOptions(environment: ["MCP_PAGE_SIZE": "2"])) { host throws in
            let first = try #require(try host.post(.modern("tools/list")).result)
            #expect(first["tools"]?.array?.count == 2)
            let cursor = try #require(first["nextCursor"])
            let second = try #require(try host.post(.modern("tools/list", ["cursor": cursor])).result)
            #expect(second["tools"]?.array?.count == 2)
            #expect(second["tools"]?[0]?["name"] != first["tools"]?[0]?["name"])
        }
    }
}
