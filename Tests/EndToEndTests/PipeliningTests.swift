// Requests sent behind each other whose bytes come in other pieces than they are: each is read where it begins.

import Testing

@Suite("Requests behind each other", .host())
struct PipeliningTests {
    private let host: RunningHost
    private static let get = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"

    init() throws { host = try RunningHost.current }

    private func post(_ fields: String, _ body: String) throws -> String {
        "POST /tools/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer "
            + "\(try host.token())\r\n\(fields)\r\n\r\n\(body)"
    }

    @Test("The beginning of a request that comes with the one before it is the beginning of one")
    func beginnings() throws {
        let space = { String(repeating: " ", count: $0) }
        let body = "{\(space(15))\r\n\r\n\(space(39))}"
        let before = [
            try post("Content-Length: \(body.utf8.count)", body), try post("Content-Length: 6", "{}\r\n\r\n"),
            try post("Content-Length: 2", "{}") + "\r\n\r\n",
            try post("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"),
            try post("Transfer-Encoding: chunked", "2;a=b\r\n{}\r\n4\r\n\r\n\r\n\r\n0\r\nX: y\r\n\r\n"),
        ]
        for first in before {
            for cut in [1, 2, 6, 20, 36] {
                let connection = try host.connect(timeout: 15)
                try connection.send(first + String(Self.get.prefix(cut)))
                #expect(try connection.response().status == 200)
                try connection.send(String(Self.get.dropFirst(cut)) + Self.get)
                #expect(try connection.response().status == 200, "\(first) \(cut)")
                #expect(try connection.response().status == 200)
            }
        }
    }

    @Test("A right line in a body makes up for no wrong one behind it", arguments: ["GET", "POST"])
    func decoys(method: String) throws {
        let decoy = "\r\n\(method) /health/live HTTP/1.1\r\n"
        let connection = try host.connect(timeout: 15)
        try connection.send(try post("Transfer-Encoding: chunked\r\nExpect: 100-continue", ""))
        #expect(try connection.responseHead().status == 100)
        let size = String(decoy.utf8.count, radix: 16)
        try connection.send(
            "1\r\n{\r\n\(size);e=\(String(repeating: "a", count: 200))\r\n\(decoy)\r\n0\r\n\r\n"
                + "\(method)  /health/live HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n" + Self.get)
        let first = try connection.response()
        #expect(first.status == 400)
        #expect(!first.text.contains("first line"))
        let second = try connection.response()
        #expect(second.status == 400)
        #expect(second.text.contains("first line"))
        #expect(try connection.isClosedByPeer())
    }
}
