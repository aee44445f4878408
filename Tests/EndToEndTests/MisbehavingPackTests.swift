// Packs that break the contract while they run: their callers get an honest error, everybody else an answer.

import Dispatch
import JSON
import Synchronization
import Testing

@Suite(
    "Misbehaving packs",
    .hosts([
        "concurrency", "garbage_result", "good", "hang_cancel", "hang_invoke", "progress",
        "slow_inline", "talkative",
    ]))
struct MisbehavingPackTests {
    @Test("Garbage is a 500 that shows the caller nothing of it", arguments: Setup.isolations, 1...15)
    func garbage(_ isolation: Isolation, _ kind: Int) throws {
        let host = try RunningHost.current(isolation)
        let answer = try host.call("garbage_result", #"{"kind":\#(kind)}"#)
        if kind == 11 || kind == 13 {
            // The status stands; only what cannot be shown is left out.
            #expect(answer.status == 409 || answer.status == 500)
        } else {
            #expect(answer.status == 500, "\(answer.text)")
        }
        #expect(answer.problem != nil, "\(answer.text)")
        #expect(!answer.text.contains("swordfish") && !answer.text.contains("secret.c"))
        if kind == 4 { #expect(answer.text.contains("100000") || answer.text.contains("100,000")) }
        #expect(try host.call("echo").status == 200)
        #expect(try host.call("garbage_result", #"{"kind":0}"#).text == #"{"text":"fine"}"#)
    }

    @Test(
        "What was wrong with the garbage stands in the log, with a pointer where there is one",
        arguments: Setup.isolations)
    func garbageIsLogged(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        _ = try host.call("garbage_result", #"{"kind":2}"#)
        #expect(host.logSays("garbage_result", "/text"))
        _ = try host.call("garbage_result", #"{"kind":12}"#)
        #expect(host.logSays("garbage_result", "swordfish"))
    }

    @Test(
        "A call that hangs is a 504, again and again, while the others answer",
        arguments: Setup.isolations, ["hang_invoke", "hang_cancel"])
    func hanging(_ isolation: Isolation, _ tool: String) throws {
        let host = try RunningHost.current(isolation)
        for _ in 1...3 {
            let answer = try host.call(tool)
            #expect(answer.status == 504, "\(answer.text)")
            #expect(answer.problem != nil)
        }
        for other in ["echo", "echo_worker", "echo_pending"] { #expect(try host.call(other, "{}").status == 200) }
    }

    @Test(
        "More hanging calls than the pack may have open: 503 with Retry-After, never a stuck host",
        arguments: Setup.isolations)
    func hangingFlood(_ isolation: Isolation) throws {
        try RunningHost.with(
            HostOptions(
                packs: ["good", "hang_invoke"],
                environment: ["TOOL_PACK_CALLS": "6", "TOOL_WORKERS": "4", "TOOL_PACK_WORKERS": "2"],
                isolation: isolation)
        ) { host throws in
            let statuses = Mutex<[Int]>([])
            let retry = Mutex(true)
            DispatchQueue.concurrentPerform(iterations: 12) { _ in
                let answer = try? host.call("hang_invoke")
                statuses.withLock { $0.append(answer?.status ?? 0) }
                if answer?.status == 503 { retry.withLock { $0 = $0 && answer?["Retry-After"] != nil } }
            }
            #expect(statuses.withLock { $0.allSatisfy { $0 == 504 || $0 == 503 } }, "\(statuses.withLock { $0 })")
            // The two threads are lost and their calls unsettled; from now on the pack is full.
            let last = try host.call("hang_invoke")
            #expect(last.status == 503 || last.status == 504)
            #expect(retry.withLock { $0 })
            for other in ["echo", "echo_worker", "echo_pending"] { #expect(try host.call(other, "{}").status == 200) }
        }
    }

    @Test(
        "A pending inline tool is waited for until its deadline, on a worker and on the event loop, and counts as open")
    func pendingInline() throws {
        try RunningHost.with(
            HostOptions(
                packs: ["pending_inline", "good"], environment: ["TOOL_PACK_CALLS": "20"], isolation: .host)
        ) { host throws in
            // It is quick, so that all but the first run on the event loop; none is ever settled.
            for _ in 1...20 { #expect(try host.call("pending_inline").status == 504) }
            #expect(try host.call("pending_inline").status == 503)
            #expect(try host.call("echo").status == 200)
        }
    }

    @Test("An inline tool runs on the event loop once it has shown that it is quick, and loses that by overrunning")
    func slowInline() throws {
        let host = try RunningHost.current(.host)
        func threads(_ tool: String, _ arguments: String = "{}") throws -> Set<String> {
            Set(try (1...20).map { _ in try host.call(tool, arguments).text })
        }
        func isDemoted() -> Bool {
            host.log.contains { $0["level"]?.string == "warning" && $0["tool"]?.string == "slow_inline" }
        }
        // Both tools earn their place; from then on they share the few threads of the network.
        let loops = try host.eventLoopThreads()
        #expect(try eventually { try threads("slow_inline").isSubset(of: loops) })
        #expect(!isDemoted())
        #expect(
            try eventually {
                _ = try host.call("slow_inline", #"{"milliseconds":5}"#)
                return isDemoted()
            })
        #expect(try threads("slow_inline").isDisjoint(with: loops))
    }

    @Test("max_concurrency holds", arguments: Setup.isolations)
    func concurrencyLimit(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        let answers = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let text = (try? host.call("concurrency"))?.text ?? "none"
            answers.withLock { $0.append(text) }
        }
        #expect(answers.withLock { Set($0) } == [#"{"most":1}"#])
    }

    @Test("Progress that nobody listens to is taken and dropped", arguments: Setup.isolations)
    func progress(_ isolation: Isolation) throws {
        #expect(try RunningHost.current(isolation).call("progress", #"{"times":50}"#).text == #"{"taken":50}"#)
    }

    @Test("A pack's log lines carry pack, tool and request id, and cannot forge a line", arguments: Setup.isolations)
    func logging(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        let answer = try host.call("talkative")
        let id = try #require(answer["X-Request-Id"])
        let line = try #require(
            host.logLine { $0.description.contains("talkative speaks") && $0.description.contains(id) })
        #expect(line.description.contains("dairy"))
        #expect(host.log.contains { $0.description.contains("talkative starts") })
        #expect(!host.log.contains { $0["message"]?.string == "forged" })
    }
}
