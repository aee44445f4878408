// Every way in which the agents API goes wrong, for every tool: what callers are told, and what is sent how often.

import Dispatch
import JSON
import Synchronization
import Testing

@Suite("Agents API: failures")
struct AgentsFailureTests {
    /// How the server answers, and the status that callers get.
    private static let failures: [(behaviour: String, status: Int)] = [
        ("400", 422), ("401", 503), ("403", 503), ("404", 404), ("409", 409), ("422", 422), ("429", 503), ("500", 503),
        ("503", 503), ("invalid", 503), ("html", 503), ("empty", 503), ("nothing-said", 503), ("plain", 503),
        ("failure", 409), ("reset", 503), ("reset-mid-body", 503), ("close", 503), ("close-mid-body", 503),
        ("huge", 413), ("huge-chunked", 413), ("redirect", 503), ("redirect-302", 503),
    ]
    private static let writing: Set<String> = ["add_to_cart", "checkout", "add_payment_method"]

    @Test("Callers get an honest error, and what changes something is asked once")
    func everyFailure() throws {
        try AgentsShop.with { shop throws in
            let away = try AgentsServer()
            try shop.server.control(["away": .string(away.url + "/stolen")])
            _ = try shop.host.token()
            let cases = Self.failures.flatMap { failure in AgentsShop.tools.map { (failure, $0) } }
            DispatchQueue.concurrentPerform(iterations: cases.count) { number in
                let (failure, tool) = cases[number]
                let talk = "as:\(failure.behaviour):\(tool.name)"
                do {
                    let answer = try shop.call(tool.name, tool.arguments, in: talk)
                    #expect(answer.status == failure.status, "\(talk): \(answer.text)")
                    let problem = try #require(answer.problem, "\(talk): \(answer.text)")
                    #expect(problem["detail"]?.string?.isEmpty == false, "\(talk)")
                    // Clients obey it without reading that they should look first.
                    let isOpen = failure.behaviour == "503" && Self.writing.contains(tool.name)
                    if failure.behaviour == "429" || failure.behaviour == "503" {
                        #expect(answer["Retry-After"] == (isOpen ? nil : "7"), "\(talk)")
                    }
                } catch {
                    Issue.record("\(talk): \(error)")
                }
            }
            for (failure, tool) in cases where Self.writing.contains(tool.name) {
                let count = shop.server.requests("as:\(failure.behaviour):\(tool.name)").count
                #expect(count == 1, "\(tool.name) was sent \(count) times after \(failure.behaviour)")
            }
            #expect(away.events.isEmpty, "a redirect was followed to another origin")
            #expect(shop.host.logSays("credentials", "AGENTS_API_KEY", "401"))
            #expect(shop.host.logSays("redirects to where requests do not go", away.url))
            #expect(!shop.host.scratch.text("log").contains("broke its contract"), "it was the backend's doing")
            let said = try run("/bin/grep", ["-caF", "the agent answers", shop.host.scratch.path + "/log"])
            #expect(said.output == "0\n", "what the backend said stands in the log")
        }
    }

