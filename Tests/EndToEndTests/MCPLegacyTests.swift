// What the revisions with a handshake demand, at the same endpoint: the era is chosen by each request.

import JSON
import Testing

@Suite("MCP before 2026-07-28 on the wire", .host(["good", "jobs", "parameter_headers"]))
struct MCPLegacyTests {
    /// basic/lifecycle: the handshake.
    static let handshakeRows: [MCPRow] =
        MCPName.legacy.map { version in
            MCPRow("initialize agrees to \(version)", .initialize(version)) {
                $0.result?["protocolVersion"]?.string == version && isWelcome($0)
            }
        }
        + ["1999-01-01", "2024-11-05", "2026-07-28", "next"].map { version in
            MCPRow("initialize with \(version) is offered the newest", .initialize(version)) {
                $0.result?["protocolVersion"] == "2025-11-25" && isWelcome($0)
            }
        }
        + [
            MCPRow(
                "initialize under a version that has none is refused, and told which there are",
                MCPPost.initialize("2025-11-25").with { $0[MCPName.versionField] = MCPName.modern }, 400, -32022
            ) {
                let data = $0.response?["error"]?["data"]
                return data?["requested"]?.string == MCPName.modern
                    && data?["supported"]?.array?.contains("2025-11-25") == true
            },
            MCPRow("initialize needs no session and no version", .initialize("2025-06-18")),
            MCPRow(
                "initialize without a version is refused",
                MCPPost.initialize("2025-06-18").with { $0.message.set(["params", "protocolVersion"], to: nil) }, 200,
                -32602),
        ]

    private static func isWelcome(_ answer: MCPAnswer) -> Bool {
        let id = answer.http[MCPName.session] ?? ""
        return answer.result?["serverInfo"]?["name"]?.string?.isEmpty == false
            && answer.result?["serverInfo"]?["version"]?.string?.isEmpty == false
            && answer.result?["capabilities"]?["tools"]?.object != nil
            && !id.isEmpty && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    @Test("Handshake", arguments: handshakeRows)
    func handshake(_ row: MCPRow) throws { try row.check(.current) }

    @Test("No two sessions have the same id")
    func sessionsDiffer() throws {
        let host = try RunningHost.current
        let ids = try (0..<20).map { _ in try host.newSession() }
        #expect(Set(ids).count == ids.count)
    }

    /// The rows that hold in each of the revisions.
    static let eachRows: [MCPRow] = MCPName.legacy.flatMap { version in
        let call = MCPPost.call("echo", ["a": 1], version: version)
        let list = MCPPost.legacy("tools/list", version: version)
        return [
            MCPRow("\(version): ping is answered with {}", .legacy("ping", version: version)) {
                $0.result?.object?.filter { $0.key != "_meta" }.isEmpty == true
            },
            MCPRow("\(version): ping without params", .legacy("ping", nil, version: version)),
            MCPRow("\(version): tools/list", list) { $0.result?["tools"]?.array?.isEmpty == false },
            MCPRow("\(version): tools/list without params", .legacy("tools/list", nil, version: version)),
            MCPRow("\(version): tools/call", call) { $0.text == #"{"a":1}"# && !$0.isError && !$0.isStream },
            MCPRow("\(version): fields of the current revision are not demanded", call.with { $0["Mcp-Name"] = nil }),
            MCPRow("\(version): a tool's refusal is a result", .call("any_status", ["status": -3], version: version)) {
                $0.isError
            },
            MCPRow(
                "\(version): arguments that do not fit are a result", .call("routed", ["plain": 7], version: version)
            ) { $0.isError && $0.text?.contains("plain") == true },
            // 404 would tell a client that its session is over.
            MCPRow(
                "\(version): an unknown method is an error in a 200", .legacy("tools/run", version: version), 200,
                -32601
            ),
            MCPRow("\(version): no server/discover", .legacy("server/discover", version: version), 200, -32601),
            MCPRow(
                "\(version): no subscriptions/listen", .legacy("subscriptions/listen", version: version), 200, -32601),
            MCPRow("\(version): an unknown tool", .call("nobody", version: version), 200, -32602),
            MCPRow("\(version): arguments that are no object", .call("echo", [1], version: version), 200, -32602),
            MCPRow(
                "\(version): a cursor that is none", .legacy("tools/list", ["cursor": "no!"], version: version), 200,
                -32602),
            MCPRow(
                "\(version): notifications/initialized is accepted",
                .legacy("notifications/initialized", id: nil, version: version), 202),
            MCPRow(
                "\(version): cancelling what is not there is ignored",
                .legacy("notifications/cancelled", ["requestId": 99], id: nil, version: version), 202),
            MCPRow(
                "\(version): a notification that nobody knows is accepted",
                .legacy("notifications/whatever", id: nil, version: version), 202),
            MCPRow(
                "\(version): a response is accepted",
                list.with { $0.message = ["jsonrpc": "2.0", "id": 5, "result": [:]] }, 202),
            MCPRow(
                "\(version): an error is accepted",
                list.with { $0.message = ["jsonrpc": "2.0", "id": 5, "error": ["code": -1, "message": "no"]] }, 202),
            MCPRow("\(version): a request without a session is refused", list.with { $0.sessionVersion = nil }, 400),
            MCPRow("\(version): an unknown session is 404", list.with { $0[MCPName.session] = "unknown" }, 404),
        ]
    }

    @Test("In each revision", arguments: eachRows)
    func each(_ row: MCPRow) throws { try row.check(.current) }

    /// MCP-Protocol-Version after the handshake.
    static let versionsRows: [MCPRow] = [
        MCPRow(
            "without the field, 2025-03-26 is assumed",
            MCPPost.legacy("tools/list", version: "2025-03-26").with { $0[MCPName.versionField] = nil }),
        MCPRow(
            "a version that is none is 400",
            MCPPost.legacy("tools/list").with { $0[MCPName.versionField] = "yesterday" }, 400),
        MCPRow(
            "a version that is not supported is 400",
            MCPPost.legacy("tools/list").with { $0[MCPName.versionField] = "2024-11-05" }, 400),
    ]

    @Test("The version's field", arguments: versionsRows)
    func versions(_ row: MCPRow) throws { try row.check(.current) }

    @Test("A session id that was changed in any place is unknown", arguments: [0.0, 0.3, 0.6, 1.0])
    func forgedSession(_ place: Double) throws {
        let host = try RunningHost.current
        let id = try host.newSession()
        var letters = Array(id)
        let index = Int(place * Double(letters.count - 1))
        letters[index] = letters[index] == "A" ? "B" : "A"
        let answer = try host.post(MCPPost.legacy("tools/list").with { $0[MCPName.session] = String(letters) })
        #expect(answer.status == 404)
        #expect(try host.post(MCPPost.legacy("tools/list").with { $0[MCPName.session] = id }).status == 200)
    }

    @Test("A session outlives a restart, and another host does not know it")
    func sessionAfterRestart() throws {
        // A principal is an issuer's, and without a name of its own the issuer would change with the port.
        let options = HostOptions(environment: ["PUBLIC_URL": "https://tools.example.com"])
        let host = try RunningHost(options)
        defer { host.stop() }
        let list = MCPPost.legacy("tools/list").with { $0[MCPName.session] = "later" }
        let id = try host.newSession()
        host.stop()
        let again = try RunningHost(options, in: host.scratch)
        defer { again.stop() }
        let answer = try again.post(list.with { $0[MCPName.session] = id })
        #expect(answer.status == 200, "\(answer.http.text)")
        #expect(try RunningHost.current.post(list.with { $0[MCPName.session] = id }).status == 404)
    }

    @Test("A connection carries 1,000 calls")
    func manyCalls() throws {
        let host = try RunningHost.current
        let session = try host.newSession()
        let connection = try host.connect()
        var right = 0
        for index in 0..<1000 {
            let call = MCPPost.call("echo", ["n": JSONValue(index)], id: JSONValue(index), version: "2025-06-18")
            try connection.send(host.bytes(call.with { $0[MCPName.session] = session }, closing: false))
            let answer = try MCPAnswer(connection.response())
            right += answer.response?["id"] == JSONValue(index) && answer.text == #"{"n":\#(index)}"# ? 1 : 0
        }
        #expect(right == 1000)
    }

    // MARK: Batches

    private static func batch(_ version: String, _ messages: [JSONValue]) -> MCPPost {
        MCPPost.legacy("tools/list", version: version).with { $0.message = .array(messages) }
    }
    private static func request(_ id: JSONValue, _ method: String = "ping", _ params: JSONValue = [:]) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params]
    }
    private static let note: JSONValue = [
        "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 9],
    ]

