// A process may open so many files and no more: what a host does with few, and with none left.

import Dispatch
import JSON
import Synchronization
import Testing

@Suite("File descriptors")
struct DescriptorTests {
    /// The limit, soft and hard, of the host alone, and nothing open in it that these tests happen to have open.
    private func limit(_ files: Int) -> [String] {
        let script = """
            for file in /proc/$$/fd/*; do
                if [ "${file##*/}" -gt 2 ]; then eval "exec ${file##*/}>&-"; fi
            done
            exec /usr/bin/prlimit --nofile=\(files):\(files) "$@"
            """
        return ["/bin/bash", "-c", script, "bash"]
    }

    private func options(
        _ files: Int, _ packs: [PackSource] = ["good", "leak"], _ environment: [String: String] = [:]
    ) -> HostOptions {
        HostOptions(
            packs: packs, environment: ["HTTP_EVENT_LOOPS": "2"].merging(environment) { $1 }, isolation: .host,
            wrapper: limit(files))
    }

    /// A call on a connection that stays.
    private func call(_ tool: String, _ arguments: String = "{}", of host: RunningHost, on open: RawConnection) throws
        -> HTTPResponse
    {
        try open.send(host.callHead(tool, "Content-Length: \(arguments.utf8.count)") + "\r\n" + arguments)
        return try open.response()
    }

