// One call over HTTP: what is refused before a pack sees it, and what the pack's answer becomes.

import JSON
import Testing

@Suite(
    "Calls",
    .hosts(
        ["good", "schema_references"],
        policies: ["schema_references": "tools: {schema_references: {scopes: []}}"]))
struct CallTests {
    private let json = ["Content-Type": "application/json"]

    @Test(
        "Arguments come back from tools of every kind",
        arguments: Setup.isolations, ["echo", "echo_worker", "echo_pending"])
    func kinds(_ isolation: Isolation, _ tool: String) throws {
        let answer = try RunningHost.current(isolation).call(tool, #"{"text":"Käse \u0000 🧀","n":1.50}"#)
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer.json == (["text": "Käse \u{0} 🧀", "n": 1.5] as JSONValue))
    }

    @Test(
        "Without a token: 401 that says where to get one",
        arguments: [
            nil, "Basic YTpi", "Bearer", "Bearer not.a.token", "Bearer " + String(repeating: "a", count: 20_000),
        ])
    func unauthenticated(_ authorization: String?) throws {
        var fields = json
        fields["Authorization"] = authorization
        let answer = try RunningHost.current.request("POST", "/tools/echo", fields, body: "{}")
        #expect(answer.status == 401 || (authorization != nil && answer.status == 400))
        let challenge = try #require(answer["WWW-Authenticate"])
        #expect(challenge.hasPrefix("Bearer"))
        #expect(challenge.contains("resource_metadata=\"http://"))
        // RFC 6750 section 3.1: without credentials no error code.
        if authorization == nil { #expect(!challenge.contains("error=")) }
        #expect(answer.problem != nil)
    }

    @Test(
        "A body that is not application/json is a 415",
        arguments: [nil, "text/plain", "application/xml", "application/jsonp"])
    func mediaType(_ type: String?) throws {
        let host = try RunningHost.current
        var fields = try ["Authorization": "Bearer " + host.token()]
        fields["Content-Type"] = type
        let answer = try host.request("POST", "/tools/echo", fields, body: "{}")
        #expect(answer.status == 415)
        #expect(answer.problem != nil)
    }

    @Test(
        "Parameters and case of the media type do not matter",
        arguments: ["application/json; charset=utf-8", "Application/JSON"])
    func mediaTypeVariants(_ type: String) throws {
        #expect(try RunningHost.current.call("echo", "{}", ["Content-Type": type]).status == 200)
    }

    @Test(
        "JSON that is not strict is a 400 with line and column",
        arguments: [
            ("{\"a\":1,}", 1, 8), ("{\"a\":\n  nul}", 2, 6), ("\u{B}", 1, 1), ("{\"a\":1}{}", 1, 8), ("{'a':1}", 1, 2),
            ("{\"a\":1,\"a\":2}", 1, 8), ("{\"a\":\"\\ud800\"}", 1, 7), ("{\"a\":01}", 1, 7),
        ])
    func malformed(_ text: String, _ line: Int, _ column: Int) throws {
        let answer = try RunningHost.current.call("echo", text)
        #expect(answer.status == 400)
        let problem = try #require(answer.problem, "\(answer.text)")
        #expect(problem["detail"]?.string?.contains("line \(line), column \(column)") == true, "\(problem)")
    }

    @Test("Depth over 64 and invalid UTF-8 are a 400")
    func hostileJSON() throws {
        let host = try RunningHost.current
        let deep = #"{"a":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}"
        #expect(try host.call("echo", deep).status == 400)
        let bad = Array(#"{"a":""#.utf8) + [0xFF, 0xC0, 0x80] + Array(#""}"#.utf8)
        let connection = try host.connect()
        try connection.send(host.callHead("echo", "Content-Length: \(bad.count)") + "\r\n")
        try connection.send(bad)
        #expect(try connection.response().status == 400)
    }

    @Test("A body that is no object is a 422 or 400", arguments: ["[]", "1", "true", "\"{}\""])
    func noObject(_ text: String) throws {
        let answer = try RunningHost.current.call("echo", text)
        #expect(answer.status == 422 || answer.status == 400)
        #expect(answer.problem != nil)
    }

    @Test(
        "A violation of the schema is a 422 with a pointer and a reason for each",
        arguments: [
            (#"{}"#, [""]),
            (#"{"parcel":{"label":"lower"}}"#, ["/parcel/label"]),
            (#"{"parcel":{"label":"A","parts":[{"label":"B"},{"label":""}]}}"#, ["/parcel/parts/1/label"]),
            (#"{"parcel":{"label":"A"},"kind":"huge","weight":0}"#, ["/kind", "/weight"]),
            (#"{"parcel":{"label":"A"},"extra":1}"#, ["/extra"]),
        ])
    func violations(_ text: String, _ pointers: [String]) throws {
        let answer = try RunningHost.current.call("schema_references", text)
        #expect(answer.status == 422)
        let problem = try #require(answer.problem, "\(answer.text)")
        let errors = try #require(problem["errors"]?.array)
        let found = errors.compactMap { $0["pointer"]?.string }
        for pointer in pointers where !pointer.isEmpty {
            #expect(found.contains { $0 == pointer || $0 == "#" + pointer }, "\(pointer) is not in \(found)")
        }
        #expect(!errors.isEmpty && errors.allSatisfy { $0["detail"]?.string?.isEmpty == false })
    }

    @Test("An unknown tool is a 404 for whoever is authenticated")
    func unknownTool() throws {
        let host = try RunningHost.current
        let answer = try host.call("no_such_tool")
        #expect(answer.status == 404)
        #expect(answer.problem != nil)
        let get = try host.get("/tools/echo")
        #expect(get.status == 405)
        #expect(get["Allow"]?.contains("POST") == true)
    }

    @Test(
        "Every status of a pack becomes its HTTP status",
        arguments: Setup.isolations,
        [
            (0, 200), (-1, 422), (-2, 403), (-3, 404), (-4, 409), (-5, 503), (-6, 503), (-7, 504), (-8, 501), (-9, 413),
            (-10, 503), (-11, 500), (-12, 500), (-99, 500), (42, 500),
        ])
    func statuses(_ isolation: Isolation, _ row: (Int, Int)) throws {
        let host = try RunningHost.current(isolation)
        let (status, expected) = row
        let answer = try host.call("any_status", #"{"status":\#(status),"content":1,"retry_after_ms":1500}"#)
        #expect(answer.status == expected)
        guard expected != 200 else { return }
        let problem = try #require(answer.problem)
        let isInternal = expected == 500
        #expect(problem.description.contains("The fixture says no") != isInternal)
        #expect(problem.description.contains("asked to") != isInternal)
        // Rounded up to whole seconds: the field takes nothing smaller (RFC 9110 section 10.2.3).
        if status == -5 || status == -10 { #expect(answer["Retry-After"] == "2") }
        if expected == 503 { #expect(answer["Retry-After"] != nil) }
    }

    @Test("Errors without a message of the pack's still say something", arguments: Setup.isolations)
    func silentError(_ isolation: Isolation) throws {
        let answer = try RunningHost.current(isolation).call("any_status", #"{"status":-4,"message":0}"#)
        #expect(answer.status == 409)
        #expect(answer.problem?["detail"]?.string?.isEmpty == false || answer.problem?["title"]?.string != nil)
    }

    @Test("What the pack learns of a call", arguments: Setup.isolations)
    func facts(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let answer = try host.call(
            "call_facts", "{}",
            [
                "openai-conversation-id": "conversation-7", "Idempotency-Key": "\"8e03978e-40d5\"",
                "traceparent": trace,
                "openai-ephemeral-user-id": "user-9",
            ])
        let facts = try #require(answer.json, "\(answer.text)")
        #expect(facts["request_id"]?.string == answer["X-Request-Id"])
        #expect(facts["conversation_id"]?.string == "conversation-7")
        #expect(facts["idempotency_key"]?.string == "8e03978e-40d5")
        #expect(facts["traceparent"]?.string?.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") == true)
        let client = try host.client()
        #expect(facts["client_id"]?.string == client.id)
        #expect(facts["subject"]?.string == "")
        #expect((facts["milliseconds_left"]?.int64 ?? 0) > 0 && (facts["milliseconds_left"]?.int64 ?? 0) <= 5000)
        let other = try host.call("call_facts", "{}", ["openai-ephemeral-user-id": "user-10"])
        #expect(other.json?["principal"] != facts["principal"], "users of one client share a cart")
        let same = try host.call("call_facts", "{}", ["openai-ephemeral-user-id": "user-9"])
        #expect(same.json?["principal"] == facts["principal"])
    }

    @Test(
        "One log line a call: request id, client, tool, pack, status, milliseconds; no secret",
        arguments: Setup.isolations)
    func callLine(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        let answer = try host.call("echo", #"{"a":"swordfish-4711"}"#)
        let id = try #require(answer["X-Request-Id"])
        let line = try #require(host.logLine { $0.description.contains(id) && $0.description.contains("echo") })
        let text = line.description
        let client = try host.client()
        for fact in ["good", "200", client.id] { #expect(text.contains(fact), "\(fact) is not in \(text)") }
        #expect(!text.contains("swordfish"))
        let everything = host.log.map(\.description).joined()
        let token = try host.token()
        #expect(!everything.contains(token) && !everything.contains(client.secret))
    }

    @Test("A body over the limit is a 413, announced or not")
    func tooLarge() throws {
        try RunningHost.with(HostOptions(environment: ["HTTP_MAX_BODY_BYTES": "1000"])) { host throws in
            let big = #"{"a":""# + String(repeating: "x", count: 2000) + #""}"#
            let answer = try host.call("echo", big)
            #expect(answer.status == 413)
            #expect(answer.problem?.description.contains("1000") == true)
            let connection = try host.connect()
            try connection.send(host.callHead("echo", "Transfer-Encoding: chunked") + "\r\n7d0\r\n")
            try connection.send(String(repeating: "x", count: 2000) + "\r\n")
            #expect(try connection.response().status == 413)
            #expect(try host.call("echo").status == 200)
        }
    }
}
