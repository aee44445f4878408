// The head as MCP reads it.

import NIOHTTP1
import Testing

@testable import HostHTTP
@testable import HostMCP

extension MCPFields {
    init(_ headers: HTTPHeaders) {
        self.init(headers, RequestFields(headers))
    }
}

@Suite struct MCPFieldsTests {
    @Test func fieldsAreFoundWhateverTheirCase() {
        let fields = MCPFields([
            "MCP-PROTOCOL-VERSION": " 2026-07-28\t", "Mcp-Method": "tools/call", "mcp-name": "search",
            "Mcp-Session-Id": "abc", "Mcp-Param-Region": " eu ", "Idempotency-Key": "k", "TraceParent": "00-1-2-3",
            "openai-conversation-id": "c", "OpenAI-Ephemeral-User-Id": "u", "Mcp-Methodical": "x",
        ])
        #expect(fields.version == "2026-07-28")
        #expect(fields.method == "tools/call")
        #expect(fields.name == "search")
        #expect(fields.sessionID == "abc")
        #expect(fields.parameters == ["region": "eu"])
        #expect(fields.common[.idempotencyKey] == ["k"])
        #expect(fields.common.first(.traceparent) == "00-1-2-3")
        #expect(fields.common.first(.conversationID) == "c")
        #expect(fields.common.first(.ephemeralUser) == "u")
        #expect(fields.repeated == nil)
    }

    @Test(arguments: ["mcp-protocol-version", "Mcp-Method", "Mcp-Name", "Mcp-Session-Id", "Mcp-Param-A"])
    func aFieldThatStandsTwiceIsNoticed(name: String) {
        #expect(MCPFields([name: "a", name.lowercased(): "a"]).repeated != nil)
        #expect(MCPFields([name: "a"]).repeated == nil)
    }

    @Test(
        arguments: [
            (["application/json, text/event-stream"], .both), (["text/event-stream", "application/json"], .both),
            (["application/json;q=0.9,text/event-stream;q=0.1"], .both), (["*/*"], .both), ([], .both),
            (["application/*, text/*"], .both), (["APPLICATION/JSON, TEXT/EVENT-STREAM"], .both),
            ([""], .both), (["", " "], .both),
            (["application/json"], .json), (["application/*"], .json), (["application/json, text/html"], .json),
            (["application/json, text/event-stream;q=0"], .json), (["*/*, text/event-stream; q=0.0"], .json),
            (["text/event-stream"], .events), (["text/*"], .events), (["*/*, application/*;q=0"], .events),
            (["application/jsonx, text/event-stream"], .events),
            (["text/html"], nil), (["*/*;q=0"], nil), (["application/json;q=0, text/event-stream;q=0"], nil),
            (["application/jsonx"], nil), ([","], nil),
        ] as [([String], MediaRanges.Forms?)])
    func oneFormOfAnswerIsEnough(accept: [String], forms: MediaRanges.Forms?) {
        #expect(MediaRanges.forms(accept) == forms)
    }
}