    /// Lets the pack take what there is, until nothing is left for a new connection: old ones may still be closing.
    private func exhaust(_ host: RunningHost, on open: RawConnection) throws {
        #expect(
            try eventually {
                _ = try call("leak", of: host, on: open)
                return try host.get("/health").status == 503
            })
    }

    @Test(
        "However few descriptors there may be, most of them are for connections",
        arguments: [(64, 12), (128, 45), (256, 120), (1024, 600)])
    func few(_ files: Int, _ least: Int) throws {
        try RunningHost.with(options(files, PackSource.shop)) { host throws in
            let open = try (0..<least).map { _ in try host.connect() }
            for connection in open {
                try connection.send("GET /health HTTP/1.1\r\nHost: 127.0.0.1:\(host.port)\r\n\r\n")
                let answer = try connection.response()
                #expect(answer.status == 200, "\(answer.text)")
            }
            let warning = try #require(host.logLine { $0.description.contains("HTTP_MAX_CONNECTIONS is lowered from") })
            for words in ["ulimit -n) is \(files)", "open already", "raise it to"] {
                #expect(warning["message"]?.string?.contains(words) == true, "\(warning)")
            }
        }
    }

    @Test("Where there is no room for the host it does not start, and says what to do", arguments: [24, 40])
    func tooFew(_ files: Int) throws {
        let fault = #expect(throws: RunningHost.NotServing.self) { _ = try RunningHost(options(files)) }
        let told = try #require(fault?.description)
        #expect(told.contains("exited(1)"), "\(told)")
        for words in ["ulimit -n) is \(files)", "needs", "LimitNOFILE="] { #expect(told.contains(words), "\(told)") }
    }

    @Test("Without a descriptor left new connections get a 503 at once, open ones go on, and it ends when it is over")
    func noneLeft() throws {
        try RunningHost.with(options(200)) { host throws in
            let open = try host.connect()
            try exhaust(host, on: open)
            for _ in 1...30 {
                let answer = try host.get("/health")
                #expect(answer.status == 503 && answer["Retry-After"] != nil)
                #expect(answer.problem?["code"]?.string == "descriptors", "\(answer.text)")
            }
            #expect(try call("echo_worker", #"{"text":"still here"}"#, of: host, on: open).status == 200)
            let statuses = Mutex<[Int]>([])
            DispatchQueue.concurrentPerform(iterations: 40) { _ in
                let status = (try? host.get("/health"))?.status ?? 0
                statuses.withLock { $0.append(status) }
            }
            #expect(statuses.withLock { Set($0) } == [503])
            #expect(try call("give_back", of: host, on: open).status == 200)
            #expect(try eventually { try host.get("/health").status == 200 })
            #expect(host.logSays("connections are accepted again", "refused"))
            let lines = host.log.filter { $0.description.contains("no connection can be accepted") }
            #expect(lines.count == 1, "\(lines)")
            #expect(lines.first?["level"]?.string == "error")
            #expect(lines.first?["reason"]?.string == "Too many open files")
            #expect(lines.first?.description.contains("ulimit -n") == true)
            // And once more.
            try exhaust(host, on: open)
            #expect(try call("give_back", of: host, on: open).status == 200)
            #expect(try eventually { try host.get("/health").status == 200 })
        }
    }

    @Test("A client that sends a lot and one that never reads change nothing about it")
    func hostileClients() throws {
        try RunningHost.with(options(200)) { host throws in
            let open = try host.connect()
            try exhaust(host, on: open)
            let silent = try (0..<20).map { _ in try host.connect() }
            let talkative = try (0..<4).map { _ in try host.connect() }
            for connection in talkative {
                // The host may end it at any moment.
                try? connection.send([UInt8](repeating: 65, count: 1 << 20))
            }
            for _ in 1...10 { #expect(try host.get("/health").status == 503) }
            #expect(try call("give_back", of: host, on: open).status == 200)
            #expect(eventually { (try? host.get("/health"))?.status == 200 })
            withExtendedLifetime((silent, talkative)) {}
        }
    }

    @Test("A host without a descriptor left stops in order")
    func stops() throws {
        let host = try RunningHost(options(200))
        let open = try host.connect()
        try exhaust(host, on: open)
        #expect(host.stop() == .exited(0))
    }

    @Test("A pack that holds many descriptors from its start on leaves fewer connections, and the log says how many")
    func heldFromTheStart() throws {
        let few = try lowered(to: ["good"])
        let fewer = try lowered(to: ["good", "hoard"])
        #expect(few - fewer > 40, "\(few) \(fewer)")
    }

    private func lowered(to packs: [PackSource]) throws -> Int {
        try RunningHost.with(options(256, packs)) { host throws in
            let line = try #require(host.logLine { $0.description.contains("HTTP_MAX_CONNECTIONS is lowered from") })
            let words = try #require(line["message"]?.string).split(separator: " ").map(String.init)
            return try #require(Int(words[6].dropLast()))
        }
    }

    @Test("As many connections as there may be: one line when it begins and one when it is over")
    func crowd() throws {
        try RunningHost.with(HostOptions(environment: ["HTTP_MAX_CONNECTIONS": "10"])) { host throws in
            var open = try (0..<10).map { _ in try host.connect() }
            for connection in open {
                try connection.send("GET /health HTTP/1.1\r\nHost: 127.0.0.1:\(host.port)\r\n\r\n")
                #expect(try connection.response().status == 200)
            }
            for _ in 1...20 {
                let further = try host.connect()
                try further.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(host.port)\r\n\r\n")
                #expect(try further.response().problem?["code"]?.string == "connections")
            }
            #expect(host.logSays("connections are turned away", "HTTP_MAX_CONNECTIONS"))
            open.removeAll()
            #expect(eventually { (try? host.get("/health"))?.status == 200 })
            #expect(host.logSays("no connection is turned away any more"))
            #expect(host.log.filter { $0.description.contains("connections are turned away") }.count == 1)
        }
    }

    @Test("A request that has no descriptor is the host's shortage, and the backend's circuit does not hear of it")
    func outbound() throws {
        let world = try OutboundWorld()
        var options = world.options(["OUTBOUND_CIRCUIT_FAILURES": "1", "HTTP_EVENT_LOOPS": "2"])
        options.packs.append("leak")
        options.wrapper = limit(200)
        options.isolation = .host
        try RunningHost.with(options) { host throws in
            let open = try host.connect()
            try exhaust(host, on: open)
            for _ in 1...3 {
                let answer = try call("outbound_read", world.arguments(), of: host, on: open)
                // As the pack was told: TOOL_E_BUSY, with a time, and nothing was sent.
                #expect(answer.json?["status"]?.int64 == -5, "\(answer.text)")
                #expect(answer.json?["retry_after_ms"]?.int64 == 1000)
                #expect(answer.json?["unsent"] == true)
            }
            let line = try #require(
                host.logLine { $0["message"]?.string == "outbound call" && $0["failure"]?.string == "busy" })
            #expect(line["reason"]?.string?.contains("Too many open files") == true, "\(line)")
            #expect(host.logSays("requests of packs cannot be sent", "Too many open files"))
            #expect(!host.log.contains { $0.description.contains("is left alone") })
            #expect(try call("give_back", of: host, on: open).status == 200)
            let answer = try call("outbound_read", world.arguments(), of: host, on: open)
            #expect(answer.json?["http_status"]?.int64 == 200, "\(answer.text)")
        }
    }

    @Test("Nor is a backend that is watched called down for it, and a name that cannot be looked up is not its fault")
    func watched() throws {
        let world = try OutboundWorld()
        var options = world.options(
            ["OUTBOUND_CIRCUIT_FAILURES": "1", "OUTBOUND_HEALTH_INTERVAL": "500ms", "HTTP_EVENT_LOOPS": "2"],
            policy: """
                http: {origins: ["\(world.origin)", "http://localhost:\(world.port)"]}
                config: {watch: "\(world.origin)/health"}
                """)
        options.packs.append("leak")
        options.wrapper = limit(200)
        options.isolation = .host
        try RunningHost.with(options) { host throws in
            #expect(try eventually { try !world.requests("/health").isEmpty })
            let open = try host.connect()
            try exhaust(host, on: open)
            let arguments = world.arguments().replacing("127.0.0.1", with: "localhost")
            // Each takes its three attempts; meanwhile the health is looked at again and again.
            for _ in 1...6 {
                let answer = try call("outbound_read", arguments, of: host, on: open)
                #expect(answer.json?["status"]?.int64 == -5, "\(answer.text)")
            }
            #expect(!host.log.contains { $0.description.contains("a backend is down") })
            #expect(!host.log.contains { $0.description.contains("is left alone") })
            #expect(try call("give_back", of: host, on: open).status == 200)
            let answer = try call("outbound_read", arguments, of: host, on: open)
            #expect(answer.json?["http_status"]?.int64 == 200, "\(answer.text)")
        }
    }
}
