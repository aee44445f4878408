// The messages of this host to the last byte.

import JSON
import NIOHTTP1
import Testing

@testable import HostCalls
@testable import HostHTTP
@testable import HostMCP

@Suite struct RPCEnvelopeTests {
    private static let none: [UInt8] = Array("{}".utf8)

    private static let rows: [(message: [UInt8], text: String)] = [
        (RPCEnvelope.response(id: .integer(-7), result: none), #"{"jsonrpc":"2.0","id":-7,"result":{}}"#),
        (RPCEnvelope.response(id: .string("a\"b"), result: none), #"{"jsonrpc":"2.0","id":"a\"b","result":{}}"#),
        (
            RPCError(.parse, "No.").body(id: nil),
            #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"No."}}"#
        ),
        (
            RPCError(.forbidden, "No.", data: ["a": 1]).body(id: .integer(2)),
            #"{"jsonrpc":"2.0","id":2,"error":{"code":-32003,"message":"No.","data":{"a":1}}}"#
        ),
        (
            RPCEnvelope.notification("notifications/progress", params: none),
            #"{"jsonrpc":"2.0","method":"notifications/progress","params":{}}"#
        ),
        (RPCEnvelope.batch([none]), "[{}]"), (RPCEnvelope.batch([none, none]), "[{},{}]"),
    ]

    @Test(arguments: rows.indices)
    func everyMessageHasItsBytes(row: Int) {
        #expect(String(decoding: Self.rows[row].message, as: UTF8.self) == Self.rows[row].text)
    }

    @Test(arguments: [
        (RPCID.integer(3), "3"), (.integer(.min), "-9223372036854775808"), (.string("\u{1}\u{1F95B}"), #""\u0001🥛""#),
    ])
    func aResultIsTheSameOnTheFastWay(id: RPCID, text: String) {
        let result = ToolResult(era: .legacy, serverMeta: [], serverInfo: [:])
        let content = ResultText(copying: #"{"a":"b"}"#.utf8.span)
        #expect(
            String(decoding: result.success(content, id: id).bytes, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":\#(text),"result":{"content":[{"type":"text","text":"{\"a\":\"b\"}"}],"#
                + #""structuredContent":{"a":"b"}}}"#)
    }

    @Test func aFailureIsAResult() {
        let result = ToolResult(era: .modern, serverMeta: [], serverInfo: [:])
        let body = result.failure(Problem(.notFound, "gone", "It is gone."), id: .integer(1), requestID: "r")
        let text = String(decoding: body, as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"It is gone."}],"isError":true,"#
                    + #""resultType":"complete","_meta":{"#))
        #expect(text.hasSuffix("}}}}"))
    }
}
