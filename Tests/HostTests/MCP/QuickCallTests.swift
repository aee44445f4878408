// What is read quickly reads the same without haste, and what clients send is read quickly.

import JSON
import JSONSchema
import NIOHTTP1
import Testing

@testable import HostMCP

@Suite struct QuickCallTests {
    private static let schema: JSONValue = [
        "type": "object", "required": ["query"],
        "properties": ["query": ["type": "string"], "limit": ["type": "integer", "minimum": 1]],
        "additionalProperties": false,
    ]
    private static let headers: HTTPHeaders = [
        "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "search",
    ]
    private static let version = #""io.modelcontextprotocol/protocolVersion":"2026-07-28""#
    private static let capabilities = #""io.modelcontextprotocol/clientCapabilities":{}"#
    private static let meta = #""_meta":{\#(version),\#(capabilities)}"#

    private func read(_ text: String) throws -> QuickCall? {
        QuickCall.read(Array(text.utf8), calling: "search", with: try CompiledSchema(Self.schema))
    }

    private static func message(_ params: String, id: String = "1") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{\#(params)}}"#
    }

    @Test func aMessageIsTakenApart() throws {
        let call = try #require(
            try read(Self.message(#""name":"search","arguments":{"query":"a","limit":5},\#(Self.meta)"#)))
        #expect(call.id == .integer(1))
        guard case .text(let text, let fits) = call.demand("search").arguments else {
            Issue.record("no arguments")
            return
        }
        #expect(String(decoding: text, as: UTF8.self) == #"{"query":"a","limit":5}"#)
        #expect(fits)
    }

    static let usual = [
        message(#""name":"search","arguments":{"query":"a"},\#(meta)"#),
        message(#""_meta":{\#(capabilities),\#(version)},"arguments":{"query":"a"},"name":"search""#),
        message(#""name":"search",\#(meta)"#),
        message(#""name":"search","arguments":{},\#(meta)"#),
        message(#""name":"search","arguments":{"limit":"x","more":[{"a":null}]},\#(meta)"#),
        message(#""name":"search",\#(meta)"#, id: #""a-1""#),
        message(#""name":"search",\#(meta)"#, id: "0"),
        #"{"method":"tools/call","params":{"name":"search",\#(meta)},"jsonrpc":"2.0","id":7}"#,
        message(
            #""name":"search","_meta":{\#(version),"io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},"#
                + #""io.modelcontextprotocol/clientCapabilities":{"elicitation":{},"roots":{"listChanged":true}},"#
                + #""io.modelcontextprotocol/logLevel":"info"}"#),
        " \n{\t\"jsonrpc\": \"2.0\",\r\n \"id\": 12 , \"method\": \"tools/call\", \"params\": { \"name\": \"search\" , "
            + #""arguments": {"query": "a"} , \#(meta) } } "#,
    ]

    @Test(arguments: usual) func whatClientsSendIsRead(text: String) throws {
        #expect(try read(text) != nil)
        #expect(try agrees(text))
    }

    static let unusual = [
        "", "{}", "[]", "null", "{", message(""),
        "[\(message(#""name":"search",\#(meta)"#))]", message(#""name":"search",\#(meta)"#) + "x",
        "\u{FEFF}" + message(#""name":"search",\#(meta)"#),
        message(#""name":"other",\#(meta)"#), message(#""name":"se\u0061rch",\#(meta)"#),
        message(#""n\u0061me":"search",\#(meta)"#), message(#""name":"search","name":"search",\#(meta)"#),
        message(#""name":"search",\#(meta),\#(meta)"#), message(#""name":"search","arguments":null,\#(meta)"#),
        message(#""name":"search","arguments":[],\#(meta)"#),
        message(#""name":"search","arguments":{"a":1,"a":2},\#(meta)"#),
        message(#""name":"search","arguments":{"query":"a"},"arguments":{"query":"a"},\#(meta)"#),
        message(#""name":"search","arguments":{"query":"\#u{1}"},\#(meta)"#),
        message(#""name":"search","task":{},\#(meta)"#), message(#""name":"search""#),
        message(#""name":"search","_meta":{}"#), message(#""name":"search","_meta":null"#),
        message(#""name":"search","_meta":{\#(version)}"#), message(#""name":"search","_meta":{\#(capabilities)}"#),
        message(#""name":"search","_meta":{\#(version),"io.modelcontextprotocol/clientCapabilities":[]}"#),
        message(#""name":"search","_meta":{\#(version),\#(capabilities),"progressToken":1}"#),
        message(#""name":"search","_meta":{\#(version),\#(capabilities),"toolhost/idempotencyKey":"k"}"#),
        message(#""name":"search","_meta":{\#(version),\#(capabilities),"traceparent":"t"}"#),
        message(#""name":"search","_meta":{\#(version),\#(version),\#(capabilities)}"#),
        message(#""name":"search",\#(meta)"#, id: "null"), message(#""name":"search",\#(meta)"#, id: "1.5"),
        message(#""name":"search",\#(meta)"#, id: "01"), message(#""name":"search",\#(meta)"#, id: #"01"a""#),
        message(#""name":"search",\#(meta)"#, id: "1e0"),
        message(#""name":"search",\#(meta)"#, id: "-1"),
        message(#""name":"search",\#(meta)"#, id: "1234567890123456789"),
        message(#""name":"search",\#(meta)"#, id: "\"\(String(repeating: "a", count: 257))\""),
        message(#""name":"search",\#(meta)"#, id: #""\n""#), message(#""name":"search",\#(meta)"#, id: #"1,"id":1"#),
        #"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"search",\#(meta)}}"#,
        #"{"jsonrpc":"1.0","id":1,"method":"tools/call","params":{"name":"search",\#(meta)}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"name":"search",\#(meta)}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","result":{},"params":{"name":"search",\#(meta)}}"#,
        #"{"jsonrpc" :"2.0","id":1,"method":"tools/call","params":{"name":"search",\#(meta)}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search",\#(meta)},}"#,
    ]

    @Test(arguments: unusual) func whatIsUnusualIsLeftToTheCodec(text: String) throws {
        #expect(try read(text) == nil)
    }

    /// However much a body may have.
    @Test func aTextIsNoLongerThanTheCodecTakes() throws {
        let text = Self.message("\"name\":\"search\",\(Self.meta)")
        let space = String(repeating: " ", count: MCPEndpoint.jsonLimits.maximumBytes)
        #expect(try read(text) != nil)
        #expect(try read(space + text) == nil)
    }

    /// Three objects are around what `_meta` has, two around the arguments: the same depth is allowed on either way.
    @Test(arguments: 60...68) func depthCountsFromTheMessageOn(depth: Int) throws {
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let inMeta = Self.message(
            #""name":"search","_meta":{\#(Self.version),\#(Self.capabilities),"#
                + #""io.modelcontextprotocol/clientInfo":\#(nested)}"#)
        let inArguments = Self.message(#""name":"search","arguments":{"x":\#(nested)},\#(Self.meta)"#)
        for text in [inMeta, inArguments] {
            #expect(try (read(text) != nil) == (slowly(text) != nil))
        }
    }

    /// Messages with something done to them that may or may not matter.
    @Test(arguments: 0..<40) func whatIsReadQuicklyReadsTheSameWithoutHaste(seed: Int) throws {
        var random = Noise(state: UInt64(seed))
        var (quick, slow) = (0, 0)
        for _ in 0..<250 {
            var bytes = Array(try #require(Self.usual.randomElement(using: &random)).utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) { change(&bytes, &random) }
            guard let text = String(validating: bytes, as: UTF8.self) else { continue }
            if try read(text) == nil { slow += 1 } else { quick += 1 }
            #expect(try agrees(text), "\(text)")
        }
        #expect(quick > 0 && slow > 0)
    }

    private func change(_ bytes: inout [UInt8], _ random: inout Noise) {
        let (one, other) = (
            Int.random(in: 0..<bytes.count, using: &random), Int.random(in: 0..<bytes.count, using: &random)
        )
        let part = min(one, other)..<max(one, other)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[one] = UInt8.random(in: 0x09...0x7E, using: &random)
        case 1: bytes.insert(contentsOf: [0x20, 0x0A].shuffled(using: &random), at: one)
        case 2: bytes.insert(contentsOf: Array(bytes[part]), at: part.upperBound)
        case 3: bytes.removeSubrange(part)
        case 4: bytes.insert(contentsOf: Array(#"\u0061"#.utf8), at: one)
        default: bytes.insert(contentsOf: Array("\",:{}[]0 tn".utf8).shuffled(using: &random).prefix(1), at: one)
        }
    }

    private struct Noise: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29 ^ state >> 43
        }
    }

    /// The call that the codec makes of a message.
    private func slowly(_ text: String) throws -> (id: RPCID, demand: CallDemand)? {
        let limits = MCPEndpoint.jsonLimits
        guard let document = try? JSONDocument(parsing: text, limits: limits),
            let message = try? RPCMessage.read(document.root), let id = message.id,
            case .call(let demand)? = try? ModernCodec.demand(message, MCPFields(Self.headers))
        else { return nil }
        return (id, demand)
    }

    /// Whether both ways come to the same, where the quick one comes to anything.
    private func agrees(_ text: String) throws -> Bool {
        guard let quick = try read(text) else { return true }
        let call = quick.demand("search")
        guard let (id, demand) = try slowly(text), quick.id == id, demand.name == call.name,
            demand.progressToken == nil,
            [.idempotencyKey, .openAISubject, .openAISession, .traceparent].allSatisfy({ demand.meta?[$0] == nil })
        else { return false }
        guard case .text(let arguments, let fits) = call.arguments else { return demand.arguments.node == nil }
        guard let node = demand.arguments.node, node.sourceText == arguments else { return false }
        return try !fits || CompiledSchema(Self.schema).isValid(node)
    }
}
