// Slow, greedy and vanishing clients against small limits: each limit holds, and the host goes on for the others.

import JSON
import Testing

@Suite(
    "Slow and greedy clients",
    .host(environment: [
        "HTTP_HEADER_TIMEOUT": "800ms", "HTTP_BODY_TIMEOUT": "800ms", "HTTP_IDLE_TIMEOUT": "900ms",
        "HTTP_MAX_HEADER_BYTES": "4096", "HTTP_MAX_HEADER_FIELDS": "20", "HTTP_MAX_BODY_BYTES": "65536",
    ]))
struct HostileClientTests {
    @Test(
        "A head that does not come to its end in time is a 408 or the end of the connection",
        arguments: ["GET", "GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ", "GET /health HTTP/1.1\r\nHost: a\r\n"])
    func slowHead(_ start: String) throws {
        let connection = try RunningHost.current.connect()
        try connection.send(start)
        try expectEnd(connection, status: 408)
    }

    @Test("A head sent byte by byte does not extend its time")
    func drippingHead() throws {
        let connection = try RunningHost.current.connect()
        var sent = 0
        let ended = eventually(within: .seconds(20)) {
            sent += 1
            usleepBetweenBytes()
            do {
                try connection.send(sent < 20 ? String("GET /health HTTP/1.1".dropFirst(sent - 1).prefix(1)) : "a")
                return false
            } catch {
                return true
            }
        }
        #expect(ended)
    }

    /// The pace of a slow client, not a wait for something to happen.
    private func usleepBetweenBytes() { _ = eventually(within: .milliseconds(25)) { false } }

