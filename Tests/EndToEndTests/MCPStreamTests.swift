// Progress and cancellation: what goes over the stream of a request, and what its end means in each era.

import JSON
import Synchronization
import Testing

@Suite("MCP streams", .host(["jobs", "good"], environment: ["HTTP_SHUTDOWN_TIMEOUT": "2s"]))
struct MCPStreamTests {
    private static let versions = [MCPName.modern] + MCPName.legacy
    private static let lastJob = Mutex(0)

    /// The number of a job that no other test has.
    private static func newJob() -> Int {
        lastJob.withLock {
            $0 += 1
            return $0
        }
    }

    private static func run(
        _ job: Int, steps: Int = 0, id: JSONValue = 1, version: String = MCPName.modern, token: JSONValue? = nil,
        session: String? = nil
    ) -> MCPPost {
        MCPPost.call(
            "job_run", ["job": JSONValue(job), "steps": JSONValue(steps)], id: id, version: version,
            progressToken: token
        ).with { post in if let session { post[MCPName.session] = session } }
    }

    private static func cancel(_ id: JSONValue, session: String, version: String = "2025-06-18") -> MCPPost {
        MCPPost.legacy("notifications/cancelled", ["requestId": id, "reason": "enough"], id: nil, version: version)
            .with { $0[MCPName.session] = session }
    }

    private static func isReady(_ state: JSONValue) -> Bool { state["ready"] == 1 }
    private static func isCancelled(_ state: JSONValue) -> Bool { state["cancels"] != 0 }

    // MARK: Progress

    @Test("Progress goes over the request's own stream, increasing, before the one result", arguments: versions)
    func progress(_ version: String) throws {
        let (host, job) = (try RunningHost.current, Self.newJob())
        let connection = try host.open(Self.run(job, steps: 3, id: "a", version: version, token: "t-1"))
        let stream = try EventStream(connection)
        #expect(stream.head["X-Accel-Buffering"] == "no")
        #expect(stream.head["Cache-Control"]?.contains("no-") == true)
        var last = 0.0
        // Reports may be thinned out, but the newest one always arrives.
        for steps in 3...5 {
            if steps > 3 { _ = try host.job(job, "job_step") }
            while last < Double(steps) {
                let message = try #require(try stream.message())
                #expect(message["method"] == "notifications/progress" && message["id"] == nil, "\(message)")
                #expect(message["params"]?["progressToken"] == "t-1")
                let progress = try #require(message["params"]?["progress"]?.double)
                #expect(progress > last)
                // A total of 0 is unknown.
                #expect(message["params"]?["total"] == (progress <= 3 ? 3 : nil), "\(message)")
                #expect(message["params"]?["message"] == "one step more")
                last = progress
            }
        }
        _ = try host.job(job, "job_finish")
        let rest = try stream.rest()
        #expect(rest.count == 1)
        #expect(rest.last?["id"] == "a")
        #expect(rest.last?["result"]?["structuredContent"] == ["job": JSONValue(job), "done": 5])
        #expect((rest.last?["result"]?["resultType"] == "complete") == (version == MCPName.modern))
        // The stream's end leaves the connection usable.
        try connection.send(host.bytes(.call("echo", ["a": 1]), closing: true))
        #expect(try MCPAnswer(connection.response()).text == #"{"a":1}"#)
    }

