// Requests that two servers could read in two ways: each is refused and ends its connection, so nothing hides behind
// it.

import Testing

@Suite("Ambiguous requests", .host())
struct SmugglingTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let statuses: Set<Int>

        init(_ name: String, _ request: String) { self.init(name, [400], request) }

        init(_ name: String, _ statuses: Set<Int>, _ request: String) {
            testDescription = name
            self.statuses = statuses
            self.request = request
        }
    }

    private static let post = "POST /tools/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    private static let get = "GET /health HTTP/1.1\r\n"

    /// RFC 9112, by section.
    static let refused = [
        Shape("2.2: bare CR in a field", get + "Host: a\r\nX-A: b\rX-B: c\r\n\r\n"),
        Shape("2.2: bare CR as the end of a line", "GET /health HTTP/1.1\rHost: a\r\r" + "\r\n\r\n"),
        Shape("2.2: whitespace before the first field", get + " Host: a\r\n\r\n"),
        Shape("2.2: bare CR as an empty line", "\r" + get + "Host: a\r\n\r\n"),
        Shape("2.2: bare CR behind an empty line", "\r\n\r" + get + "Host: a\r\n\r\n"),
        Shape("2.2: bare LF behind the version", "GET /health HTTP/1.1\nHost: a\r\n\r\n"),
        Shape("2.2: bare LF behind a field", get + "Host: a\nX-A: b\r\n\r\n"),
        Shape("2.2: bare LF as the end of the head", get + "Host: a\r\n\n"),
        Shape("2.3: another protocol", "GET /health RTSP/1.0\r\nHost: a\r\n\r\n"),
        Shape("2.3: the name in small letters", "GET /health http/1.1\r\nHost: a\r\n\r\n"),
        Shape("2.3: a version of two digits", [400], "GET /health HTTP/1.10\r\nHost: a\r\n\r\n"),
        Shape("2.3: another minor version", [505], "GET /health HTTP/1.2\r\nHost: a\r\n\r\n"),
        Shape("2.3: another major version", [400, 505], "GET /health HTTP/2.0\r\nHost: a\r\n\r\n"),
        Shape("2.3: no version", [400, 505], "GET /health\r\nHost: a\r\n\r\n"),
        Shape("3: not a request line", [400, 501], "HELLO\r\n\r\n"),
        Shape("3: a tab in the request line", [400, 501], "GET\t/health HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3: two spaces before the target", "GET  /health HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3: two spaces before the version", "GET /health  HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3: a space before the method", " GET /health HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3: a space behind the version", "GET /health HTTP/1.1 \r\nHost: a\r\n\r\n"),
        Shape("3: a tab in the target", "GET /he\talth HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3: a form feed before the version", "GET /health\u{C}HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3: bare CR before the version", "GET /health \rHTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3: bare CR behind the version", "GET /health HTTP/1.1\rHost: a\r\n\r\n"),
        Shape("3: NUL in the target", "GET /he\0alth HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3.2: a fragment", "GET /health#a HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3.2.2: a user in the target", "GET http://u@a/health HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3.2.2: a port that is none", "GET http://a:b/health HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3.2.2: no host in the target", "GET http:///health HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3.2.2: absolute form without Host", "GET http://a/health HTTP/1.1\r\n\r\n"),
        Shape("3.2.3: authority form", [400, 501], "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3.2.4: the asterisk for another method", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        Shape("3.2: a Host with more behind an address", get + "Host: [::1]evil\r\n\r\n"),
        Shape("3.2: a Host with a port that is none", get + "Host: a:b\r\n\r\n"),
        Shape("3.2: a Host with a port beyond 65535", get + "Host: [::1]:99999\r\n\r\n"),
        Shape("3.2: a Host with two ports", get + "Host: a:80:90\r\n\r\n"),
        Shape("3.2: a Host with a user", get + "Host: u@a\r\n\r\n"),
        Shape("3.2: a Host with an escape", get + "Host: %61\r\n\r\n"),
        Shape("3.2: a Host of other letters", get + "Host: caf\u{E9}\r\n\r\n"),
        Shape("3.2: no Host", get + "\r\n"),
        Shape("3.2: two Hosts", get + "Host: a\r\nHost: b\r\n\r\n"),
        Shape("3.2: two equal Hosts", get + "Host: a\r\nHost: a\r\n\r\n"),
        Shape("3.2: a Host that is none", get + "Host: a b\r\n\r\n"),
        Shape("3.2: a list as Host", get + "Host: a, b\r\n\r\n"),
        Shape("5.1: space before the colon", get + "Host : a\r\n\r\n"),
        Shape("5.1: space before the colon of Content-Length", post + "Content-Length : 2\r\n\r\n{}"),
        Shape("5.1: a field name that is none", get + "Host: a\r\nX[]: b\r\n\r\n"),
        Shape("5.1: an empty field name", get + "Host: a\r\n: b\r\n\r\n"),
        Shape("5.2: folded line", get + "Host: a\r\nX-A: b\r\n c\r\n\r\n"),
        Shape("5.2: folded Transfer-Encoding", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        Shape("5.5 of RFC 9110: NUL in a value", get + "Host: a\r\nX-A: b\0c\r\n\r\n"),
        Shape("6.1: both lengths", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Shape(
            "6.1: both, the other way round", post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"),
        Shape(
            "6.1: chunked beside nothing", [400, 501], post + "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"),
        Shape("6.1: chunked and identity", [400, 501], post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        Shape("6.1: chunked with a parameter", [400, 501], post + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
        Shape("6.1: an empty coding", [400, 501], post + "Transfer-Encoding:\r\n\r\n0\r\n\r\n"),
        Shape("6.1: unknown coding", [400, 501], post + "Transfer-Encoding: gzip\r\n\r\n{}"),
        Shape("6.1: chunked not last", [400, 501], post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        Shape("6.1: chunked twice", [400, 501], post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        Shape(
            "6.1: two codings in two fields", [400, 501],
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
        Shape(
            "6.1: a coding that only looks like chunked", [400, 501],
            post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        Shape(
            "6.1: vertical tab before chunked", [400, 501], post + "Transfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n"),
        Shape(
            "6.1: chunked in HTTP/1.0",
            "POST /tools/echo HTTP/1.0\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n"),
        Shape("6.3: two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        Shape("6.3: a list of lengths", post + "Content-Length: 2, 3\r\n\r\n{}"),
        Shape("6.3: a signed length", post + "Content-Length: +2\r\n\r\n{}"),
        Shape("6.3: a negative length", post + "Content-Length: -2\r\n\r\n{}"),
        Shape("6.3: a hexadecimal length", post + "Content-Length: 0x2\r\n\r\n{}"),
        Shape("6.3: a length beyond 64 bits", [400, 413], post + "Content-Length: 18446744073709551618\r\n\r\n{}"),
        Shape("6.3: an empty length", post + "Content-Length:\r\n\r\n{}"),
        Shape("7.1: a chunk size that is none", post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n"),
        Shape(
            "7.1: a chunk size beyond 64 bits", [400, 413],
            post + "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n"),
        Shape("7.1: a signed chunk size", post + "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n"),
        Shape("7.1: bare LF behind a chunk size", post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n"),
        Shape("7.1: a space behind a chunk size", post + "Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n"),
        Shape("7.1.1: bare LF in an extension", post + "Transfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n"),
        Shape("7.1.1: bare CR in an extension", post + "Transfer-Encoding: chunked\r\n\r\n2;a\rb\r\n{}\r\n0\r\n\r\n"),
        Shape("7.1.2: a folded trailer", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n z\r\n\r\n"),
        Shape(
            "7.1.2: a length as a trailer",
            post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n"),
        Shape("7.1: no end after a chunk", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n"),
        Shape(
            "7.1.1: an endless chunk extension", [400, 413, 431],
            post + "Transfer-Encoding: chunked\r\n\r\n2;" + String(repeating: "a", count: 100_000)
                + "\r\n{}\r\n0\r\n\r\n"),
    ]

    @Test("Refused, and the connection ends", arguments: refused)
    func refusal(_ shape: Shape) throws {
        let host = try RunningHost.current
        let connection = try host.connect(timeout: 15)
        // With a token where the tool would be reached, so that it is not the missing one that is complained about.
        let request = shape.request.replacing(
            "Content-Type: application/json\r\n",
            with: "Content-Type: application/json\r\nAuthorization: Bearer \(try host.token())\r\n")
        // What a smuggler would hide behind it.
        try? connection.send(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.finishSending()
        let bytes = try connection.rest()
        // A connection that ends with bytes unread is reset, which can overtake the answer.
        if bytes.isEmpty && shape.request.utf8.count > 65_536 { return }
        let (answer, length) = try #require(try HTTPResponse.parse(bytes, toHead: false, atEnd: true))
        #expect(shape.statuses.contains(answer.status), "\(answer.status) \(answer.text)")
        #expect(length == bytes.count, "a second answer: \(String(decoding: bytes[length...], as: UTF8.self))")
    }

    @Test(
        "Unusual but right",
        arguments: [
            Shape("2.2: empty lines before the request line", [200], "\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("2.2: a bare LF before the request line", [200], "\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("3.2.2: absolute form", [200], "GET http://a/health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("3.2.2: another Host beside it", [200], "GET http://a:80/health HTTP/1.1\r\nHost: b\r\n\r\n"),
            Shape("5.5 of RFC 9110: white space around a value", [200], "GET /health HTTP/1.1\r\nHost:\t a \t\r\n\r\n"),
            Shape(
                "5.5 of RFC 9110: white space behind the coding", [200],
                post + "Transfer-Encoding: chunked \r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
            Shape("3.2: an empty Host", [200], "GET /health HTTP/1.1\r\nHost:\r\n\r\n"),
            Shape("9.3: HTTP/1.0", [200], "GET /health HTTP/1.0\r\n\r\n"),
            Shape("9.3: HTTP/1.0 that wants to stay", [200], "GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            Shape("5: no space behind the colon", [200], "GET /health HTTP/1.1\r\nHost:a\r\n\r\n"),
            Shape(
                "7.1: extensions and trailers", [200],
                post + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n"),
            Shape("7: case of chunked", [200], post + "transfer-encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
            Shape("9.1 of RFC 9110: unknown method", [501], "BREW /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("9.1 of RFC 9110: small letters", [501], "get /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("9.1 of RFC 9110: a method of WebDAV", [501], "PROPFIND /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("9.1 of RFC 9110: a new method", [501], "QUERY /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("9.1 of RFC 9110: a method of RTSP", [501], "DESCRIBE /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("9.1 of RFC 9110: a method of Icecast", [501], "SOURCE /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("9.1 of RFC 9110: CONNECT to a path", [400, 501], "CONNECT /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("15.5.6 of RFC 9110: PUT", [405], "PUT /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
            Shape("15.5.6 of RFC 9110: PATCH", [405], "PATCH /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
            Shape("15.5.6 of RFC 9110: TRACE", [405], "TRACE /health HTTP/1.1\r\nHost: a\r\n\r\n"),
            Shape("3.2.4: asterisk form", [204], "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
        ])
    func accepted(_ shape: Shape) throws {
        let host = try RunningHost.current
        let connection = try host.connect(timeout: 15)
        try connection.send(
            shape.request.replacing(
                "Content-Type: application/json\r\n",
                with: "Content-Type: application/json\r\nAuthorization: Bearer \(try host.token())\r\n"))
        let answer = try connection.response()
        #expect(shape.statuses.contains(answer.status), "\(answer.status) \(answer.text)")
    }

    @Test("A bad line behind a good request: that one is answered, and the connection ends")
    func badLineBehindAGoodRequest() throws {
        for bad in ["GET  /health HTTP/1.1", "GET /health  HTTP/1.1", "GET /health RTSP/1.0"] {
            let connection = try RunningHost.current.connect(timeout: 15)
            try connection.send(
                Self.get + "Host: a\r\n\r\n" + bad + "\r\nHost: a\r\n\r\n" + Self.get + "Host: a\r\n\r\n")
            #expect(try connection.response().status == 200)
            #expect(try connection.response().status == 400)
            #expect(try connection.isClosedByPeer())
        }
    }

    @Test("What may be allowed somewhere is told by 405 and by OPTIONS *, each with Allow")
    func allowed() throws {
        let host = try RunningHost.current
        #expect(try host.request("OPTIONS", "*")["Allow"] == "GET, HEAD, POST, OPTIONS")
        #expect(try host.request("DELETE", "/health")["Allow"] == "GET, HEAD, OPTIONS")
    }

    @Test("A field that could split the response never does")
    func responseSplitting() throws {
        let host = try RunningHost.current
        let answer = try host.get("/nothing%0d%0aX-Injected:%20yes")
        #expect(answer["X-Injected"] == nil)
        let traced = try host.get("/health", ["X-Request-Id": "abc def\tghi"])
        #expect(traced["X-Request-Id"] != "abc def\tghi")
    }
}
