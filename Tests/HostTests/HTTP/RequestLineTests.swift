// First lines that the parser takes and RFC 9112 does not, wherever the bytes are cut.

import NIOCore
import Testing

@testable import HostHTTP

@Suite struct RequestLineTests {
    private func heads(_ pieces: [String]) throws -> [Bool?] { try GuardedParser(pieces.map(\.utf8)).heads }

    private static let end = "\r\nHost: a\r\n\r\n"
    private static let post = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n{}\r\n"
    private static let chunks = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"

    private static let strict = [
        "GET / HTTP/1.1", "GET / HTTP/1.0", "OPTIONS * HTTP/1.1", "GET http://a/b?c HTTP/1.1", "\r\nGET / HTTP/1.1",
        "\r\n\r\n\nGET / HTTP/1.1", "\nGET / HTTP/1.1", "M-SEARCH / HTTP/1.1", "GET /HTTP/1.1 HTTP/1.1",
    ]
    private static let lenient = [
        "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET  /  HTTP/1.1", "GET   / HTTP/1.0", "GET / RTSP/1.0",
        "\rGET / HTTP/1.1",
        "\r\rGET / HTTP/1.1", "\r\n\rGET / HTTP/1.1", "GET          /HTTP/1.1 HTTP/1.1",
    ]

    /// In one piece, byte by byte, and behind other requests.
    private static let before = ["", post, chunks, "GET /b HTTP/1.1" + end, post + chunks + post]

    @Test(arguments: strict, before)
    func linesOfTheStandardAreTaken(line: String, before: String) throws {
        let count = before.isEmpty ? 1 : before.components("HTTP/1.1\r\n") + 1
        let text = before + line + Self.end
        let expected = [Bool?](repeating: true, count: count)
        #expect(try heads([text]) == expected)
        #expect(try heads(text.unicodeScalars.map { String($0) }) == expected)
        for size in [2, 3, 7, 16, 50] { #expect(try heads(text.pieces(of: size)) == expected, "\(size)") }
        // Behind HTTP/1.0 the connection ends.
        if line.hasSuffix("1.0") { return }
        #expect(try heads([text, Self.post, text]) == expected + [true] + expected)
        #expect(try heads([text + Self.post + text]) == expected + [true] + expected)
    }

    @Test(arguments: lenient, before)
    func othersAreNot(line: String, before: String) throws {
        let text = before + line + Self.end
        // The right line behind it makes it no better, nor does one in the body before it.
        let right = "\(line.split(separator: " ")[0]) / HTTP/1.1" + Self.end
        #expect(try heads([text + right])[before.isEmpty ? 0 : before.components("HTTP/1.1\r\n")] == false)
        let body = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: \(right.utf8.count)\r\n\r\n\(right)"
        #expect(try heads([body + text])[1] == (before.isEmpty ? false : true))
        #expect(try heads([text]).last == false, "\(line)")
        #expect(try heads(text.unicodeScalars.map { String($0) }).last == false, "\(line)")
        for size in [2, 3, 7, 16, 50] { #expect(try heads(text.pieces(of: size)).last == false, "\(size)") }
        if !before.isEmpty { #expect(try heads([before, line + Self.end]).last == false) }
    }

    @Test(
        "What is said of a line that the parser refused",
        arguments: [
            ("GET / HTTP/1.1 \r\n", RequestLine.Fault.form), (" GET / HTTP/1.1\r\n", .form),
            ("GET / HTTP/1.1\n", .form),
            ("GET\t/ HTTP/1.1\r\n", .form), ("HELLO\r\n", .form), ("GET /\r\n", .form), ("GET / http/1.1\r\n", .form),
            ("GET / HTTP/1.10\r\n", .form), ("GET  HTTP/1.1\r\n", .form), ("G@T / HTTP/1.1\r\n", .form),
            ("GET / HTTP/1.2\r\n", .version), ("\r\nGET / HTTP/2.0\r\n", .version), ("BREW / HTTP/1.1\r\n", .method),
            ("get / HTTP/1.1\r\n", .method), ("DESCRIBE / HTTP/1.1\r\n", .method),
        ])
    func faults(text: String, fault: RequestLine.Fault) {
        #expect(RequestLine.fault(in: ByteBuffer(string: text).readableBytesView) == fault)
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "POST / HTTP/1.0\r\nX", "GET / HT", ""])
    func nothingIsSaidOfTheOthers(text: String) {
        #expect(RequestLine.fault(in: ByteBuffer(string: text).readableBytesView) == nil)
    }
}

extension String {
    fileprivate func pieces(of size: Int) -> [String] {
        let bytes = Array(utf8)
        return stride(from: 0, to: bytes.count, by: size).map {
            String(decoding: bytes[$0..<min($0 + size, bytes.count)], as: UTF8.self)
        }
    }

    /// How often a text is in this one.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
