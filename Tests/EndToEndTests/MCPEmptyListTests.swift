// What the host has none of: lists of it, and requests for one, in every revision.

import JSON
import Testing

@Suite("MCP empty lists", .host(["good"]))
struct MCPEmptyListTests {
    @Test("Before 2026-07-28 lists of what the host has none of are empty", arguments: MCPName.legacy)
    func emptyLists(_ version: String) throws {
        let host = try RunningHost.current
        for (method, member) in [
            ("prompts/list", "prompts"), ("resources/list", "resources"),
            ("resources/templates/list", "resourceTemplates"),
        ] {
            let answer = try host.post(.legacy(method, version: version))
            #expect(answer.status == 200 && answer.result?[member] == [], "\(answer.http.text)")
        }
        let opened = try host.post(MCPPost.initialize(version))
        #expect(opened.result?["capabilities"]?.object?.keys.map { $0 } == ["tools"])
        for method in [
            "resources/read", "prompts/get", "completion/complete", "logging/setLevel", "resources/subscribe",
        ] {
            let answer = try host.post(.legacy(method, version: version))
            #expect(answer.status == 200 && answer.code == -32601)
            #expect(answer.response?["error"]?["message"]?.string?.contains("tools/list") == true)
        }
    }

    @Test("In a batch, too")
    func emptyListsInABatch() throws {
        let host = try RunningHost.current
        let batch = MCPPost.legacy("ping", version: "2025-03-26").with {
            $0.message = [
                ["jsonrpc": "2.0", "id": 1, "method": "prompts/list"],
                ["jsonrpc": "2.0", "id": 2, "method": "resources/templates/list", "params": nil],
                ["jsonrpc": "2.0", "id": 3, "method": "resources/read"],
            ]
        }
        let answer = try host.post(batch)
        #expect(answer.responses.map { $0["result"] } == [["prompts": []], ["resourceTemplates": []], nil])
        #expect(answer.responses.last?["error"]?["code"] == -32601)
    }

    @Test("In 2026-07-28 they are not there, as the revision wants it")
    func noEmptyLists() throws {
        let host = try RunningHost.current
        for method in [
            "prompts/list", "resources/list", "resources/templates/list", "resources/read", "prompts/get",
            "completion/complete", "logging/setLevel", "ping",
        ] {
            let answer = try host.post(.modern(method))
            #expect(answer.status == 404 && answer.code == -32601, "\(method)")
            #expect(answer.response?["error"]?["message"]?.string?.contains("server/discover") == true)
        }
    }
}
