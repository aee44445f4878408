// What 2026-07-28 demands of one request and its answer, one row a demand.

import JSON
import Testing

@Suite("MCP 2026-07-28 on the wire", .host(["good", "jobs", "parameter_headers"]))
struct MCPModernTests {
    private static let echo = MCPPost.call("echo", ["a": 1])
    private static let list = MCPPost.modern("tools/list")
    private static let discover = MCPPost.modern("server/discover")

    private static func changed(_ change: (inout MCPPost) -> Void) -> MCPPost { echo.with(change) }

    /// basic/transports/streamable-http: the fields that repeat what the body says.
    static let fieldsRows: [MCPRow] = [
        MCPRow("fields that agree with the body are accepted", echo) { $0.text == #"{"a":1}"# },
        MCPRow("MCP-Protocol-Version is required", changed { $0["MCP-Protocol-Version"] = nil }, 400, -32020),
        MCPRow(
            "MCP-Protocol-Version must equal _meta", changed { $0[meta: MCPName.version] = "2025-11-25" }, 400, -32020),
        MCPRow(
            "_meta of this revision with the field of an earlier one is a mismatch",
            changed { $0["MCP-Protocol-Version"] = "2025-11-25" }, 400, -32020),
        MCPRow("Mcp-Method is required", changed { $0["Mcp-Method"] = nil }, 400, -32020),
        MCPRow("Mcp-Method is required of every request", list.with { $0["Mcp-Method"] = nil }, 400, -32020),
        MCPRow("Mcp-Method must equal the method", changed { $0["Mcp-Method"] = "tools/list" }, 400, -32020),
        MCPRow("Mcp-Method is case-sensitive", changed { $0["Mcp-Method"] = "Tools/Call" }, 400, -32020),
        MCPRow("Mcp-Method must not be empty", changed { $0["Mcp-Method"] = "" }, 400, -32020),
        MCPRow(
            "two different Mcp-Method fields are a mismatch",
            changed { $0.fields.append(("Mcp-Method", "tools/list")) }, 400, -32020),
        MCPRow("Mcp-Name is required of tools/call", changed { $0["Mcp-Name"] = nil }, 400, -32020),
        MCPRow("Mcp-Name must equal params.name", changed { $0["Mcp-Name"] = "echo_worker" }, 400, -32020),
        MCPRow("Mcp-Name is case-sensitive", changed { $0["Mcp-Name"] = "Echo" }, 400, -32020),
        MCPRow(
            "Mcp-Name of an unknown tool is compared before the tool is looked up",
            changed { $0.message.set(["params", "name"], to: "nobody") }, 400, -32020),
        MCPRow("Mcp-Name may be encoded as Base64", changed { $0["Mcp-Name"] = "=?base64?ZWNobw==?=" }),
        MCPRow(
            "a Mcp-Name is compared decoded", changed { $0["Mcp-Name"] = "=?base64?ZWNobzI=?=" }, 400, -32020),
        MCPRow(
            "Base64 that is none is a mismatch", changed { $0["Mcp-Name"] = "=?base64?ZWNob!?=" }, 400, -32020),
        MCPRow("a Mcp-Name for a method without one does no harm", list.with { $0["Mcp-Name"] = "echo" }),
        MCPRow(
            "names of fields are case-insensitive",
            changed {
                for name in ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"] {
                    let value = $0[name]
                    $0[name] = nil
                    $0[name.uppercased()] = value
                }
            }),
        MCPRow("whitespace around values is trimmed", changed { $0["Mcp-Method"] = " \t tools/call \t " }),
        MCPRow("Mcp-Session-Id is ignored", changed { $0[MCPName.session] = "none of yours" }) {
            $0.http[MCPName.session] == nil
        },
        MCPRow("Last-Event-ID is ignored", changed { $0["Last-Event-ID"] = "7" }),
    ]

    @Test("Fields", arguments: fieldsRows)
    func fields(_ row: MCPRow) throws { try row.check(.current) }

