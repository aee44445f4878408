// Who the host is towards the agents API, and what nobody else ever gets to see.

import Dispatch
import JSON
import Synchronization
import Testing

@Suite("Credentials towards a backend") struct OutboundCredentialTests {
    @Test("The host's API key goes to the origin of NEXTJS_URL and nowhere else; a pack's own does not get there")
    func apiKey() throws {
        let (world, other) = try (OutboundWorld(), OutboundWorld())
        let policy = "http: {origins: [\"\(world.origin)\", \"\(other.origin)\"]}"
        try RunningHost.with(world.options(["AGENTS_API_KEY": "sesame"], policy: policy)) { host throws in
            let secret: JSONObject = ["secret": "forged"]
            _ = try host.call("outbound_read", world.arguments("typed", secret))
            let seen = try #require(try world.requests().first)
            #expect(seen.header("x-mcp-api-key") == "sesame")
            #expect(seen.header("authorization") == nil && seen.header("x-user-token") == nil)
            _ = try host.call("outbound_read", other.arguments("typed", secret))
            let elsewhere = try #require(try other.requests().first)
            // Where the host has nothing to show, a pack may show its own.
            #expect(elsewhere.header("x-mcp-api-key") == "forged" && elsewhere.header("authorization") == "forged")
            #expect(!host.log.contains { $0.description.contains("sesame") })
            #expect(!host.scratch.text("log").contains("forged"))
        }
    }

    @Test("Only listed origins are reached, and none where none is listed")
    func origins() throws {
        let world = try OutboundWorld()
        for policy in ["http: {origins: []}", "http: {origins: [\"http://127.0.0.1:9\"]}"] {
            try RunningHost.with(world.options(policy: policy)) { host throws in
                let answer = try host.call("outbound_read", world.arguments())
                #expect(answer.json?["status"]?.int64 == -2, "\(answer.text)")
                #expect(host.logSays("a request of a pack is not sent", "http.origins"))
            }
        }
        #expect(try world.events().isEmpty)
    }

    private func tokenEnvironment(_ world: OutboundWorld) -> [String: String] {
        [
            "AGENTS_OAUTH2_TOKEN_ENDPOINT": "\(world.origin)/token", "AGENTS_OAUTH2_CLIENT_ID": "the host",
            "AGENTS_OAUTH2_CLIENT_SECRET": "s3cret/", "AGENTS_OAUTH2_SCOPE": "agents.call more",
        ]
    }

    @Test("A token is fetched once for calls that come together, kept, and fetched again when it is rejected")
    func token() throws {
        let world = try OutboundWorld()
        try RunningHost.with(world.options(tokenEnvironment(world))) { host throws in
            _ = try host.token()
            let good = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                let answer = try? host.call("outbound_read", world.arguments())
                if answer?.json?["http_status"]?.int64 == 200 { good.withLock { $0 += 1 } }
            }
            #expect(good.withLock { $0 } == 8)
            let grants = try world.requests("/token")
            #expect(grants.count == 1)
            #expect(grants.first?.header("authorization") == "Basic dGhlK2hvc3Q6czNjcmV0JTJG")
            #expect(
                grants.first?["body"]?.string == "grant_type=client_credentials&scope=agents.call+more", "\(grants)")
            let seen = try world.requests("/catalog")
            let id = try #require(grants.first?["id"]?.int64)
            #expect(seen.allSatisfy { $0.header("authorization") == "Bearer granted-\(id)" })