    @Test("A body that does not come in time is a 408")
    func slowBody() throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        try connection.send(host.callHead("echo", "Content-Length: 100") + "\r\n{\"a\":")
        try expectEnd(connection, status: 408)
    }

    @Test("A connection that sends nothing is closed without a word", arguments: [true, false])
    func idle(_ afterARequest: Bool) throws {
        let connection = try RunningHost.current.connect()
        if afterARequest {
            try connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try connection.response().status == 200)
            #expect(try connection.isClosedByPeer())
        } else {
            let rest = try connection.rest()
            #expect(rest.isEmpty || String(decoding: rest, as: UTF8.self).hasPrefix("HTTP/1.1 408"))
        }
    }

    @Test("A head over the limit is a 431", arguments: [5_000, 200_000])
    func bigHead(_ size: Int) throws {
        let connection = try RunningHost.current.connect()
        try? connection.send(
            "GET /health HTTP/1.1\r\nHost: a\r\nX-Big: " + String(repeating: "a", count: size) + "\r\n\r\n")
        try expectEnd(connection, status: 431)
    }

    @Test("More fields than allowed are a 431")
    func manyFields() throws {
        let connection = try RunningHost.current.connect()
        let fields = (1...40).map { "X-\($0): a\r\n" }.joined()
        try? connection.send("GET /health HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n")
        try expectEnd(connection, status: 431)
    }

    @Test("A target over the limit is a 414 or 431")
    func bigTarget() throws {
        let connection = try RunningHost.current.connect()
        try? connection.send("GET /\(String(repeating: "a", count: 8000)) HTTP/1.1\r\nHost: a\r\n\r\n")
        try expectEnd(connection, status: 431, or: 414)
    }

    @Test("An announced body over the limit is refused before it is sent")
    func announced() throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        try connection.send(host.callHead("echo", "Content-Length: 100000000", "Expect: 100-continue") + "\r\n")
        #expect(try connection.response().status == 413)
    }

    @Test("Expect: 100-continue gets its 100 once the head is accepted, and the answer; again and between others")
    func expectContinue() throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        for number in 1...3 {
            try connection.send(host.callHead("echo", "Content-Length: 7") + "\r\n" + #"{"b":\#(number)}"#)
            #expect(try connection.response().text == #"{"b":\#(number)}"#)
            try connection.send(host.callHead("echo", "Content-Length: 7", "Expect: 100-continue") + "\r\n")
            #expect(try connection.response().status == 100)
            try connection.send(#"{"a":\#(number)}"#)
            let answer = try connection.response()
            #expect(answer.status == 200)
            #expect(answer.text == #"{"a":\#(number)}"#)
        }
    }

    @Test("Expect: 100-continue without a token is refused without the 100")
    func expectWithoutToken() throws {
        let connection = try RunningHost.current.connect()
        try connection.send(
            "POST /tools/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 7\r\n"
                + "Expect: 100-continue\r\n\r\n")
        #expect(try connection.response().status == 401)
    }

    @Test("Another expectation is a 417")
    func otherExpectation() throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        try connection.send(host.callHead("echo", "Content-Length: 2", "Expect: miracles") + "\r\n{}")
        #expect(try connection.response().status == 417)
    }

    @Test("Garbage behind a request, however often it comes, does not cut the answer off")
    func garbageWhileAnswering() throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        let body = #"{"milliseconds":700}"#
        try connection.send(host.callHead("echo_pending", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        for _ in 0..<4 {
            usleepBetweenBytes()
            try connection.send("\u{0}garbage\r\n")
        }
        let answer = try connection.response()
        #expect(answer.status == 200)
        #expect(answer.text == body)
        #expect(try connection.isClosedByPeer())
    }

    @Test("Pipelined requests are answered in order, whichever is ready first")
    func pipelining() throws {
        try RunningHost.with { host throws in
            let connection = try host.connect()
            var requests = ""
            for (index, tool) in ["echo_pending", "echo", "echo_worker", "echo", "echo_pending"].enumerated() {
                let body = #"{"milliseconds":\#(100 - index * 20),"index":\#(index)}"#
                requests += try host.callHead(tool, "Content-Length: \(body.utf8.count)") + "\r\n" + body
            }
            try connection.send(requests)
            for index in 0..<5 {
                let answer = try connection.response()
                #expect(answer.status == 200)
                #expect(answer.json?["index"]?.int64 == Int64(index))
            }
        }
    }

    @Test("A flood of pipelined requests by a client that reads nothing does not grow the host without bound")
    func pipelinedFlood() throws {
        let host = try RunningHost.current
        let connection = try host.connect(timeout: 2)
        let request = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
        // The host stops reading at some point, so sending fails or blocks into the timeout.
        for _ in 1...200 {
            do { try connection.send(String(repeating: request, count: 100)) } catch { break }
        }
        #expect(try host.call("echo").status == 200)
    }

    @Test("A client that does not take its answers loses its place")
    func slowReader() throws {
        let environment = ["HTTP_WRITE_TIMEOUT": "500ms", "HTTP_MAX_CONNECTIONS": "1"]
        try RunningHost.with(HostOptions(environment: environment)) { host throws in
            let connection = try host.connect(timeout: 1)
            let request = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
            for _ in 1...200 {
                do { try connection.send(String(repeating: request, count: 100)) } catch { break }
            }
            // The only place there is is free again, although this connection has not been closed here.
            #expect(eventually { (try? host.get("/health").status) == 200 })
            try withExtendedLifetime(connection) { _ = try host.get("/health") }
        }
    }

    @Test("Clients that reset their connections in the middle of everything")
    func resets() throws {
        let host = try RunningHost.current
        let head = try host.callHead("echo_worker", "Content-Length: 21") + "\r\n"
        for part in ["", "POST /to", String(head.dropLast(2)), head + "{", head + #"{"milliseconds": 20 }"#] {
            for _ in 1...10 {
                let connection = try host.connect()
                try connection.send(part)
                connection.resetOnClose()
            }
        }
        #expect(try host.call("echo").status == 200)
        #expect(host.isRunning)
    }

    @Test("A client that closes its sending side has gone away: its call is cancelled, the others go on")
    func halfClosed() throws {
        let host = try RunningHost.current
        let connection = try host.connect()
        let body = #"{"milliseconds":5000}"#
        try connection.send(host.callHead("echo_worker", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        connection.finishSending()
        #expect(try connection.rest().isEmpty)
        #expect(host.logLine { $0["status"]?.int64 == 499 && $0["tool"]?.string == "echo_worker" } != nil)
        #expect(try host.call("echo").status == 200)
    }

    @Test("A client that goes away within a head has its line", arguments: ["G", "GET /health HTTP/1.1\r\nHo"])
    func goneInHead(_ part: String) throws {
        // A host of its own, on which nobody else goes away.
        try RunningHost.with(HostOptions(packs: ["good"])) { host throws in
            let ask = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
            for isSecond in [false, true] {
                let connection = try host.connect()
                // The second head of one connection, too.
                if isSecond {
                    try connection.send(ask)
                    _ = try connection.response()
                }
                try connection.send(part)
            }
            // One that says nothing behind its request, but for an empty line, has none.
            let silent = try host.connect()
            try silent.send(ask + "\r\n")
            _ = try silent.response()
            silent.finishSending()
            #expect(try silent.rest().isEmpty)
            func lines() -> Int {
                host.log.count { $0["status"]?.int64 == 499 && $0["path"] == "-" && $0["reason"] == "client_gone" }
            }
            #expect(eventually { lines() >= 2 })
            #expect(lines() == 2)
        }
    }

    @Test("One connection too many is a 503; the others go on, and a freed place is used again")
    func connectionLimit() throws {
        try RunningHost.with(HostOptions(environment: ["HTTP_MAX_CONNECTIONS": "4"])) { host throws in
            var open: [RawConnection] = []
            for _ in 1...4 {
                let connection = try host.connect()
                try connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try connection.response().status == 200)
                open.append(connection)
            }
            let fifth = try host.connect()
            try? fifth.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try expectEnd(fifth, status: 503)
            // A probe is no reason to end a host that is merely full; one that asks for nothing is not waited for.
            let silent = try host.connect()
            let probe = try host.connect()
            try probe.send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try probe.response().status == 200)
            #expect(try probe.isClosedByPeer())
            try expectEnd(silent, status: 408)
            for connection in open {
                try connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try connection.response().status == 200)
            }
            open.removeAll()
            #expect(eventually { (try? host.get("/health").status) == 200 })
        }
    }

    /// The connection ends, with a response of one of the statuses before it or without any.
    private func expectEnd(
        _ connection: RawConnection, status: Int, or other: Int? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let rest = try connection.rest()
        guard !rest.isEmpty else { return }
        let answer = try #require(
            try HTTPResponse.parse(rest, toHead: false, atEnd: true)?.0, sourceLocation: sourceLocation)
        #expect(answer.status == status || answer.status == other, sourceLocation: sourceLocation)
    }
}
