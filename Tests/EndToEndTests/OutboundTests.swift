// A pack in C that reaches another service through the host, and a service that behaves in every way services do.

import JSON
import Testing

@Suite("Requests to other services") struct OutboundTests {
    @Test("A request arrives as the pack made it, with what the host adds, and its answer comes back")
    func roundTrip() throws {
        let world = try OutboundWorld()
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        try RunningHost.with(world.options()) { host throws in
            for tool in ["outbound_read", "outbound_write"] {
                let answer = try host.call(
                    tool, world.arguments(), ["traceparent": trace, "Idempotency-Key": "of-the-caller"])
                #expect(answer.json?["http_status"]?.int64 == 200, "\(answer.text)")
                #expect(answer.json?["type"]?.string == "application/json")
                #expect(answer.json?["body"]?.string?.contains("milk-001") == true)
                let seen = try #require(try world.requests().last)
                #expect(seen["method"]?.string == "POST")
                #expect(seen["body"]?["milk"]?.string == "?")
                #expect(seen.header("x-own") == "of the pack")
                #expect(seen.header("host") == "127.0.0.1:\(world.port)")
                #expect(seen.header("content-length") == "30")
                #expect(seen.header("x-request-id") == answer["X-Request-Id"])
                // Without it a compressed answer would do, which no pack reads.
                #expect(seen.header("accept-encoding") == "identity")
                #expect(seen.header("traceparent") == trace)
                // The caller's credentials and key are the host's business; a hop's fields end here.
                for name in ["authorization", "idempotency-key", "x-dropped", "x-mcp-api-key", "x-user-token"] {
                    #expect(seen.header(name) == nil, "\(name) was sent")
                }
            }
            // Lines of two event loops may change places.
            let line = try #require(
                host.logLine { $0["message"] == "outbound call" && $0["tool"] == "outbound_read" })
            #expect(line["origin"]?.string == world.origin)
            #expect(line["status"]?.int64 == 200 && line["retries"]?.int64 == 0)
            #expect(line["pack"]?.string == "outbound")
            #expect(line["request_id"]?.string?.isEmpty == false && line["ms"]?.int64 != nil)
            #expect(!host.log.contains { $0.description.contains("api/mcp") || $0.description.contains("milk") })
        }
    }

    @Test(
        "Every status is an answer; those that a busy backend gives are asked for again only by tools that may",
        arguments: [(401, 1), (404, 1), (500, 1), (502, 3), (504, 3)])
    func statuses(status: Int, attempts: Int) throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            let answer = try host.call("outbound_read", world.arguments("\(status)"))
            #expect(answer.json?["http_status"]?.int64 == Int64(status), "\(answer.text)")
            #expect(try world.requests().count == attempts)
            _ = try host.call("outbound_write", world.arguments("\(status)"))
            #expect(try world.requests().count == attempts + 1)
        }
    }

    @Test(
        "A Retry-After that is too long to wait for goes to the pack at once, seconds or a date",
        arguments: [
            ("429", 429), ("503", 503), ("busy-until", 503), ("busy-until-850", 503), ("busy-until-asctime", 503),
            ("busy-for-ever", 503),
        ])
    func retryAfter(behaviour: String, status: Int64) throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            let answer = try host.call("outbound_read", world.arguments(behaviour))
            #expect(answer.json?["http_status"]?.int64 == status, "\(answer.text)")
            let pause = try #require(answer.json?["retry_after_ms"]?.int64)
            if behaviour == "busy-for-ever" {
                #expect(pause == 86_400_000)
            } else if behaviour.hasPrefix("busy-until") {
                // A date in whole seconds, an hour away when it was made.
                #expect((3000_000...3601_000).contains(pause))
            } else {
                #expect(pause == 7000)
            }
            #expect(try world.requests().count == 1)
        }
    }

    @Test(
        "A connection that breaks is repeated for tools that may, and is 503 in the end",
        arguments: ["reset", "reset-mid-body", "close", "close-mid-body"])
    func brokenConnections(behaviour: String) throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            let read = try host.call("outbound_read", world.arguments(behaviour))
            #expect(read.problem?["code"]?.string == "unavailable", "\(read.text)")
            #expect(read["Retry-After"] != nil)
            #expect(read.problem?["details"]?["unsent"]?.bool == false)
            #expect(try world.requests().count == 3)
            let write = try host.call("outbound_write", world.arguments(behaviour))
            #expect(write.problem?["code"]?.string == "unavailable", "\(write.text)")
            #expect(try world.requests().count == 4)
        }
    }

    @Test(
        "What never comes ends at the deadline, and the service sees the connection close",
        arguments: ["never", "drip"])
    func deadlines(behaviour: String) throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            let answer = try host.call("outbound_brief", world.arguments(behaviour))
            #expect(answer.problem?["code"]?.string == "deadline", "\(answer.text)")
            #expect(try eventually { try world.events("closed").count == 1 })
            #expect(try world.requests().count == 1)
        }
        // A pack's own, shorter time.
        try RunningHost.with(world.options(policy: "config: {milliseconds: 100}")) { host throws in
            let answer = try host.call("outbound_write", world.arguments(behaviour))
            #expect(answer.problem?["code"]?.string == "deadline", "\(answer.text)")
            #expect(try eventually { try world.events("closed").count == 2 })
        }
    }

    @Test("A client that goes away takes its request along: the service's socket closes")
    func cancellation() throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            for tool in ["outbound_read", "outbound_write"] {
                let before = try world.events("closed").count
                do {
                    let body = world.arguments("never")
                    let connection = try host.connect()
                    try connection.send(host.callHead(tool, "Content-Length: \(body.utf8.count)") + "\r\n" + body)
                    #expect(try eventually { try world.requests().count == before + 1 })
                    connection.resetOnClose()
                }
                #expect(try eventually { try world.events("closed").count == before + 1 })
            }
            // Every callback came, whatever became of its caller.
            #expect(
                try eventually {
                    let report = try host.call("outbound_report").json
                    return report?["done"] == report?["sent"] && report?["cancels"]?.int64 == 2
                })
            let own = try host.call("outbound_read", world.arguments("never", ["cancel": true]))
            #expect(own.json?["status"]?.int64 == -6, "\(own.text)")
        }
    }

    @Test("An answer over the limit is cut off, and said to be", arguments: ["huge", "huge-chunked"])
    func sizes(behaviour: String) throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            let answer = try host.call("outbound_read", world.arguments(behaviour))
            #expect(answer.json?["status"]?.int64 == -9, "\(answer.text)")
            #expect(try eventually { try world.events("failed").count == 1 })
            #expect(try world.requests().count == 1)
        }
        for policy in ["config: {limit: 100}", "http: {max_response_bytes: 100}"] {
            let origins = policy.hasPrefix("http") ? "" : "\nhttp: {max_response_bytes: 100000}"
            try RunningHost.with(world.options(policy: policy + origins)) { host throws in
                let large = try host.call("outbound_read", world.arguments("typed"))
                #expect(large.json?["status"]?.int64 == -9, "\(large.text)")
                let small = try host.call("outbound_read", world.arguments("404"))
                #expect(small.json?["http_status"]?.int64 == 404, "\(small.text)")
            }
        }
    }

    @Test("Redirects are followed within the origin, a few of them, and nowhere else")
    func redirects() throws {
        let (world, other) = try (OutboundWorld(), OutboundWorld())
        try world.control(["away": .string(other.origin + "/api/mcp/agents/catalog")])
        try RunningHost.with(world.options()) { host throws in
            let here = try host.call("outbound_write", world.arguments("redirect-here"))
            #expect(here.json?["http_status"]?.int64 == 200, "\(here.text)")
            #expect(try world.requests().map { $0["method"]?.string } == ["POST", "POST"])
            #expect(try world.requests().last?["body"]?["milk"]?.string == "?")
            for behaviour in ["redirect", "redirect-302"] {
                let away = try host.call("outbound_read", world.arguments(behaviour))
                #expect(away.problem?["code"]?.string == "unavailable", "\(away.text)")
                #expect(away.problem?["details"]?["unsent"]?.bool == false, "\(away.text)")
                #expect(!away.text.contains(other.origin), "where it leads is the operator's business")
            }
            #expect(host.logSays("redirects to where requests do not go", other.origin))
            #expect(try other.events().isEmpty, "a redirect was followed")
            let loop = try host.call("outbound_read", world.arguments("redirect-loop"))
            #expect(loop.problem?["code"]?.string == "unavailable", "\(loop.text)")
            #expect(host.logSays("redirects more than 3 times"))
            #expect(try world.requests().count == 2 + 2 + 4)
        }
    }

    @Test("What is no JSON is the pack's to judge")
    func bytes() throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            let invalid = try host.call("outbound_read", world.arguments("invalid"))
            #expect(invalid.json?["body"]?.string == #"{"response": "unfinished"#)
            let html = try host.call("outbound_read", world.arguments("html"))
            #expect(html.json?["type"]?.string == "text/html")
            let empty = try host.call("outbound_read", world.arguments("empty"))
            #expect(empty.json?["size"]?.int64 == 0 && empty.json?["http_status"]?.int64 == 200)
            let head = try host.call("outbound_read", world.arguments("typed", ["method": "HEAD"]))
            #expect(head.json?["size"]?.int64 == 0 && head.json?["http_status"]?.int64 == 200, "\(head.text)")
        }
    }

    @Test("A pack that breaks the service's contract is told so and breaks nothing")
    func misuse() throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            let expected: JSONValue = [
                "null_request": -1, "null_done": -1, "too_small": -1, "gone": -11, "watch_bad": -1, "watch_null": -1,
                "watch_elsewhere": -2,
            ]
            #expect(try host.call("outbound_misuse").json == expected)
            let bad: [JSONObject] = [
                ["url": "nonsense"], ["url": .string("ftp://127.0.0.1:\(world.port)/")], ["method": "G T"],
                ["method": "CONNECT"], ["method": "TRACE"], ["url": .string("http://u:p@127.0.0.1:\(world.port)/")],
                ["url": .string("\(world.origin)/a b")],
            ]
            for more in bad {
                let answer = try host.call("outbound_read", world.arguments("typed", more))
                #expect(answer.json?["status"]?.int64 == -1, "\(more) \(answer.text)")
            }
            #expect(try world.events().isEmpty)
            #expect(try host.call("echo").status == 200)
        }
    }

    @Test("A request outside any call is sent once, and the pack hears of its end")
    func outside() throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options(["AGENTS_API_KEY": "sesame"])) { host throws in
            #expect(try host.call("outbound_outside", world.arguments()).status == 200)
            #expect(try eventually { try host.call("outbound_report").json?["done"]?.int64 == 1 })
            let seen = try #require(try world.requests().first)
            #expect(seen.header("x-request-id") == nil && seen.header("traceparent") == nil)
            #expect(seen.header("x-mcp-api-key") == "sesame")
        }
    }

    @Test("What a pack began that does not start is ended, and the pack is not served")
    func failedStart() throws {
        let world = try OutboundWorld()
        let policy = "config: {abort: \"\(world.origin)/as/never/any\"}"
        try RunningHost.with(world.options(policy: policy)) { host throws in
            #expect(try host.call("outbound_read", world.arguments()).status == 404)
            #expect(host.logSays("told to abort"))
            // By itself the request would go on for half a minute, and end with -7.
            #expect(host.logSays("the request of a start ended with status -6"))
        }
    }

    @Test("A host that stops ends what is open first, and calls nothing back afterwards")
    func stopping() throws {
        let world = try OutboundWorld()
        let host = try RunningHost(world.options(["HTTP_SHUTDOWN_TIMEOUT": "100ms"]))
        for _ in 1...3 { _ = try host.call("outbound_outside", world.arguments("never")) }
        #expect(try eventually { try world.requests().count == 3 })
        #expect(host.stop() == .exited(0))
        #expect(host.logSays("outbound stops with 3 of 3 requests done"))
        #expect(try eventually { try world.events("closed").count == 3 })
    }
}
