// Messages are told apart, and what is none is told why, under its own id where it has one.

import JSON
import NIOHTTP1
import Testing

@testable import HostHTTP
@testable import HostMCP

@Suite struct RPCMessageTests {
    private func read(_ text: String) throws -> RPCMessage {
        try RPCMessage.read(try JSONDocument(parsing: text).root)
    }

    @Test func kindsAreToldByTheirMembers() throws {
        let request = try read(#"{"jsonrpc":"2.0","id":"a","method":"tools/list","params":{"_meta":{"x":1}}}"#)
        #expect(request.kind == .request(.string("a")))
        #expect(request.id == .string("a"))
        #expect(request.params?["_meta"]?["x"]?.int64 == 1)
        #expect(try read(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).kind == .notification)
        #expect(try read(#"{"jsonrpc":"2.0","id":1,"result":{}}"#).kind == .response)
        #expect(try read(#"{"jsonrpc":"2.0","id":1,"error":{}}"#).kind == .response)
    }

    @Test func idsKeepTheirKind() throws {
        #expect(try read(#"{"jsonrpc":"2.0","id":0,"method":"ping"}"#).id == .integer(0))
        #expect(try read(#"{"jsonrpc":"2.0","id":"0","method":"ping"}"#).id == .string("0"))
        #expect(RPCID.integer(0) != RPCID.string("0"))
        #expect(RPCID.string("e\u{301}") != RPCID.string("\u{E9}"))
        #expect(Set([RPCID.string("K"), .string("\u{212A}"), .string("K"), .integer(1), .integer(1)]).count == 3)
    }

    @Test func parametersMayBeLeftOutOrNull() throws {
        #expect(try read(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#).params == nil)
        #expect(try read(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":null}"#).params == nil)
    }

    @Test(arguments: [
        ("1", RPCError.Code.invalidRequest, nil),
        (#"{"id":1,"method":"ping"}"#, .invalidRequest, RPCID.integer(1)),
        (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, .invalidRequest, .integer(1)),
        (#"{"jsonrpc":2.0,"id":1,"method":"ping"}"#, .invalidRequest, .integer(1)),
        (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, .invalidRequest, nil),
        (#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, .invalidRequest, nil),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, .invalidRequest, nil),
        (#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, .invalidRequest, nil),
        (#"{"jsonrpc":"2.0","id":1}"#, .invalidRequest, .integer(1)),
        (#"{"jsonrpc":"2.0","id":1,"method":7}"#, .invalidRequest, .integer(1)),
        (#"{"jsonrpc":"2.0","result":{}}"#, .invalidRequest, nil),
        (#"{"jsonrpc":"2.0","id":"x","method":"ping","params":7}"#, .invalidRequest, .string("x")),
        (#"{"jsonrpc":"2.0","id":"x","method":"ping","params":[]}"#, .invalidParams, .string("x")),
    ])
    func whatIsNoMessageIsToldWhy(text: String, code: RPCError.Code, id: RPCID?) throws {
        let node = try JSONDocument(parsing: text).root
        let malformed = #expect(throws: RPCMessage.Malformed.self) { try RPCMessage.read(node) }
        #expect(malformed?.error.code == code)
        #expect(malformed?.id == id)
    }

    @Test func namesThatClientsChooseAreShort() throws {
        let (long, longer) = (String(repeating: "x", count: 256), String(repeating: "x", count: 257))
        #expect(try read(#"{"jsonrpc":"2.0","id":"\#(long)","method":"ping"}"#).id == .string(long))
        let malformed = #expect(throws: RPCMessage.Malformed.self) {
            try read(#"{"jsonrpc":"2.0","id":"\#(longer)","method":"ping"}"#)
        }
        #expect(malformed?.error.code == .invalidRequest)
        #expect(malformed?.id == nil)
        func token(_ text: String) throws -> RPCID? {
            let params = try JSONDocument(parsing: #"{"name":"a","_meta":{"progressToken":"\#(text)"}}"#).root
            return try CallDemand(RPCParameters(params)).progressToken
        }
        #expect(try token(long) == .string(long))
        let refusal = #expect(throws: RPCError.self) { try token(longer) }
        #expect(refusal?.code == .invalidParams)
    }

    @Test func errorsCarryTheirCodeAndId() throws {
        let body = RPCError.unsupportedVersion("2099-01-01").body(id: .string("a\"b"))
        let value = try JSONValue(parsing: body)
        #expect(value["jsonrpc"] == "2.0")
        #expect(value["id"] == "a\"b")
        #expect(value["error"]?["code"] == -32022)
        #expect(value["error"]?["data"]?["requested"] == "2099-01-01")
        #expect(
            value["error"]?["data"]?["supported"] == ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"])
        #expect(try JSONValue(parsing: RPCError(.parse, "").body(id: nil))["id"] == .null)
    }

    @Test(arguments: [
        (RPCError.Code.parse, 400), (.invalidRequest, 400), (.methodNotFound, 404), (.invalidParams, 400),
        (.headerMismatch, 400), (.unsupportedVersion, 400), (.forbidden, 403), (.internalError, 500),
    ])
    func eachErrorHasItsStatus(code: RPCError.Code, status: Int) {
        #expect(RPCError(code, "").response(id: nil).status.code == UInt(status))
    }
}