    @Test("2025-03-26 takes batches: an answer for each request, none for notifications")
    func batches() throws {
        let host = try RunningHost.current
        let call = Self.request("b", "tools/call", ["name": "echo", "arguments": ["n": 2]])
        let answer = try host.post(
            Self.batch("2025-03-26", [Self.request(1), Self.note, call, Self.request(3, "nothing"), 7]))
        let batchID = try #require(answer.http["X-Request-Id"])
        let line = host.logLine { $0["request_id"]?.string == batchID + ".3" }
        #expect(
            line?["tool"] == "echo" && line?["pack"] != nil && line?["method"] == "tools/call",
            "\(String(describing: line))")
        #expect(answer.status == 200, "\(answer.http.text)")
        #expect(answer.isBatch || answer.isStream)
        #expect(answer.responses.count == 4)
        func response(_ id: JSONValue) -> JSONValue? { answer.responses.first { $0["id"] == id } }
        #expect(response(1)?["result"] != nil)
        #expect(response("b")?["result"]?["structuredContent"] == ["n": 2])
        #expect(response(3)?["error"]?["code"] == -32601)
        #expect(response(nil)?["error"]?["code"] == -32600)
    }

    /// Which batches are refused, and where.
    static let batchRows: [MCPRow] =
        [
            MCPRow("2025-03-26: a batch of notifications is accepted", batch("2025-03-26", [note, note]), 202),
            MCPRow("2025-03-26: an empty batch is invalid", batch("2025-03-26", []), 400, -32600),
            MCPRow(
                "2025-03-26: initialize is no part of a batch",
                MCPPost(
                    message: [MCPPost.initialize("2025-03-26").message, request(1)]), 400, -32600),
        ]
        + ["2025-06-18", "2025-11-25"].map {
            MCPRow("\($0): there are no batches", batch($0, [request(1)]), 400, -32600)
        }
        + [
            MCPRow(
                "2026-07-28: there are no batches",
                MCPPost.modern("tools/list").with { $0.message = .array([$0.message]) }, 400, -32600),
            MCPRow(
                "2026-07-28: nor batches of notifications",
                MCPPost.modern("tools/list").with { $0.message = .array([note]) }, 400, -32600),
        ]

    @Test("Batches that are none", arguments: batchRows)
    func wrongBatches(_ row: MCPRow) throws { try row.check(.current) }
}
