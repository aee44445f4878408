// subscriptions/listen: the one stream that belongs to no call.

import Glibc
import JSON
import Testing

@Suite("MCP subscriptions", .host())
struct MCPSubscriptionTests {
    private static func listen(_ filter: JSONValue, id: JSONValue = 1) -> MCPPost {
        .modern("subscriptions/listen", ["notifications": filter], id: id)
    }

    static let rows: [MCPRow] = [
        MCPRow("what to listen to is required", .modern("subscriptions/listen"), 400, -32602),
        MCPRow("it must be an object", listen(["toolsListChanged"]), 400, -32602),
        MCPRow("its members are booleans", listen(["toolsListChanged": "yes"]), 400, -32602),
        MCPRow(
            "a client that takes no events is refused",
            listen(["toolsListChanged": true]).with { $0["Accept"] = "application/json" }, 406),
        MCPRow(
            "Mcp-Method is required here too",
            listen(["toolsListChanged": true]).with { $0["Mcp-Method"] = nil }, 400, -32020),
    ]

    @Test("Refused", arguments: rows)
    func refused(_ row: MCPRow) throws { try row.check(.current) }

    @Test(
        "Acknowledged first, with what is honoured and the request's id",
        arguments: [
            (#"{"toolsListChanged":true}"#, #"{"toolsListChanged":true}"#),
            (
                #"{"toolsListChanged":true,"promptsListChanged":true,"resourceSubscriptions":["file:///a"]}"#,
                #"{"toolsListChanged":true}"#
            ),
            (#"{"promptsListChanged":true,"com.example/other":1}"#, "{}"), ("{}", "{}"),
        ])
    func acknowledged(_ filter: String, _ honoured: String) throws {
        let host = try RunningHost.current
        for id: JSONValue in [7, "seven"] {
            let stream = try EventStream(host.open(Self.listen(try JSONValue(parsing: filter), id: id)))
            let first = try #require(try stream.message())
            #expect(stream.head["X-Accel-Buffering"] == "no")
            #expect(first["method"] == "notifications/subscriptions/acknowledged", "\(first)")
            let wanted = try JSONValue(parsing: honoured)
            #expect(first["params"]?["notifications"] == wanted, "\(first)")
            #expect(first["params"]?["_meta"]?[MCPName.subscription] == id, "\(first)")
            #expect(first["id"] == nil)
        }
    }

    @Test("At shutdown every stream ends with a complete result, and the host exits")
    func gracefulEnd() throws {
        let host = try RunningHost(HostOptions())
        defer { host.stop() }
        let ids: [JSONValue] = [0, "b"]
        let streams = try ids.map { try EventStream(host.open(Self.listen(["toolsListChanged": true], id: $0))) }
        for stream in streams { #expect(try stream.message()?["params"] != nil) }
        host.process.signal(SIGTERM)
        for (id, stream) in zip(ids, streams) {
            let rest = try stream.rest()
            #expect(rest.count == 1, "\(rest)")
            #expect(rest.last?["id"] == id)
            #expect(rest.last?["result"]?["resultType"] == "complete")
            #expect(rest.last?["result"]?["_meta"]?[MCPName.subscription] == id)
        }
        #expect(host.process.wait() == .exited(0))
    }

    @Test("Listeners that go away leave the others alone")
    func othersLeave() throws {
        let host = try RunningHost(HostOptions())
        defer { host.stop() }
        let stays = try EventStream(host.open(Self.listen(["toolsListChanged": true])))
        #expect(try stays.message() != nil)
        for _ in 0..<20 {
            let connection = try host.open(Self.listen(["toolsListChanged": true]))
            #expect(try EventStream(connection).message() != nil)
            connection.resetOnClose()
        }
        #expect(try host.post(.call("echo", ["a": 1])).text == #"{"a":1}"#)
        host.process.signal(SIGTERM)
        #expect(try stays.rest().last?["result"] != nil)
    }
}
