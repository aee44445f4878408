// Calls that never give their threads back: told of at once, and nobody waits for what cannot come.

import Dispatch
import JSON
import Synchronization
import Testing

@Suite("Stuck packs")
struct StuckPackTests {
    private func options(_ isolation: Isolation) -> HostOptions {
        HostOptions(
            packs: ["good", "spin"], environment: ["TOOL_WORKERS": "4", "TOOL_PACK_WORKERS": "2"], isolation: isolation)
    }

    private func spin(_ arguments: String, times: Int, on host: RunningHost) -> [Int] {
        let statuses = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: times) { _ in
            let status = (try? host.call("spin", arguments))?.status ?? 0
            statuses.withLock { $0.append(status) }
        }
        return statuses.withLock { $0.sorted() }
    }

    @Test(
        "A pack whose threads are all kept is refused at once and named, /health says so, and it serves again",
        arguments: Setup.isolations)
    func allWorkers(_ isolation: Isolation) throws {
        try RunningHost.with(options(isolation)) { host throws in
            #expect(spin(#"{"milliseconds":4000}"#, times: 2, on: host) == [504, 504])
            #expect(host.logSays("a pack is stuck", "spin", "TOOL_PACK_WORKERS"))
            let refused = try host.call("spin")
            #expect(refused.status == 503 && refused["Retry-After"] == "5", "\(refused.text)")
            #expect(refused.problem?["code"]?.string == "unavailable")
            let health = try host.get("/health").json
            #expect(health?["status"]?.string == "degraded" && health?["stuck_packs"]?.int64 == 1)
            #expect(try host.call("echo_worker").status == 200)
            // Each call is named, once.
            let overruns = host.log.filter { $0["message"]?.string == "a call keeps its thread beyond its deadline" }
            #expect(overruns.count == 2)
            #expect(overruns.allSatisfy { $0["pack"]?.string == "spin" && $0["tool"]?.string == "spin" })
            #expect(Set(overruns.compactMap { $0["request_id"]?.string }).count == 2)

            #expect(try eventually { try host.call("spin").status == 200 })
            #expect(host.logSays("a pack that was stuck has a thread again"))
            #expect(try eventually { try host.get("/health").json?["status"]?.string == "ok" })
            #expect(host.log.filter { $0.description.contains("a pack is stuck") }.count == 1)
            // A process of its own is replaced before that.
            if isolation == .host {
                #expect(host.logSays("settled its call after the caller had been answered", "late_ms"))
            }
        }
    }

    @Test(
        "Calls that wait when the last thread is lost are refused then, not at their own deadlines",
        arguments: Setup.isolations)
    func waiting(_ isolation: Isolation) throws {
        try RunningHost.with(options(isolation)) { host throws in
            // Two get the threads; the others wait for them, and their time is over as soon.
            let statuses = spin(#"{"milliseconds":3000}"#, times: 8, on: host)
            #expect(statuses.count == 8 && statuses.allSatisfy { $0 == 503 || $0 == 504 }, "\(statuses)")
            #expect(try host.call("spin").status == 503)
            #expect(try eventually { try host.call("spin").status == 200 }, "nothing is left of those that waited")
        }
    }

    @Test(
        "One thread of two is lost: the pack goes on with the other, and is not called stuck",
        arguments: Setup.isolations)
    func oneWorker(_ isolation: Isolation) throws {
        try RunningHost.with(options(isolation)) { host throws in
            #expect(try host.call("spin", #"{"milliseconds":2000}"#).status == 504)
            #expect(host.logSays("a call keeps its thread beyond its deadline"))
            #expect(try host.call("spin").status == 200)
            #expect(try host.get("/health").json?["status"]?.string == "ok")
            #expect(!host.log.contains { $0.description.contains("a pack is stuck") })
        }
    }

    @Test(
        "A caller that goes away, or an answer from within, does not hide a thread that is kept",
        arguments: Setup.isolations)
    func hidden(_ isolation: Isolation) throws {
        try RunningHost.with(options(isolation)) { host throws in
            let body = #"{"milliseconds":3000}"#
            let gone = try host.connect()
            try gone.send(host.callHead("spin", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
            #expect(host.logSays("spinning"))
            gone.finishSending()
            #expect(try host.call("spin", #"{"milliseconds":3000,"first":1}"#).status == 200)
            #expect(host.logSays("a pack is stuck", "spin"))
            #expect(try host.call("spin").status == 503)
            #expect(try eventually { try host.call("spin").status == 200 })
        }
    }
}