            // The backend takes no token any more: one more is fetched, one more request is made, and its answer
            // stands.
            try world.control(["as": ["search": "401"]])
            let plain: JSONObject = ["url": .string("\(world.origin)/api/mcp/agents/catalog")]
            let answer = try host.call("outbound_write", world.arguments("typed", plain))
            #expect(answer.json?["http_status"]?.int64 == 401, "\(answer.text)")
            let second = try #require(try world.requests("/token").last?["id"]?.int64)
            let last = try world.requests("/catalog").suffix(2).map { $0.header("authorization") }
            #expect(last == ["Bearer granted-\(id)", "Bearer granted-\(second)"])
            #expect(try world.requests("/token").count == 2)
            #expect(!host.scratch.text("log").contains("granted-") && !host.scratch.text("log").contains("s3cret"))
        }
    }

    @Test(
        "Without a token nothing is sent, and callers hear when to come back", arguments: ["500", "invalid", "close"])
    func noToken(behaviour: String) throws {
        let world = try OutboundWorld()
        try world.control(["as": ["/token": .string(behaviour)]])
        try RunningHost.with(world.options(tokenEnvironment(world))) { host throws in
            for _ in 1...3 {
                let answer = try host.call("outbound_write", world.arguments())
                #expect(answer.problem?["code"]?.string == "unavailable", "\(answer.text)")
                #expect(answer["Retry-After"] != nil)
            }
            #expect(try world.requests("/catalog").isEmpty)
            #expect(host.logSays("gives no token"))
            try world.control(["as": ["/token": "typed"]])
            #expect(try eventually { try host.call("outbound_write", world.arguments()).status == 200 })
        }
    }

    @Test("The user's verified token goes along only where the operator says so", arguments: [true, false])
    func userToken(isForwarded: Bool) throws {
        let (world, provider) = try (OutboundWorld(), FixtureProvider())
        let environment = provider.environment([
            "OAUTH2_USER_TOKENS": "true", "AGENTS_FORWARD_USER_TOKEN": isForwarded ? "true" : "false",
        ])
        try RunningHost.with(world.options(environment)) { host throws in
            #expect(host.hasKeys())
            let (client, user) = try (provider.token(["sub": "client"]), "Bearer " + provider.token(["sub": "alice"]))
            func call(_ fields: [String: String]) throws -> HTTPResponse {
                var all = ["Authorization": "Bearer " + client, "Content-Type": "application/json"]
                all.merge(fields) { $1 }
                return try host.request("POST", "/tools/outbound_read", all, body: world.arguments())
            }
            #expect(try call(["X-User-Token": user]).status == 200)
            #expect(try call([:]).status == 200)
            #expect(try call(["X-User-Token": "Bearer nonsense"]).status == 401)
            let seen = try world.requests("/catalog")
            #expect(seen.map { $0.header("x-user-token") } == [isForwarded ? user : nil, nil])
            #expect(seen.allSatisfy { $0.header("authorization") == nil })
        }
    }

    @Test("A user's token that the backend rejects costs the host one token of its own, however often it is tried")
    func rejectedUserToken() throws {
        let (world, provider) = try (OutboundWorld(), FixtureProvider())
        let more = ["OAUTH2_USER_TOKENS": "true", "AGENTS_FORWARD_USER_TOKEN": "true"]
        let environment = provider.environment(more).merging(tokenEnvironment(world)) { $1 }
        try RunningHost.with(world.options(environment)) { host throws in
            #expect(host.hasKeys())
            let client = try provider.token(["sub": "client"])
            let users = try ["alice", "mallory"].map { "Bearer " + (try provider.token(["sub": .string($0)])) }
            try world.control(["require": ["x-user-token": .string(users[0])]])
            func call(_ user: String) throws -> JSONValue? {
                let plain: JSONObject = ["url": .string("\(world.origin)/api/mcp/agents/catalog")]
                let fields = [
                    "Authorization": "Bearer " + client, "Content-Type": "application/json", "X-User-Token": user,
                ]
                return try host.request(
                    "POST", "/tools/outbound_write", fields, body: world.arguments("typed", plain)
                ).json?["http_status"]
            }
            #expect(try call(users[0]) == 200)
            #expect(try world.requests("/token").count == 1)
            for _ in 1...3 { #expect(try call(users[1]) == 401) }
            #expect(try world.requests("/token").count == 2)
            #expect(try world.requests("/catalog").count == 1 + 2 + 1 + 1, "only the first one was asked twice")
            #expect(host.logSays("rejects a new token of this host, or the user's token"))
            #expect(try call(users[0]) == 200)
            #expect(try world.requests("/token").count == 2)
        }
    }

    @Test("A key that the backend honours goes along, tells nothing of the caller, and permits a repetition")
    func idempotencyKeys() throws {
        let world = try OutboundWorld()
        let policy = "http: {origins: [\"\(world.origin)\"], idempotency_keys: [\"\(world.origin)\"]}"
        try RunningHost.with(world.options(policy: policy)) { host throws in
            for key in ["one", "one", "two"] {
                _ = try host.call("outbound_write", world.arguments(), ["Idempotency-Key": key])
            }
            let keys = try world.requests().map { $0.header("idempotency-key") ?? "" }
            #expect(keys.count == 3 && keys[0] == keys[1] && keys[1] != keys[2])
            #expect(keys.allSatisfy { $0.utf8.count == 43 })
            // Two requests of one call are two requests, and so are those of its repetition.
            for _ in 1...2 {
                let twice = world.arguments("typed", ["twice": true])
                #expect(try host.call("outbound_write", twice, ["Idempotency-Key": "one"]).status == 200)
            }
            let pairs = try world.requests().suffix(4).map { $0.header("idempotency-key") ?? "" }
            #expect(pairs[0] == keys[0] && pairs[1] != keys[0], "\(pairs)")
            #expect(pairs[2] == pairs[0] && pairs[3] == pairs[1], "\(pairs)")
            let broken = try host.call("outbound_write", world.arguments("reset"), ["Idempotency-Key": "three"])
            #expect(broken.status == 503)
            let repeated = try world.requests().suffix(3)
            #expect(try world.requests().count == 10)
            #expect(Set(repeated.map { $0.header("idempotency-key") }).count == 1)
            _ = try host.call("outbound_write", world.arguments("reset"))
            #expect(try world.requests().count == 11)
        }
    }
}
