// What the modern era wants said in each request, and which code tells what is missing.

import JSON
import NIOHTTP1
import Testing

@testable import HostMCP

@Suite struct ModernCodecTests {
    private static let version = "io.modelcontextprotocol/protocolVersion"
    private static let capabilities = "io.modelcontextprotocol/clientCapabilities"
    private static let meta: JSONValue = .object([version: "2026-07-28", capabilities: [:]])

    private func demand(
        _ method: String, _ params: JSONValue?, header: String? = "2026-07-28", _ more: [(String, String)] = [],
        stated: String? = nil
    ) throws -> ModernDemand {
        var message: JSONObject = ["jsonrpc": "2.0", "id": 1, "method": .string(method)]
        message["params"] = params
        var headers = HTTPHeaders(more.map { ($0.0, $0.1) })
        if let header { headers.add(name: "MCP-Protocol-Version", value: header) }
        headers.add(name: "Mcp-Method", value: stated ?? method)
        return try ModernCodec.demand(
            try RPCMessage.read(try JSONDocument(JSONValue.object(message)).root), MCPFields(headers))
    }

    private func code(_ body: () throws -> ModernDemand) -> RPCError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? RPCError)?.code
        }
    }

    @Test func soundRequestsAreUnderstood() throws {
        guard case .discover = try demand("server/discover", ["_meta": Self.meta]) else {
            Issue.record("no discovery")
            return
        }
        guard case .list(nil) = try demand("tools/list", ["_meta": Self.meta]) else {
            Issue.record("no list")
            return
        }
        guard case .list("c") = try demand("tools/list", ["_meta": Self.meta, "cursor": "c"]) else {
            Issue.record("no cursor")
            return
        }
        guard
            case .call(let call) = try demand(
                "tools/call", ["_meta": Self.meta, "name": "search", "arguments": ["a": 1]], [("Mcp-Name", " search ")])
        else {
            Issue.record("no call")
            return
        }
        #expect(call.name == "search")
        #expect(call.arguments.node?["a"]?.int64 == 1)
        #expect(call.progressToken == nil)
        guard
            case .listen(let filter) = try demand(
                "subscriptions/listen", ["_meta": Self.meta, "notifications": ["toolsListChanged": true]])
        else {
            Issue.record("no subscription")
            return
        }
        #expect(filter.toolsListChanged)
    }

    @Test func namesMayStandInBase64() throws {
        let params: JSONValue = ["_meta": Self.meta, "name": "search"]
        guard case .call = try demand("tools/call", params, [("mcp-name", "=?base64?c2VhcmNo?=")]) else {
            Issue.record("no call")
            return
        }
        #expect(code { try demand("tools/call", params, [("mcp-name", "=?base64?c2VhcmNp?=")]) } == .headerMismatch)
    }

    @Test(
        arguments: [
            [:], ["_meta": 1], ["_meta": [:]], ["_meta": .object([version: "2026-07-28"])],
            ["_meta": .object([capabilities: [:]])], ["_meta": .object([version: 1, capabilities: [:]])],
            ["_meta": .object([version: "2026-07-28", capabilities: []])],
        ] as [JSONValue])
    func whatEveryRequestCarriesIsNotLeftOut(params: JSONValue) {
        #expect(code { try demand("tools/list", params) } == .invalidParams)
    }

    @Test func headAndMessageAgree() {
        let params: JSONValue = ["_meta": Self.meta]
        #expect(code { try demand("tools/list", params, header: nil) } == .headerMismatch)
        #expect(code { try demand("tools/list", params, header: "2025-11-25") } == .headerMismatch)
        #expect(code { try demand("tools/list", params, stated: "tools/call") } == .headerMismatch)
        #expect(code { try demand("tools/list", params, stated: "TOOLS/LIST") } == .headerMismatch)
        #expect(code { try demand("tools/list", params, [("mcp-method", "tools/list")]) } == .headerMismatch)
        let call: JSONValue = ["_meta": Self.meta, "name": "search"]
        #expect(code { try demand("tools/call", call) } == .headerMismatch)
        #expect(code { try demand("tools/call", call, [("mcp-name", "Search")]) } == .headerMismatch)
    }

    /// A later revision may ask for other things beside its version, so nothing else is judged by the rules of this
    /// one.
    @Test func aLaterVersionIsToldTheListWhateverElseIsMissing() throws {
        let later = "2027-01-01"
        let (bare, full): (JSONValue, JSONValue) = (
            .object([Self.version: .string(later)]), .object([Self.version: .string(later), Self.capabilities: [:]])
        )
        for (meta, header, method) in [
            (full, later, "tools/call"), (bare, later, "tools/list"), (bare, nil, "tools/list"),
            (full, "2028", "tools/list"),
        ] as [(JSONValue, String?, String)] {
            let error = #expect(throws: RPCError.self) {
                try demand("tools/list", ["_meta": meta], header: header, stated: method)
            }
            #expect(error?.code == .unsupportedVersion, "\(meta) \(header ?? "")")
            #expect(error?.data?["requested"]?.string == later)
            #expect(error?.data?["supported"]?.array?.contains("2026-07-28") == true)
        }
        // One of the two is spoken here: which of them is meant?
        for header in ["2026-07-28", "2025-11-25"] {
            #expect(code { try demand("tools/list", ["_meta": full], header: header) } == .headerMismatch)
        }
        #expect(code { try demand("tools/list", ["_meta": Self.meta], header: later) } == .headerMismatch)
        let handshake = #expect(throws: RPCError.self) { try demand("initialize", ["_meta": bare], header: nil) }
        #expect(handshake?.code == .unsupportedVersion && handshake?.data?["supported"] != nil)
    }

    @Test func unknownVersionsAndMethodsAreNamed() {
        let meta: JSONValue = .object([Self.version: "2099-01-01", Self.capabilities: [:]])
        #expect(code { try demand("tools/list", ["_meta": meta], header: "2099-01-01") } == .unsupportedVersion)
        for method in ["ping", "initialize", "logging/setLevel", "resources/list", "prompts/list", "nonsense"] {
            #expect(code { try demand(method, ["_meta": Self.meta]) } == .methodNotFound)
        }
    }

    @Test func spellingsOfOneCharacterAreNotTheSameName() {
        // The sign for kelvin and K, and an accent that stands alone or not.
        let call: JSONValue = ["_meta": Self.meta, "name": "K\u{E9}"]
        for name in ["\u{212A}\u{E9}", "Ke\u{301}"] {
            #expect(code { try demand("tools/call", call, [("mcp-name", name)]) } == .headerMismatch)
        }
        #expect(code { try demand("tools/call", call, [("mcp-name", "K\u{E9}")]) } == nil)
        #expect(code { try demand("e\u{301}", ["_meta": Self.meta], stated: "\u{E9}") } == .headerMismatch)
    }

    @Test func aHandshakeIsToldTheVersionsThatHaveOne() throws {
        let handshakes: [(JSONValue?, RPCError.Code)] = [
            (["protocolVersion": "2025-11-25"], .unsupportedVersion), (nil, .unsupportedVersion),
            // A request of this revision in every other respect.
            (["_meta": Self.meta], .methodNotFound),
        ]
        for (params, code) in handshakes {
            let error = #expect(throws: RPCError.self) { try demand("initialize", params) }
            #expect(error?.code == code)
            #expect(error?.data?["requested"] == "2026-07-28")
            #expect(error?.data?["supported"]?.array?.contains("2025-11-25") == true)
        }
    }

    @Test(
        arguments: [
            ("tools/list", ["cursor": 1]), ("tools/call", [:]), ("tools/call", ["name": 1]),
            ("tools/call", ["name": "a", "arguments": []]),
            ("subscriptions/listen", [:]), ("subscriptions/listen", ["notifications": []]),
            ("subscriptions/listen", ["notifications": ["toolsListChanged": 1]]),
        ] as [(String, JSONValue)])
    func parametersAreChecked(method: String, params: JSONValue) {
        var object = params.object ?? [:]
        object["_meta"] = Self.meta
        #expect(code { try demand(method, .object(object), [("mcp-name", "a")]) } == .invalidParams)
    }
}
