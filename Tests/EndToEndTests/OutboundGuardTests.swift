// What stands between a pack and the network: circuit, health, addresses, certificates, a proxy.

import JSON
import Testing

@Suite("Guards of requests to other services") struct OutboundGuardTests {
    @Test("An origin that fails again and again is left alone: 503 with Retry-After at once, until it answers again")
    func circuit() throws {
        let world = try OutboundWorld()
        let environment = ["OUTBOUND_CIRCUIT_FAILURES": "2", "OUTBOUND_CIRCUIT_PAUSE": "50ms"]
        try RunningHost.with(world.options(environment)) { host throws in
            for _ in 1...2 { _ = try host.call("outbound_write", world.arguments("502")) }
            #expect(host.logSays("failed again and again", world.origin))
            // Each failed probe doubles the pause, so that sooner or later a call falls into one.
            #expect(
                try eventually {
                    let before = try world.requests().count
                    let answer = try host.call("outbound_write", world.arguments("502"))
                    let isRefused =
                        answer.problem?["code"]?.string == "unavailable" && answer["Retry-After"] != nil
                    return try isRefused && world.requests().count == before
                })
            #expect(try host.get("/health").json?["status"]?.string == "ok")
            #expect(try eventually { try host.call("outbound_write", world.arguments()).status == 200 })
            #expect(host.logSays("answers again", world.origin))
        }
    }

    @Test("A pack that waits for less than a second finds no fault with an origin; one that waits longer does")
    func impatience() throws {
        let world = try OutboundWorld()
        let environment = ["OUTBOUND_CIRCUIT_FAILURES": "1", "OUTBOUND_CIRCUIT_PAUSE": "1m"]
        for (milliseconds, isOpened) in [(200, false), (1200, true)] {
            let policy = "config: {milliseconds: \(milliseconds)}"
            try RunningHost.with(world.options(environment, policy: policy)) { host throws in
                let answer = try host.call("outbound_read", world.arguments("never"))
                #expect(answer.problem?["code"]?.string == "deadline", "\(answer.text)")
                #expect(answer.problem?["details"]?["unsent"]?.bool == false)
                let next = try host.call("outbound_write", world.arguments())
                #expect(next.status == (isOpened ? 503 : 200), "\(next.text)")
                guard isOpened else { return }
                #expect(next.problem?["details"]?["unsent"]?.bool == true, "\(next.text)")
                #expect(next["Retry-After"] != nil)
            }
        }
    }

    @Test("A request that broke off: one that may be made again says so, another only to look first")
    func brokenOff() throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options(["OUTBOUND_CIRCUIT_FAILURES": "100"])) { host throws in
            for behaviour in ["reset-mid-body", "close-mid-body", "close"] {
                let write = try host.call("outbound_write", world.arguments(behaviour))
                let text = write.problem?["detail"]?.string ?? ""
                #expect(write.status == 503 && text.contains("look before asking again"), "\(write.text)")
                #expect(!text.contains("ry again") && write["Retry-After"] == nil, "\(write.text)")
                let read = try host.call("outbound_read", world.arguments(behaviour))
                #expect(read.problem?["detail"]?.string?.contains("look before") == false, "\(read.text)")
            }
        }
    }

    @Test("Nothing listens: 503 with Retry-After for every tool, and nothing is sent twice")
    func nobody() throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options()) { host throws in
            world.kill()
            let answer = try host.call("outbound_write", world.arguments())
            #expect(answer.problem?["code"]?.string == "unavailable", "\(answer.text)")
            #expect(answer["Retry-After"] != nil)
            let line = host.logLine { $0["message"]?.string == "outbound call" && $0["failure"] != nil }
            #expect(line?["retries"]?.int64 == 2, "what never left is tried again for any tool")
            #expect(answer.problem?["details"]?["unsent"]?.bool == true, "the pack is told that nothing was sent")
        }
    }

    @Test("While a watched URL fails, calls are refused at once and /health counts the packs that wait")
    func health() throws {
        let world = try OutboundWorld()
        try world.control(["as": ["/health": "500"]])
        let options = world.options(
            ["OUTBOUND_HEALTH_INTERVAL": "100ms"], policy: "config: {watch: \"\(world.origin)/health\"}")
        try RunningHost.with(options) { host throws in
            #expect(try host.call("outbound_report").json?["watched"]?.int64 == 0)
            #expect(try eventually { try host.get("/health").json?["waiting_packs"] == 1 })
            #expect(try host.get("/health").json?["status"]?.string == "degraded")
            #expect(host.logSays("a backend is down", world.origin, "status 500", "outbound"))
            let answer = try host.call("outbound_read", world.arguments())
            #expect(answer.problem?["code"]?.string == "unavailable", "\(answer.text)")
            #expect(answer["Retry-After"] != nil)
            #expect(try world.requests("/catalog").isEmpty)
            try world.control(["as": ["/health": "typed"]])
            #expect(try eventually { try host.get("/health").json?["status"]?.string == "ok" })
            #expect(try host.get("/health").json?["waiting_packs"] == nil)
            #expect(try host.call("outbound_read", world.arguments()).status == 200)
            #expect(host.logSays("a backend is back", world.origin))
            #expect(try world.requests("/health").allSatisfy { $0.header("x-mcp-api-key") == nil })
        }
    }

    @Test("A name that stands for a private address is not connected to unless the operator permits the network")
    func privateAddresses() throws {
        let world = try OutboundWorld()
        // To the system's resolver a way of writing 127.0.0.1; to the operator's list a name like any other.
        let name = "http://0x7f.1:\(world.port)"
        let arguments = world.arguments("typed", ["url": .string("\(name)/api/mcp/agents/catalog")])
        let policy = "http: {origins: [\"\(name)\"]}"
        try RunningHost.with(world.options(policy: policy)) { host throws in
            let answer = try host.call("outbound_read", arguments)
            #expect(answer.json?["status"]?.int64 == -2, "\(answer.text)")
            #expect(answer.json?["message"]?.string?.contains("OUTBOUND_PRIVATE_NETWORKS") == true)
            #expect(try world.events().isEmpty)
        }
        let permitted = ["OUTBOUND_PRIVATE_NETWORKS": "127.0.0.0/8"]
        try RunningHost.with(world.options(permitted, policy: policy)) { host throws in
            let answer = try host.call("outbound_read", arguments)
            #expect(answer.json?["http_status"]?.int64 == 200, "\(answer.text)")
            #expect(try world.requests().first?.header("host") == "0x7f.1:\(world.port)")
        }
    }

    @Test("A certificate is verified, by address and by name, against the operator's authorities too")
    func certificates() throws {
        let own = try FixtureCertificate()
        let world = try OutboundWorld(tls: (own.certificate, own.key))
        let origins = ["https://127.0.0.1:\(world.port)", "https://localhost:\(world.port)"]
        let policy = "http: {origins: [\"\(origins[0])\", \"\(origins[1])\"]}"
        func options(_ more: [String: String]) -> HostOptions { world.options(more, policy: policy) }
        try RunningHost.with(options(["OUTBOUND_CA_FILE": own.certificate])) { host throws in
            for origin in origins {
                let answer = try host.call("outbound_read", world.arguments("typed", ["url": .string(origin + "/any")]))
                #expect(answer.json?["http_status"]?.int64 == 200, "\(origin) \(answer.text)")
            }
        }
        try RunningHost.with(options([:])) { host throws in
            for origin in origins {
                let answer = try host.call("outbound_read", world.arguments("typed", ["url": .string(origin + "/any")]))
                #expect(answer.problem?["code"]?.string == "unavailable", "\(origin) \(answer.text)")
            }
            #expect(host.logSays("outbound call", "CERTIFICATE_VERIFY_FAILED"))
        }
    }

    @Test("Behind a proxy, requests for names go through it; those for addresses that the operator named do not")
    func proxy() throws {
        let (world, scratch) = try (OutboundWorld(), Scratch())
        let process = try ChildProcess(
            Setup.python, ["\(Setup.root)/Tests/Fixtures/connect_proxy.py", "\(world.port)"],
            environment: Scratch.plainEnvironment, directory: scratch.path, output: scratch.path + "/output",
            errors: scratch.path + "/errors")
        defer { process.signal(9) }
        var lines: [JSONValue] {
            scratch.text("output").split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
        }
        _ = eventually { !lines.isEmpty || process.poll() != nil }
        let port = try #require(lines.first?["port"]?.int64, "\(scratch.text("errors"))")
        let policy = "http: {origins: [\"http://shop.example\", \"\(world.origin)\"]}"
        let options = world.options(["OUTBOUND_PROXY": "http://127.0.0.1:\(port)"], policy: policy)
        try RunningHost.with(options) { host throws in
            let far = try host.call("outbound_read", world.arguments("typed", ["url": "http://shop.example/any"]))
            #expect(far.json?["http_status"]?.int64 == 200, "\(far.text)")
            #expect(lines.dropFirst().map { $0["target"]?.string } == ["shop.example:80"])
            #expect(try world.requests("/any").first?.header("host") == "shop.example")
            let near = try host.call("outbound_read", world.arguments())
            #expect(near.json?["http_status"]?.int64 == 200, "\(near.text)")
            #expect(lines.count == 2)
        }
    }
}