    @Test("An open outcome is told where asking again would do it again")
    func openOutcome() throws {
        try AgentsShop.with { shop throws in
            for behaviour in ["reset-mid-body", "500", "503", "invalid", "redirect", "redirect-302", "compressed"] {
                let order = try shop.call("checkout", #"{"cartSummary":"2 items"}"#, in: "as:\(behaviour)")
                #expect(order.text.ranges(of: "is not known").count == 1, "\(order.text)")
                #expect(!order.text.contains("ry again"), "\(order.text)")
                #expect(order["Retry-After"] == nil, "\(behaviour)")
                let cart = try shop.call("view_cart", "{}", in: "as:\(behaviour)")
                #expect(!cart.text.contains("is not known"), "\(cart.text)")
            }
        }
    }

    @Test("An answer that is compressed unasked is called that")
    func compressed() throws {
        try AgentsShop.with { shop throws in
            #expect(try shop.call("view_cart", "{}", in: "as:compressed").status == 503)
            #expect(shop.host.logSays("The agents API answers compressed", "Content-Encoding"))
            let request = try #require(shop.server.requests("as:compressed").first)
            #expect(request.header("accept-encoding") == "identity")
        }
    }

    @Test("Within the same origin a redirect is followed, with the arguments")
    func redirectHere() throws {
        try AgentsShop.with { shop throws in
            for (name, arguments, _, _) in AgentsShop.tools {
                let talk = "as:redirect-here:\(name)"
                #expect(try shop.call(name, arguments, in: talk).status == 200)
                let requests = shop.server.requests(talk)
                #expect(requests.count == 2)
                #expect(requests.last?["body"] == requests.first?["body"])
            }
        }
    }

    @Test("An agent that never answers, or drips, is given up at the deadline, and its connection closed")
    func deadline() throws {
        var timeouts: [String: String] = [:]
        for (pack, tools) in [
            "catalog": ["search_products"], "cart": ["add_to_cart", "view_cart"], "deals": ["get_deals"],
            "checkout": ["checkout", "add_payment_method"],
        ] {
            timeouts[pack] = "tools:\n" + tools.map { "  \($0):\n    timeout: 1500ms\n" }.joined()
        }
        try AgentsShop.with(policies: timeouts) { shop throws in
            _ = try shop.host.token()
            let cases = ["never", "drip"].flatMap { behaviour in AgentsShop.tools.map { (behaviour, $0) } }
            DispatchQueue.concurrentPerform(iterations: cases.count) { number in
                let (behaviour, tool) = cases[number]
                let talk = "as:\(behaviour):\(tool.name)"
                do {
                    let answer = try shop.call(tool.name, tool.arguments, in: talk)
                    #expect(answer.status == 504, "\(talk): \(answer.text)")
                    let request = try #require(shop.server.requests(talk).first)
                    #expect(shop.server.happened("closed", to: request), "\(talk): the connection stayed open")
                } catch {
                    Issue.record("\(talk): \(error)")
                }
            }
            for (behaviour, tool) in cases where Self.writing.contains(tool.name) {
                #expect(shop.server.requests("as:\(behaviour):\(tool.name)").count == 1)
            }
        }
    }

    @Test("When the client goes, the request to the agent goes too", arguments: AgentsShop.tools.map(\.name))
    func cancellation(_ name: String) throws {
        try AgentsShop.with { shop throws in
            let tool = try #require(AgentsShop.tools.first { $0.name == name })
            let head = try shop.host.callHead(
                name, "openai-conversation-id: as:never", "Content-Length: \(tool.arguments.utf8.count)")
            var client: RawConnection? = try shop.host.connect()
            try client?.send(head + "\r\n" + tool.arguments)
            #expect(eventually { !shop.server.requests("as:never").isEmpty })
            let request = try #require(shop.server.requests("as:never").first)
            #expect(!shop.server.events.contains { $0["event"] == "closed" })
            client = nil
            #expect(shop.server.happened("closed", to: request), "the backend still works for nobody")
            #expect(shop.server.requests("as:never").count == 1)
        }
    }

    @Test("Health: a backend that is down is said so at once, and not asked; when it is back it is")
    func health() throws {
        try AgentsShop.with { shop throws in
            #expect(eventually { (try? shop.call("view_cart", "{}", in: "first").status) == 200 })
            try shop.server.control(["as": ["/health": "500"]])
            #expect(shop.host.logSays("a backend is down"))
            let refused = try shop.call("checkout", #"{"cartSummary":"2 items"}"#, in: "down")
            #expect(refused.status == 503)
            #expect(refused["Retry-After"] != nil)
            #expect(!refused.text.contains("is not known"), "nothing was sent: \(refused.text)")
            #expect(shop.server.requests("down").isEmpty)
            let health = try shop.host.get("/health")
            #expect(health.json?["status"] == "degraded" && health.json?["waiting_packs"] == 4, "\(health.text)")
            #expect(shop.host.logSays("a backend is down", "checkout"), "the log names them")
            try shop.server.control(["as": ["/health": "typed"]])
            #expect(eventually { (try? shop.call("view_cart", "{}", in: "back").status) == 200 })
        }
    }

    @Test("An agent that failed again and again is left alone: callers are told, and that nothing was done")
    func leftAlone() throws {
        let environment = ["OUTBOUND_CIRCUIT_FAILURES": "2", "OUTBOUND_CIRCUIT_PAUSE": "1m"]
        try AgentsShop.with(environment) { shop throws in
            for _ in 1...2 { _ = try shop.call("checkout", #"{"cartSummary":"2 items"}"#, in: "as:503") }
            for (name, arguments, _, _) in AgentsShop.tools {
                let refused = try shop.call(name, arguments, in: "alone")
                #expect(refused.status == 503 && refused.problem?["code"]?.string == "unavailable", "\(refused.text)")
                let detail = refused.problem?["detail"]?.string ?? ""
                let wayOut = Self.writing.contains(name) ? "Nothing was changed; try again later." : "Try again later."
                #expect(detail.hasSuffix(wayOut), "nothing was sent: \(refused.text)")
                #expect(refused["Retry-After"] != nil)
            }
            #expect(shop.server.requests("alone").isEmpty)
        }
    }

    @Test("An idempotency key is forwarded where the operator says that the backend honours it, and only there")
    func idempotency() throws {
        for isHonoured in [true, false] {
            let server = try AgentsServer()
            let policy = "http:\n  idempotency_keys: [\"\(server.url)\"]\n"
            try AgentsShop.with(server: server, policies: isHonoured ? ["checkout": policy] : [:]) { shop throws in
                try shop.server.control(["honour_keys": true])
                let talk = "as:once-reset-mid-body"
                let answer = try shop.call(
                    "checkout", #"{"cartSummary":"2 items"}"#, in: talk, ["Idempotency-Key": "order-1"])
                #expect(answer.status == (isHonoured ? 200 : 503), "\(answer.text)")
                let requests = shop.server.requests(talk)
                #expect(requests.count == (isHonoured ? 2 : 1))
                let keys = Set(requests.flatMap { $0.headers["idempotency-key"] ?? [] })
                #expect(keys.count == (isHonoured ? 1 : 0))
                let effects = shop.server.events.filter { $0["event"] == "effect" }
                #expect(effects.count { $0["replayed"] == false } == 1)
            }
        }
    }
}