    /// basic/index: what every request carries in params._meta.
    static let metaRows: [MCPRow] = [
        MCPRow("params is required", changed { $0.message.set(["params"], to: nil) }, 400, -32602),
        MCPRow("_meta is required", list.with { $0.message.set(["params", "_meta"], to: nil) }, 400, -32602),
        MCPRow("_meta must be an object", list.with { $0.message.set(["params", "_meta"], to: [1]) }, 400, -32602),
        MCPRow("protocolVersion is required", changed { $0[meta: MCPName.version] = nil }, 400, -32602),
        MCPRow(
            "protocolVersion must be a string", changed { $0[meta: MCPName.version] = 20_260_728 }, 400, -32602, -32020),
        MCPRow("clientCapabilities is required", changed { $0[meta: MCPName.capabilities] = nil }, 400, -32602),
        MCPRow(
            "clientCapabilities must be an object", changed { $0[meta: MCPName.capabilities] = "all" }, 400, -32602),
        MCPRow("clientInfo is not relied on", changed { $0[meta: MCPName.clientInfo] = nil }),
        MCPRow("logLevel is optional", changed { $0[meta: MCPName.logLevel] = "debug" }),
        MCPRow("members of _meta that nobody knows do no harm", changed { $0[meta: "com.example/any"] = [1, "b"] }),
        MCPRow(
            "a version that is not supported is told whatever its head lacks",
            changed {
                $0[meta: MCPName.version] = "2027-01-01"
                $0[meta: MCPName.capabilities] = nil
                $0["MCP-Protocol-Version"] = "2027-01-01"
                $0["Mcp-Method"] = nil
            }, 400, -32022
        ) { $0.response?["error"]?["data"]?["supported"]?.array?.contains("2026-07-28") == true },
        MCPRow(
            "a version that is not supported is told apart, with those that are",
            changed {
                $0[meta: MCPName.version] = "2027-01-01"
                $0["MCP-Protocol-Version"] = "2027-01-01"
            }, 400, -32022
        ) {
            let data = $0.response?["error"]?["data"]
            return data?["requested"] == "2027-01-01" && data?["supported"]?.array?.contains("2026-07-28") == true
        },
    ]

    @Test("_meta", arguments: metaRows)
    func meta(_ row: MCPRow) throws { try row.check(.current) }

    /// server/*: which methods there are and what their results carry.
    static let methodsRows: [MCPRow] =
        [
            "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "prompts/list",
            "resources/list", "resources/templates/list", "completion/complete", "tasks/list", "tools/run",
            "TOOLS/LIST",
            "notifications/initialized", "",
        ].map { MCPRow("there is no method \"\($0)\"", .modern($0), 404, -32601) }
        + [
            MCPRow("server/discover names versions, capabilities, ttlMs and cacheScope", discover) {
                let versions = $0.result?["supportedVersions"]?.array ?? []
                return versions.contains("2026-07-28") && $0.result?["capabilities"]?["tools"]?.object != nil
                    && isCacheable($0)
            },
            MCPRow("server/discover offers nothing that is not there", discover) { answer in
                ["prompts", "resources", "completions", "logging", "tasks"].allSatisfy {
                    answer.result?["capabilities"]?[$0] == nil
                }
            },
            MCPRow("tools/list carries ttlMs and, as it depends on the token, a private cacheScope", list) {
                isCacheable($0) && $0.result?["cacheScope"] == "private" && $0.result?["tools"]?.array != nil
            },
        ]
        + [discover, list, echo, MCPPost.call("any_status", ["status": -3])].map {
            MCPRow("\($0.message["method"]!) is complete and says who answers", $0) { isComplete($0) }
        }

    private static func isCacheable(_ answer: MCPAnswer) -> Bool {
        (answer.result?["ttlMs"]?.int64 ?? -1) >= 0
            && ["public", "private"].contains(answer.result?["cacheScope"]?.string)
    }

