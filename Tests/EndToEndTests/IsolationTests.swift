// A bad pack in a process of its own: its caller gets an honest answer, everybody else theirs, and the operator one
// line.

import Foundation
import JSON
import Testing

@Suite("Isolation") struct IsolationTests {
    private func options(_ packs: [PackSource], _ more: [String: String] = [:]) -> HostOptions {
        HostOptions(
            packs: packs, environment: ["PACK_RESTART_DELAYS": "0"].merging(more) { $1 }, isolation: .process)
    }

    private static func ends(_ host: RunningHost) -> [JSONValue] {
        host.log.filter { $0["message"]?.string == "the process of a pack ended" }
    }

    @Test(
        "The caller is told, no other call is lost, one line says it, and the pack is served again",
        arguments: BadWay.all)
    func way(_ way: BadWay) throws {
        var options = options(["jobs", .fixture(way.pack)])
        // One way is another program, and one some thousand threads.
        options.policies = [way.pack: "sandbox: {processes: true}\nthreads: none\n"]
        try RunningHost.with(options) { host throws in
            let before = try #require(host.runner(way.pack))
            let others = try CallsInFlight(6, at: host)
            let answer = try call(way, host)
            #expect(answer.status == way.status, "\(answer.text)")
            #expect(answer.problem?["code"]?.string == way.code, "\(answer.text)")
            if way.status == 502 { #expect(answer.text.contains("only reads: call again")) }
            if let end = way.end {
                let line = try #require(
                    host.logLine { $0["message"]?.string == "the process of a pack ended" }, "\(host.log)")
                #expect(line["pack"]?.string == way.packID && line["level"] == "error", "\(line)")
                #expect(line["signal"]?.string == end.signal && line["exit_code"]?.string == end.code, "\(line)")
                let reason = try #require(line["reason"]?.string)
                #expect(way.reason.isEmpty || reason.contains(way.reason), "\(line)")
                #expect(line["requests"]?.string == (way.namesCall ? answer["X-Request-Id"] : nil), "\(line)")
                #expect(eventually { host.runner(way.pack).map { $0 != before } ?? false })
            }
            #expect(try eventually { try isServed(way, host) }, "\(host.log)")
            #expect(Self.ends(host).count == (way.end == nil ? 0 : 1), "\(Self.ends(host))")
            if way.end == nil { #expect(host.runner(way.pack) == before) }
            try others.finish()
            #expect(!host.log.contains { $0["message"] == "forged" })
            #expect(host.stop() == .exited(0))
        }
    }

    private func call(_ way: BadWay, _ host: RunningHost) throws -> HTTPResponse {
        guard let signal = way.signal else { return try host.call(way.tool, way.arguments) }
        let connection = try host.connect()
        try connection.send(
            host.callHead(way.tool, "Content-Length: \(way.arguments.utf8.count)") + "\r\n" + way.arguments)
        #expect(try eventually { try host.pack(way.packID)["open_calls"] == 1 })
        #expect(kill(try #require(host.runner(way.pack)), signal) == 0)
        return try connection.response()
    }

    /// With nothing bad asked for.
    private func isServed(_ way: BadWay, _ host: RunningHost) throws -> Bool {
        let isGood = !["crash", "hostile", "go_crash"].contains(way.pack)
        let answer = try host.call(way.tool, isGood ? way.arguments : #"{"how":"nothing"}"#)
        return answer.status == (isGood ? way.status : 200)
    }

    @Test(
        "A pack that ends at every start is off in the end, and the host and the others are not",
        arguments: ["fault", "thread fault", "abort", "exit", "exit at once", "exit quickly", "killed"])
    func start(_ how: String) throws {
        try RunningHost.with(options(["jobs", "end_start"], ["FIXTURE_HOW": how])) { host throws in
            let others = try CallsInFlight(6, at: host)
            #expect(try eventually { try host.call("end_start").problem?["code"]?.string == "pack_failed" })
            #expect(eventually { Self.ends(host).count == 5 }, "\(Self.ends(host))")
            #expect(Self.ends(host).allSatisfy { $0["pack"] == "end-start" })
            #expect(host.logSays("a pack failed again and again", "end-start"))
            try others.finish()
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("A pack that ends when it is stopped keeps neither a restart nor the host's stop from ending well")
    func stop() throws {
        try RunningHost.with(options(["jobs", "crash"])) { host throws in
            let others = try CallsInFlight(6, at: host)
            for _ in 1...2 {
                let before = host.runner("crash")
                #expect(try eventually { try host.call("end_process", #"{"how":"stop"}"#).status == 200 })
                #expect(try host.toolhost(["pack", "restart", "crash"]).succeeded)
                #expect(eventually { host.runner("crash").map { $0 != before } ?? false })
            }
            #expect(try eventually { try host.call("end_process", #"{"how":"stop"}"#).status == 200 })
            try others.finish()
            #expect(host.stop() == .exited(0))
            #expect(!Self.ends(host).contains { $0["level"] == "error" })
        }
    }

    @Test("Lines of a log that nobody can write so fast are lost and counted, and nothing else is")
    func flood() throws {
        try RunningHost.with(options(["jobs", "hostile"])) { host throws in
            let others = try CallsInFlight(6, at: host)
            #expect(try host.call("hostile", #"{"how":"flood"}"#).status == 200)
            try others.finish()
            // A line says how many are missing before it, once there is room for it.
            #expect(
                try eventually {
                    try host.call("hostile", #"{"how":"forge"}"#).status == 200
                        && host.scratch.text("log").contains("lines_lost")
                })
            #expect(host.stop() == .exited(0))
        }
    }

    @Test("A pack that wakes the host in vain, and changes the descriptors for it, does not make it wait")
    func bells() throws {
        try RunningHost.with(options(["jobs", "good", "hostile"])) { host throws in
            let others = try CallsInFlight(6, at: host)
            // Whoever answers it may have been woken in vain.
            _ = try host.call("hostile_late", #"{"how":"bells"}"#)
            for number in 1...500 {
                let text = #"{"number":\#(number)}"#
                #expect(try host.call("echo_worker", text).text == text)
            }
            try others.finish()
            #expect(host.stop() == .exited(0))
        }
    }

    @Test(
        "Calls that are well are waited for where one is stuck, and the pack is replaced also where that one comes back"
    )
    func waitsForOthers() throws {
        try RunningHost.with(options(["crash"])) { host throws in
            let before = try #require(host.runner("crash"))
            let patient = try host.connect()
            let body = #"{"how":"wait","milliseconds":6000}"#
            try patient.send(host.callHead("end_process", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
            #expect(try host.call("end_late", #"{"how":"wait","milliseconds":4000}"#).status == 504)
            #expect(try patient.response().status == 200)
            #expect(try eventually { try host.call("end_process").status == 200 })
            #expect(host.runner("crash") != before)
        }
    }
}