    @Test("A token for progress comes back as it was sent", arguments: ["7", "0", #""7""#, #""ä b""#])
    func progressToken(_ token: String) throws {
        let (host, job) = (try RunningHost.current, Self.newJob())
        let token = try JSONValue(parsing: token)
        let stream = try EventStream(host.open(Self.run(job, steps: 1, token: token)))
        #expect(try stream.message()?["params"]?["progressToken"] == token)
        _ = try host.job(job, "job_finish")
        #expect(try stream.rest().count == 1)
    }

    @Test("A token for progress is a string or a whole number", arguments: ["1.5", "true", "[]", "{}"])
    func wrongProgressToken(_ token: String) throws {
        let post = MCPPost.call("echo", progressToken: try JSONValue(parsing: token))
        let answer = try RunningHost.current.post(post)
        #expect(answer.status == 400 && answer.code == -32602, "\(answer.http.text)")
    }

    @Test("Without a token there is no progress", arguments: versions)
    func noToken(_ version: String) throws {
        let (host, job) = (try RunningHost.current, Self.newJob())
        let connection = try host.open(Self.run(job, steps: 3, version: version))
        let state = try host.job(job, until: Self.isReady)
        #expect(state["wants_progress"] == 0)
        _ = try host.job(job, "job_finish")
        let answer = try MCPAnswer(connection.response())
        #expect(answer.messages.count == 1)
        #expect(answer.result?["structuredContent"]?["done"] == 3)
    }

    @Test("A tool is told that somebody listens")
    func wantsProgress() throws {
        let (host, job) = (try RunningHost.current, Self.newJob())
        let stream = try EventStream(host.open(Self.run(job, steps: 1, token: 1)))
        #expect(try host.job(job, until: Self.isReady)["wants_progress"] == 1)
        _ = try host.job(job, "job_finish")
        #expect(try stream.rest().last?["result"] != nil)
    }

    @Test("Equal ids and tokens on two streams: each gets its own progress and result", arguments: versions)
    func ownStream(_ version: String) throws {
        let host = try RunningHost.current
        let jobs = [Self.newJob(), Self.newJob()]
        let streams = try jobs.map { job in
            try EventStream(host.open(Self.run(job, steps: 1, id: 0, version: version, token: 0)))
        }
        for (job, stream) in zip(jobs, streams) {
            #expect(try stream.message()?["params"]?["progress"] == 1)
            _ = try host.job(job, until: Self.isReady)
        }
        for _ in 1...3 { _ = try host.job(jobs[0], "job_step") }
        for job in jobs { _ = try host.job(job, "job_finish") }
        let (first, second) = (try streams[0].rest(), try streams[1].rest())
        #expect(first.last?["result"]?["structuredContent"] == ["job": JSONValue(jobs[0]), "done": 4])
        #expect(second.map { $0["result"]?["structuredContent"] } == [["job": JSONValue(jobs[1]), "done": 1]])
    }

    // MARK: Cancellation

    @Test("2026-07-28: closing the stream cancels, whether it has begun or not", arguments: [true, false])
    func closingCancels(_ hasBegun: Bool) throws {
        let (host, job) = (try RunningHost.current, Self.newJob())
        do {
            let connection = try host.open(Self.run(job, steps: 1, token: hasBegun ? 1 : nil))
            if hasBegun { #expect(try EventStream(connection).message()?["method"] == "notifications/progress") }
            _ = try withExtendedLifetime(connection) { try host.job(job, until: Self.isReady) }
        }
        let state = try host.job(job, until: Self.isCancelled)
        // TOOL_E_CANCELLED, said once.
        #expect(state["cancels"] == 1 && state["reason"] == -6)
        _ = try host.job(job, "job_finish")
    }

    @Test("2026-07-28: one client's end leaves another's call with the same id and token alone")
    func closingOne() throws {
        let host = try RunningHost.current
        let (mine, other) = (Self.newJob(), Self.newJob())
        let stream = try EventStream(host.open(Self.run(other, steps: 1, token: 1)))
        do {
            let connection = try host.open(Self.run(mine, token: 1))
            _ = try host.job(mine, until: Self.isReady)
            connection.resetOnClose()
        }
        _ = try host.job(mine, until: Self.isCancelled)
        #expect(try host.job(other)["cancels"] == 0)
        for job in [mine, other] { _ = try host.job(job, "job_finish") }
        #expect(try stream.rest().last?["result"]?["structuredContent"]?["job"] == JSONValue(other))
    }

    @Test("2026-07-28: a notification cancels nothing, not even the sender's own call")
    func modernNotification() throws {
        let (host, job) = (try RunningHost.current, Self.newJob())
        let connection = try host.open(Self.run(job))
        _ = try host.job(job, until: Self.isReady)
        #expect(try host.post(.modern("notifications/cancelled", ["requestId": 1], id: nil)).status == 202)
        #expect(try host.job(job)["state"] == 0)
        _ = try host.job(job, "job_finish")
        #expect(try MCPAnswer(connection.response()).result != nil)
    }

    @Test(
        "Earlier: notifications/cancelled cancels, and nothing of the call is sent any more", arguments: MCPName.legacy)
    func notificationCancels(_ version: String) throws {
        let host = try RunningHost.current
        for token: JSONValue? in [1, nil] {
            let (job, session) = (Self.newJob(), try host.newSession(version))
            let connection = try host.open(
                Self.run(job, steps: 1, id: 0, version: version, token: token, session: session))
            let stream = token == nil ? nil : try EventStream(connection)
            if let stream { #expect(try stream.message()?["params"]?["progress"] == 1) }
            _ = try host.job(job, until: Self.isReady)
            #expect(try host.post(Self.cancel(0, session: session, version: version)).status == 202)
            let state = try host.job(job, until: Self.isCancelled)
            #expect(state["cancels"] == 1 && state["reason"] == -6)
            _ = try host.job(job, "job_step")
            _ = try host.job(job, "job_finish")
            let rest = try stream?.rest() ?? MCPAnswer(connection.response()).messages
            #expect(rest == [])
        }
    }

    @Test("2025-03-26: a call of a batch is cancelled alone, by a later message or by one of the same batch")
    func batchedCalls() throws {
        let (host, session) = (try RunningHost.current, try RunningHost.current.newSession("2025-03-26"))
        let (later, same, last) = (Self.newJob(), Self.newJob(), Self.newJob())
        func batch(_ messages: [JSONValue]) -> MCPPost {
            MCPPost.legacy("tools/list", version: "2025-03-26").with {
                $0.message = .array(messages)
                $0[MCPName.session] = session
            }
        }
        func cancellation(_ id: JSONValue) -> JSONValue {
            Self.cancel(id, session: session, version: "2025-03-26").message
        }
        let ping = MCPPost.legacy("ping", id: 9, version: "2025-03-26").message
        let connection = try host.open(batch([Self.run(later, id: 5, version: "2025-03-26").message, ping]))
        _ = try host.job(later, until: Self.isReady)
        #expect(try host.post(Self.cancel(5, session: session, version: "2025-03-26")).status == 202)
        _ = try host.job(later, until: Self.isCancelled)
        _ = try host.job(later, "job_finish")
        #expect(try MCPAnswer(connection.response()).responses.map { $0["id"] } == [9])

        let answer = try host.post(
            batch([Self.run(same, id: 6, version: "2025-03-26").message, cancellation(6), ping]))
        #expect(answer.responses.map { $0["id"] } == [9], "\(answer.http.text)")
        let alone = try host.post(batch([Self.run(last, id: 7, version: "2025-03-26").message, cancellation(7)]))
        #expect(alone.status == 202 && alone.http.body.isEmpty, "\(alone.http.text)")
    }

    @Test("Earlier: a disconnect does not cancel", arguments: MCPName.legacy)
    func disconnectDoesNotCancel(_ version: String) throws {
        let host = try RunningHost.current
        let (kept, ended) = (Self.newJob(), Self.newJob())
        do {
            let first = try EventStream(host.open(Self.run(kept, steps: 1, version: version, token: 1)))
            #expect(try first.message() != nil)
            let second = try host.open(Self.run(ended))
            try withExtendedLifetime((first, second)) {
                for job in [kept, ended] { _ = try host.job(job, until: Self.isReady) }
            }
        }
        // Both connections are gone; that the host has noticed shows in the call of the other era.
        _ = try host.job(ended, until: Self.isCancelled)
        let state = try host.job(kept)
        #expect(state["cancels"] == 0 && state["state"] == 0)
        #expect(try host.job(kept, "job_step")["status"] == 0)
        #expect(try host.job(kept, "job_finish")["status"] == 0)
        _ = try host.job(ended, "job_finish")
    }

    @Test("Earlier: ids are a session's own, so equal ids of one principal's clients do not meet")
    func sessionsApart() throws {
        let host = try RunningHost.current
        let jobs = [Self.newJob(), Self.newJob()]
        let sessions = [try host.newSession(), try host.newSession()]
        let open = try zip(jobs, sessions).map { job, session in
            try host.open(Self.run(job, id: 0, version: "2025-06-18", session: session))
        }
        for job in jobs { _ = try host.job(job, until: Self.isReady) }
        // What a client that counts from 0 cancels: its own, and ids that only look alike.
        for id: JSONValue in ["0", 1] { #expect(try host.post(Self.cancel(id, session: sessions[0])).status == 202) }
        #expect(try host.job(jobs[0])["cancels"] == 0)
        #expect(try host.post(Self.cancel(0, session: sessions[0])).status == 202)
        _ = try host.job(jobs[0], until: Self.isCancelled)
        #expect(try host.job(jobs[1])["cancels"] == 0)
        for job in jobs { _ = try host.job(job, "job_finish") }
        #expect(try MCPAnswer(open[0].response()).messages == [])
        #expect(try MCPAnswer(open[1].response()).result?["structuredContent"]?["job"] == JSONValue(jobs[1]))
    }
}
