// A whole answer on the wire: its form, and that no value can add to it.

import NIOCore
import NIOHTTP1
import Testing

@testable import ToolHost

@Suite struct ResponseBytesTests {
    private func text(_ status: HTTPResponseStatus, body: String = "", _ fill: (inout ResponseBytes) -> Void) -> String
    {
        var bytes = ResponseBytes(status)
        fill(&bytes)
        return String(buffer: bytes.finish(body: Array(body.utf8), ByteBufferAllocator()))
    }

    @Test func headThenBody() {
        let answer = text(.ok, body: "{}") { bytes in
            bytes.field("content-length", "2")
            bytes.field("x-request-id", "a-1")
        }
        #expect(answer == "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-request-id: a-1\r\n\r\n{}")
    }

    @Test(arguments: ["a\r\nset-cookie: x", "a\n\nbody", "a\u{0}b", "a\u{7F}b"])
    func noValueEndsItsField(value: String) {
        let lines = text(.found) { $0.field("location", value) }
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4)
        #expect(lines[1].hasPrefix("location: a "))
        #expect(lines[1].utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }
}
