// What the legacy era asks for: the handshake, pings, the list, calls, cancellations.

import JSON
import Testing

@testable import HostMCP

@Suite struct LegacyCodecTests {
    private func message(_ text: String) throws -> RPCMessage {
        try RPCMessage.read(try JSONDocument(parsing: text).root)
    }

    private func request(_ method: String, _ params: JSONValue) throws -> RPCMessage {
        let value: JSONValue = ["jsonrpc": "2.0", "id": 0, "method": .string(method), "params": params]
        return try RPCMessage.read(try JSONDocument(value).root)
    }

    @Test func requestsAreUnderstood() throws {
        guard
            case .initialize(.june2025) = try LegacyCodec.demand(
                request("initialize", ["protocolVersion": "2025-06-18"]))
        else {
            Issue.record("no handshake")
            return
        }
        guard case .ping = try LegacyCodec.demand(request("ping", [:])) else {
            Issue.record("no ping")
            return
        }
        let params: JSONValue = ["name": "search", "arguments": nil, "_meta": ["progressToken": 0]]
        guard case .call(let call) = try LegacyCodec.demand(request("tools/call", params)) else {
            Issue.record("no call")
            return
        }
        #expect(call.progressToken == .integer(0))
        guard case .none = call.arguments else {
            Issue.record("arguments that nobody sent")
            return
        }
    }

    @Test func cancellationsNameARequest() throws {
        let cancelled = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":0}}"#
        #expect(LegacyCodec.cancelled(try message(cancelled)) == .integer(0))
        for text in [
            #"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":[]}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"notifications/cancelled","params":{"requestId":0}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/initialized","params":{"requestId":0}}"#,
            #"{"jsonrpc":"2.0","id":3,"result":{}}"#,
        ] {
            #expect(LegacyCodec.cancelled(try message(text)) == nil, "\(text)")
        }
    }

    @Test(
        arguments: [
            ("initialize", [:], RPCError.Code.invalidParams), ("initialize", ["protocolVersion": 1], .invalidParams),
            ("tools/call", ["name": "a", "_meta": ["progressToken": 1.5]], .invalidParams),
            ("tools/call", ["name": "a", "_meta": ["progressToken": true]], .invalidParams),
            ("server/discover", [:], .methodNotFound), ("subscriptions/listen", [:], .methodNotFound),
            ("resources/read", ["uri": "a:b"], .methodNotFound), ("prompts/get", ["name": "a"], .methodNotFound),
            ("completion/complete", [:], .methodNotFound), ("logging/setLevel", ["level": "info"], .methodNotFound),
            ("resources/subscribe", ["uri": "a:b"], .methodNotFound), ("roots/list", [:], .methodNotFound),
        ] as [(String, JSONValue, RPCError.Code)])
    func whatMakesNoSenseIsTold(method: String, params: JSONValue, code: RPCError.Code) throws {
        let message = try request(method, params)
        #expect(throws: RPCError.self) { try LegacyCodec.demand(message) }
        do {
            _ = try LegacyCodec.demand(message)
        } catch {
            #expect(error.code == code)
        }
    }

    @Test(arguments: ["prompts/list", "resources/list", "resources/templates/list"])
    func listsOfNothingAreEmpty(method: String) throws {
        guard case .emptyList(let list) = try LegacyCodec.demand(try request(method, [:])) else {
            Issue.record("no empty list")
            return
        }
        #expect(list.rawValue == method)
        #expect(try JSONValue(parsing: list.result).object?.allSatisfy { $0.value.array?.isEmpty == true } == true)
    }

    @Test func onlyTheHandshakeAndPingsComeBeforeASession() throws {
        #expect(!LegacyCodec.needsSession(try request("initialize", [:])))
        #expect(!LegacyCodec.needsSession(try request("ping", [:])))
        #expect(LegacyCodec.needsSession(try request("tools/list", [:])))
        #expect(LegacyCodec.needsSession(try message(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)))
    }

    @Test func methodsInTheLogAreBounded() {
        #expect(MCPMethod.label(of: "tools/call") == "tools/call")
        #expect(MCPMethod.label(of: "tools/call2") == "other")
        #expect(MCPMethod.label(of: "") == "response")
    }
}