    private static func isComplete(_ answer: MCPAnswer) -> Bool {
        let server = answer.result?["_meta"]?[MCPName.serverInfo]
        return answer.result?["resultType"] == "complete" && server?["name"]?.string?.isEmpty == false
            && server?["version"]?.string?.isEmpty == false
    }

    @Test("Methods and results", arguments: methodsRows)
    func methods(_ row: MCPRow) throws { try row.check(.current) }

    /// server/tools: what is a protocol error and what a result that the model can act on (SEP-1303).
    static let callsRows: [MCPRow] = [
        MCPRow("params.name is required", .modern("tools/call", ["arguments": [:]]), 400, -32602, -32020),
        MCPRow("params.name must be a string", .modern("tools/call", ["name": 7]), 400, -32602, -32020),
        MCPRow("an unknown tool is a protocol error", .call("no_such_tool"), 400, -32602),
        MCPRow("names of tools are case-sensitive", .call("ECHO"), 400, -32602),
        MCPRow("arguments must be an object", .call("echo", [1]), 400, -32602),
        MCPRow("arguments may be left out", .modern("tools/call", ["name": "echo"])) { $0.text == "{}" },
        MCPRow("arguments that do not fit the schema are a result", .call("routed", ["plain": 7])) {
            $0.isError && $0.text?.contains("plain") == true && $0.result?["structuredContent"] == nil
        },
        MCPRow("a tool's own refusal is a result", .call("any_status", ["status": -3])) {
            $0.isError && $0.text?.contains("try another status") == true
        },
        MCPRow("a success is not marked as an error", echo) { !$0.isError },
        MCPRow("a tool that answers at once is answered with plain JSON", echo) { !$0.isStream },
        MCPRow(
            "also where progress was asked for", MCPPost.call("echo", ["a": 1], progressToken: "t")
        ) { $0.messages.count == 1 && !$0.isStream },
    ]

    @Test("Calls", arguments: callsRows)
    func calls(_ row: MCPRow) throws { try row.check(.current) }

    /// JSON-RPC: the id comes back as it was sent, type included.
    @Test(
        "Ids come back",
        arguments: ["0", "-1", "9007199254740993", "9223372036854775807", #""1""#, #""""#, #""ä \" \u0000""#])
    func ids(_ id: String) throws {
        let id = try JSONValue(parsing: id)
        for post in [MCPPost.call("echo", id: id), .modern("tools/list", id: id), .modern("nothing", id: id)] {
            let answer = try RunningHost.current.post(post)
            #expect(answer.response?["id"] == id, "\(answer.http.text)")
        }
    }

    /// The field requirements of notifications are undefined: none is demanded.
    static let notificationsRows: [MCPRow] = [
        MCPRow("a notification is accepted with 202 and nothing", .modern("notifications/initialized", id: nil), 202),
        MCPRow(
            "a notification needs no Mcp-Method",
            MCPPost.modern("notifications/anything", id: nil).with { $0["Mcp-Method"] = nil }, 202),
        MCPRow(
            "a notification needs no _meta",
            MCPPost.modern("notifications/anything", id: nil).with { $0.message.set(["params"], to: nil) }, 202),
        MCPRow(
            "a cancellation is accepted and does nothing",
            .modern("notifications/cancelled", ["requestId": 1], id: nil),
            202),
    ]

    @Test("Notifications", arguments: notificationsRows)
    func notifications(_ row: MCPRow) throws { try row.check(.current) }

    @Test("The list comes in the same order for every connection and token, names unique")
    func order() throws {
        let host = try RunningHost.current
        let names = try (0..<4).map { index in
            let token = index < 2 ? try host.token() : try host.newToken()
            let answer = try host.post(
                Self.list.with { $0.credential = ("Authorization", "Bearer " + token) })
            return try #require(answer.result?["tools"]?.array).compactMap { $0["name"]?.string }
        }
        #expect(Set(names).count == 1)
        #expect(Set(names[0]).count == names[0].count && names[0].contains("job_run"))
    }
}
