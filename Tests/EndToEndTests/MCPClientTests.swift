// Client libraries that people use, against a real host: what they list, call, hear and cancel.

import JSON
import Testing

@Suite(
    "MCP clients", .serialized,
    .host(["good", "jobs", "parameter_headers"], environment: ["HTTP_SHUTDOWN_TIMEOUT": "2s"]))
struct MCPClientTests {
    /// A library in one of its modes.
    struct Library: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let driver: String
        var mode = ""
        /// What it agrees on with the host.
        let version: String
        /// Numbers of jobs from here on are its own.
        let firstJob: Int
        let calls: Int
        /// In the handshake's eras libraries drop connections themselves: behind a 202, and behind each GET that was a
        /// 405.
        var mostConnections: Int64 { version == MCPName.modern ? 1 : 6 }
        var isEarlier = false
    }

    static let libraries = [
        Library(
            testDescription: "mcp 2.x", driver: "mcp_official", mode: "auto", version: "2026-07-28", firstJob: 10,
            calls: 1000),
        Library(
            testDescription: "mcp 2.x, legacy mode", driver: "mcp_official", mode: "legacy", version: "2025-11-25",
            firstJob: 20, calls: 200),
        Library(
            testDescription: "mcp 1.x", driver: "mcp_earlier", version: "2025-11-25", firstJob: 30, calls: 1000,
            isEarlier: true),
        Library(testDescription: "fastmcp", driver: "mcp_fastmcp", version: "2026-07-28", firstJob: 40, calls: 200),
    ]

    @Test("Lists, calls, errors, progress, cancellation, two at once, many on one connection", arguments: libraries)
    func scenario(_ library: Library) throws {
        let host = try RunningHost.current
        let (id, secret) = try host.client()
        let finished = try run(
            library.isEarlier ? Setup.earlierPython : Setup.python,
            [
                "\(Setup.root)/Tests/Fixtures/\(library.driver).py", "http://127.0.0.1:\(host.port)/mcp",
                String(library.firstJob), String(library.calls), library.mode,
            ],
            environment: ["MCP_CLIENT_ID": id, "MCP_CLIENT_SECRET": secret, "PYTHONDONTWRITEBYTECODE": "1"],
            within: .seconds(300))
        #expect(finished.succeeded, "\(finished.errors.suffix(4000))")
        let outcome = try #require(try? JSONValue(parsing: finished.output), "\(finished.output)")

        #expect(outcome["version"]?.string == library.version)
        let names = try host.post(.modern("tools/list")).result?["tools"]?.array?.compactMap { $0["name"] }
        #expect(names != nil && outcome["names"]?.array == names)
        try expectResult(outcome["call"], ["text": "Käse 🧀", "n": 1.5])
        try expectResult(outcome["pending"], ["a": [1, nil]])
        try expectResult(outcome["mirrored"]?["result"], ["region": "Größe", "count": 3, "deep": ["tenant": " t"]])
        #expect(outcome["unknown"] == ["code": -32602])

        let refusal = outcome["toolError"]?["result"]
        #expect(refusal?["isError"] == true)
        #expect(refusal?["text"]?.string?.contains("try another status") == true)
        let violation = outcome["violation"]?["result"]
        #expect(violation?["isError"] == true)
        #expect(violation?["text"]?.string?.contains("plain") == true)

        let note: JSONValue = "one step more"
        #expect(outcome["progress"]?["heard"] == [[1, nil, note], [2, nil, note], [3, nil, note]])
        #expect(outcome["progress"]?["result"] == ["job": JSONValue(library.firstJob + 2), "done": 3])

        let two = outcome["twoClients"]
        #expect(two?["cancelled"] == [1, -6])
        #expect(two?["other"] == 0)
        #expect(two?["results"] == [["job": JSONValue(library.firstJob + 1), "done": 0]])

        #expect(outcome["burst"]?["right"]?.int64 == Int64(library.calls))
        let connections = try #require(outcome["burst"]?["connections"]?.int64)
        #expect((1...library.mostConnections).contains(connections))
    }

    /// The result of a call that went well, in both of its forms.
    private func expectResult(_ result: JSONValue?, _ wanted: JSONValue) throws {
        #expect(result?["structured"] == wanted)
        #expect(result?["isError"] == false)
        let text = try #require(result?["text"]?.string)
        #expect(try JSONValue(parsing: text) == wanted)
    }
}
