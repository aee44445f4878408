// How calls are settled: late, twice, early, from any thread; and that every buffer comes back once.

import Dispatch
import JSON
import Synchronization
import Testing

/// One after the other, because the reports count what all calls before them did.
@Suite(
    "Completions", .serialized,
    .hosts([
        "complete_before_return", "complete_late", "complete_other_thread", "complete_twice", "complete_unknown",
        "release_count",
    ]))
struct CompletionTests {
    /// The report tool's count, once it fits.
    private func report(_ host: RunningHost, _ tool: String, until fits: (JSONValue) -> Bool) throws -> JSONValue {
        var last: JSONValue = nil
        _ = try eventually(within: .seconds(20)) {
            last = try host.call(tool).json ?? nil
            return fits(last)
        }
        return last
    }

    @Test(
        "A second completion is the pack's fault, answered with GONE; its buffer comes back",
        arguments: Setup.isolations)
    func completeTwice(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        #expect(try host.call("complete_twice").text == #"{"answer":1}"#)
        let seen = try report(host, "complete_twice_report") {
            $0["released"] == $0["made"] && $0["second_status"]?.int64 != 1
        }
        #expect(seen["second_status"]?.int64 == -11)
        #expect(seen["released"] == seen["made"])
        #expect(host.logSays("complete"))
    }

    @Test(
        "A late completion: 504 for the caller, one cancel, the buffer released, the lateness logged",
        arguments: Setup.isolations)
    func completeLate(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        let before = try report(host, "complete_late_report") { _ in true }
        #expect(try host.call("complete_late", #"{"milliseconds":600}"#).status == 504)
        let after = try report(host, "complete_late_report") {
            $0["settled"] != before["settled"] && $0["released"] == $0["made"]
        }
        #expect(after["released"] == after["made"])
        #expect(after["cancels"]?.int64 == (before["cancels"]?.int64 ?? 0) + 1)
        #expect(after["last_reason"]?.int64 == -7)
        #expect(after["cancelled"]?.int64 == -7)
        #expect(host.logSays("complete_late", "late"))
    }

    @Test(
        "A client that goes away cancels its call, and the buffer is released all the same", arguments: Setup.isolations
    )
    func clientGone(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        let before = try report(host, "complete_late_report") { _ in true }
        let body = #"{"milliseconds":1500}"#
        do {
            let connection = try host.connect()
            try connection.send(host.callHead("complete_patient", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
            _ = try report(host, "complete_late_report") { $0["started"] != before["started"] }
            connection.resetOnClose()
        }
        let after = try report(host, "complete_late_report") {
            $0["settled"] != before["settled"] && $0["released"] == $0["made"]
        }
        #expect(after["cancels"]?.int64 == (before["cancels"]?.int64 ?? 0) + 1)
        #expect(after["last_reason"]?.int64 == -6)
        #expect(after["cancelled"]?.int64 == -6)
        #expect(after["released"] == after["made"])
        // Nobody is late for somebody who has gone; operators watch for that line.
        let late = host.log.first { $0["tool"]?.string == "complete_patient" && $0["late_ms"] != nil }
        #expect(late == nil)
    }

    @Test(
        "A completion before invoke has returned, and from a thread of the pack's own, are answers like any other",
        arguments: Setup.isolations)
    func unusualThreads(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        let wrong = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 40) { index in
            let early = try? host.call("complete_before_return").text
            let other = try? host.call("complete_other_thread", #"{"index":\#(index)}"#).text
            if early != #"{"early":true}"# || other != #"{"index":\#(index)}"# { wrong.withLock { $0 += 1 } }
        }
        #expect(wrong.withLock { $0 } == 0)
    }

    @Test("Calls that never were are GONE for complete, progress and cancelled", arguments: Setup.isolations)
    func unknownCalls(_ isolation: Isolation) throws {
        #expect(try RunningHost.current(isolation).call("complete_unknown").text == #"{"gone":9}"#)
    }

    @Test("Every buffer is released exactly once, whatever became of the call", arguments: Setup.isolations)
    func releases(_ isolation: Isolation) throws {
        let host = try RunningHost.current(isolation)
        let cases = [
            #"{"status":0}"#, #"{"status":0,"broken":1}"#, #"{"status":-3}"#, #"{"status":-12}"#, #"{"status":77}"#,
            #"{"status":-5,"broken":1}"#,
        ]
        DispatchQueue.concurrentPerform(iterations: 60) { index in
            _ = try? host.call("release_give", cases[index % cases.count])
        }
        let seen = try report(host, "release_report") { $0["once"] == $0["made"] }
        #expect((seen["made"]?.int64 ?? 0) >= 120)
        #expect(seen["once"] == seen["made"])
        #expect(seen["again"]?.int64 == 0)
        #expect(seen["wrong"]?.int64 == 0)
    }
}
