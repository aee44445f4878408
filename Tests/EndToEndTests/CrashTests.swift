// A pack that runs inside the host and ends the process cannot be survived, but the last line of the log says who it
// was, and the exit code that it was no intention of the operator's.

import JSON
import Testing

@Suite("Crashes") struct CrashTests {
    struct Row: CustomTestStringConvertible {
        var how: String
        var end: ChildProcess.End
        var message = "crashed in a tool"
        var signal: String?
        /// Whether it is known which call did it.
        var namesCall = true
        /// Whether what the host keeps of the call is whole.
        var isDamaged = false

        var testDescription: String { how }
    }

    static let rows = [
        Row(how: "fault", end: .signalled(11), signal: "SIGSEGV"),
        Row(how: "abort", end: .signalled(6), signal: "SIGABRT"),
        Row(how: "damage", end: .signalled(6), signal: "SIGABRT", isDamaged: true),
        Row(how: "trap", end: .signalled(trap.number), signal: trap.name),
        Row(how: trap.breakpoint, end: .signalled(5), signal: "SIGTRAP"),
        Row(how: "overflow", end: .signalled(11), signal: "SIGSEGV"),
        Row(how: "exit", end: .exited(71), message: "a tool ended the process"),
        Row(how: "exit 0", end: .exited(71), message: "a tool ended the process"),
        Row(how: "exit 64", end: .exited(71), message: "a tool ended the process"),
        Row(how: "_exit", end: .exited(71), message: "a tool ended the process"),
        Row(how: "_Exit", end: .exited(71), message: "a tool ended the process"),
        Row(how: "quick_exit", end: .exited(71), message: "a tool ended the process"),
        Row(how: "thread exit", end: .exited(71), message: "a pack ended the process", namesCall: false),
        Row(how: "thread _exit", end: .exited(71), message: "a pack ended the process", namesCall: false),
        Row(
            how: "thread fault", end: .signalled(11), message: "crashed in a pack", signal: "SIGSEGV", namesCall: false),
        Row(
            how: "thread abort", end: .signalled(6), message: "crashed in a pack", signal: "SIGABRT", namesCall: false),
    ]

    #if arch(x86_64)
        static let trap: (number: Int32, name: String, breakpoint: String) = (4, "SIGILL", "breakpoint")
    #else
        static let trap: (number: Int32, name: String, breakpoint: String) = (5, "SIGTRAP", "trap")
    #endif

    @Test("The last line names pack, tool, request and signal, and the process ends as it would have", arguments: rows)
    func crash(_ row: Row) throws {
        try RunningHost.with(HostOptions(packs: ["crash", "good"], isolation: .host)) { host throws in
            // On one connection, so that the first call is over in every respect before the second one begins.
            let client = try host.connect()
            try client.send(host.callHead("echo", "Content-Length: 2") + "\r\n{}")
            #expect(try client.response().status == 200)
            let how = #"{"how":"\#(row.how)"}"#
            try client.send(host.callHead("end_process", "Content-Length: \(how.utf8.count)") + "\r\n" + how)
            _ = try? client.response()
            #expect(host.process.wait() == row.end)
            let line = try #require(host.log.last)
            #expect(line["level"]?.string == "critical")
            #expect(line["message"]?.string == row.message)
            #expect(line["pack"]?.string == "crash")
            #expect(line["signal"]?.string == row.signal)
            #expect(line["tool"]?.string == (row.namesCall ? "end_process" : nil))
            #expect((line["request_id"]?.string?.isEmpty == false) == (row.namesCall && !row.isDamaged))
            #expect(line["time"]?.string?.hasSuffix("Z") == true)
            // Calls that were over by then have their lines, however little time was left.
            #expect(host.log.contains { $0["tool"] == "echo" })
        }
    }

    @Test(
        "A child that a pack forks ends as it wants to, and is not taken for the host",
        arguments: ["child", "child exit", "child term"])
    func endOfAChild(_ how: String) throws {
        try RunningHost.with(HostOptions(packs: ["crash", "good"], isolation: .host)) { host throws in
            #expect(try host.call("end_process", #"{"how":"\#(how)"}"#).status == 200)
            #expect(try host.call("echo").status == 200)
            #expect(!host.log.contains { $0["level"] == "critical" })
        }
    }

    @Test(
        "A pack that sends its own process SIGTERM has it stop in order, as a failure of the pack",
        arguments: [("raise", true), ("thread raise", true), ("kill", false)])
    func ownSignal(_ how: String, isKnown: Bool) throws {
        try RunningHost.with(HostOptions(packs: ["crash", "good"], isolation: .host)) { host throws in
            #expect(try host.call("end_process", #"{"how":"\#(how)"}"#).status == 200)
            #expect(host.process.wait() == .exited(71))
            let line = try #require(host.log.first { $0["level"] == "critical" })
            #expect(line["signal"] == "SIGTERM")
            if isKnown { #expect(line["pack"] == "crash") }
            #expect(host.log.contains { $0["message"] == "stopped" })
        }
    }

    @Test("A crash that is nobody's names nobody")
    func crashOfNobody() throws {
        try RunningHost.with(HostOptions(packs: ["crash"], isolation: .host)) { host throws in
            host.process.signal(11)
            #expect(host.process.wait() == .signalled(11))
            let line = try #require(host.log.last)
            #expect(line["message"]?.string == "crashed")
            #expect(line["signal"]?.string == "SIGSEGV")
            #expect(line["pack"] == nil && line["tool"] == nil)
        }
    }
}
