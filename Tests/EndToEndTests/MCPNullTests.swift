// Clients that write out what they have not set: a null where the protocol has something optional is nothing.

import JSON
import Testing

@Suite("MCP nulls", .host(["good"]))
struct MCPNullTests {
    static let versions = [MCPName.modern] + MCPName.legacy

    private static func list(_ version: String) -> MCPPost {
        version == MCPName.modern ? .modern("tools/list") : .legacy("tools/list", version: version)
    }

    @Test("A null where the protocol has something optional is nothing", arguments: versions)
    func nulls(_ version: String) throws {
        let host = try RunningHost.current
        for key in [
            "progressToken", MCPName.idempotencyKey, "traceparent", "openai/subject", "openai/session",
            MCPName.clientInfo, MCPName.logLevel, "unknown/member",
        ] {
            let call = MCPPost.call("call_facts", version: version).with { $0[meta: key] = .null }
            let answer = try host.post(call)
            #expect(answer.status == 200 && !answer.isError && !answer.isStream, "\(key) \(answer.http.text)")
            #expect(answer.result?["structuredContent"]?["idempotency_key"] == "", "\(key)")
        }
        let page = Self.list(version).with { $0.message.set(["params", "cursor"], to: .null) }
        #expect(try host.post(page).result?["tools"]?.array?.isEmpty == false)
        guard version != MCPName.modern else { return }
        for path in [["params"], ["params", "_meta"]] {
            #expect(try host.post(Self.list(version).with { $0.message.set(path, to: .null) }).status == 200)
        }
        let initialize = MCPPost.initialize(version).with {
            $0.message.set(["params", "capabilities"], to: .null)
            $0.message.set(["params", "clientInfo"], to: .null)
            $0.message.set(["params", "_meta"], to: .null)
        }
        #expect(try host.post(initialize).result?["protocolVersion"]?.string == version)
    }

    @Test("Messages whose members were all written out are still told apart", arguments: MCPName.legacy)
    func writtenOut(_ version: String) throws {
        let host = try RunningHost.current
        func post(_ changes: JSONObject, _ base: MCPPost) -> MCPPost {
            base.with { post in for (name, value) in changes { post.message.set([name], to: value) } }
        }
        let note = MCPPost.legacy("notifications/initialized", id: nil, version: version)
        #expect(try host.post(post(["id": nil, "result": nil, "error": nil], note)).status == 202)
        let ping = MCPPost.legacy("ping", version: version)
        #expect(try host.post(post(["result": nil, "error": nil], ping)).result != nil)
        #expect(try host.post(post(["method": nil, "result": [:], "params": nil], ping)).status == 202)
        // A request needs an id.
        #expect(try host.post(post(["id": nil], ping)).code == -32600)
    }

    @Test("A null for what the protocol requires stays an error")
    func requiredNulls() throws {
        let host = try RunningHost.current
        for key in [MCPName.version, MCPName.capabilities] {
            #expect(try host.post(MCPPost.modern("tools/list").with { $0[meta: key] = .null }).code == -32602, "\(key)")
        }
        let nameless = MCPPost.call("echo", version: "2025-06-18").with {
            $0.message.set(["params", "name"], to: .null)
        }
        #expect(try host.post(nameless).code == -32602)
        let initialize = MCPPost.initialize("2025-06-18").with {
            $0.message.set(["params", "protocolVersion"], to: .null)
        }
        #expect(try host.post(initialize).code == -32602)
    }
}
