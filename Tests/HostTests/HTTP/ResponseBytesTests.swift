// A whole answer on the wire: its form, and that no value can add to it.

import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import HostCalls
@testable import HostHTTP

@Suite struct ResponseBytesTests {
    private func text(_ status: HTTPResponseStatus, body: String = "", _ fill: (inout ResponseBytes) -> Void) -> String
    {
        var bytes = ResponseBytes(status, bodySize: body.utf8.count, ByteBufferAllocator())
        fill(&bytes)
        return String(buffer: bytes.finish(body: body.utf8.span))
    }

    @Test func headThenBody() {
        let answer = text(.ok, body: "{}") { bytes in
            bytes.field("content-length", "2")
            bytes.field("x-request-id", "a-1")
        }
        #expect(answer == "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-request-id: a-1\r\n\r\n{}")
    }

    /// The length is known last and said all the same, whatever it is.
    @Test(arguments: [0, 1, 100, 5_000, 1_000_000])
    func aResultIsWrittenBehindItsHead(length: Int) throws {
        let content = Array("[\(String(repeating: "\"\",", count: length))0]".utf8)
        let frame = FramedResult.Frame(
            start: #"{"id":"#, beforeText: #","text":"#, beforeValue: #","value":"#, inPlaceOfValue: "",
            end: Array("}".utf8))
        let message = FramedResult(
            frame: frame, label: .string("\n"), content: ResultText(copying: content.span), hasValue: true)
        let body = String(decoding: message.bytes, as: UTF8.self)
        // The first of these ids leaves no room for the length in what a head gets at first.
        for id in [String(repeating: "a", count: 470), String(repeating: "a", count: 2_000), "a-1"] {
            var bytes = ResponseBytes(.ok, bodySize: message.room, ByteBufferAllocator())
            bytes.field("x-request-id", id)
            let answer = String(buffer: bytes.finish(body: message))
            #expect(
                answer == "HTTP/1.1 200 OK\r\nx-request-id: \(id)\r\ncontent-length: \(body.utf8.count)\r\n\r\n" + body)
        }
        #expect(try JSONValue(parsing: body)["value"] == JSONValue(parsing: content))
    }

    /// More than there is room for at first.
    @Test func manyFieldsAreKept() {
        let values = (0..<40).map { String(repeating: "v", count: $0 * 7) + "\($0)" }
        let lines = text(.ok, body: "x") { bytes in
            for value in values { bytes.field("x-value", value) }
        }.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.map(String.init) == ["HTTP/1.1 200 OK"] + values.map { "x-value: \($0)" } + ["", "x"])
    }

    @Test(arguments: ["a\r\nset-cookie: x", "a\n\nbody", "a\u{0}b", "a\u{7F}b", "a\u{7F} and more\nthan a word"])
    func noValueEndsItsField(value: String) {
        let lines = text(.found) { $0.field("location", value) }
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4)
        #expect(lines[1].hasPrefix("location: a "))
        #expect(lines[1].utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }
}
