// The ways of a bad pack in a process of its own, and what comes of each.

import JSON
import Testing

/// One way, with what its caller gets and the operator reads.
struct BadWay: Sendable, CustomTestStringConvertible {
    /// How the process ends; both are `nil` where it goes on.
    struct End: Sendable {
        var signal: String?
        var code: String?

        static func signal(_ name: String) -> End { End(signal: name) }
        static func exit(_ code: Int) -> End { End(code: "\(code)") }
        /// The host does it.
        static let killed = End.signal("SIGKILL")
    }

    var how: String
    /// The fixture's file.
    var pack = "crash"
    var tool = "end_process"
    /// Of the answer.
    var status = 502
    /// In the problem document.
    var code: String? = "pack_crashed"
    var end: End?
    /// What the reason says, too.
    var reason = ""
    /// Whether the call was still open at the end.
    var namesCall = true
    /// What somebody else sends to the process.
    var signal: Int32?

    var testDescription: String { "\(tool): \(how)" }

    /// The id that the log has.
    var packID: String { String(pack.map { $0 == "_" ? "-" : $0 }) }
    var arguments: String { #"{"how":"\#(how)","milliseconds":600}"# }

    static let all = ends + lateEnds + answers + results + go

    /// Of the process, with the call.
    private static let ends = [
        BadWay(how: "fault", end: .signal("SIGSEGV")),
        BadWay(how: "ignored fault", end: .signal("SIGSEGV")),
        BadWay(how: "overflow", end: .signal("SIGSEGV")),
        BadWay(how: "abort", end: .signal("SIGABRT")),
        BadWay(how: "double free", end: .signal("SIGABRT")),
        BadWay(how: "heap overflow", end: .signal("SIGABRT")),
        BadWay(how: "trap", end: .signal(CrashTests.trap.name)),
        BadWay(how: "exit", end: .exit(3)),
        BadWay(how: "exit 0", end: .exit(0)),
        BadWay(how: "_exit", end: .exit(0)),
        BadWay(how: "quick_exit", end: .exit(0)),
        BadWay(how: "execv", end: .exit(0)),
        BadWay(how: "alarm", end: .signal("SIGALRM")),
        BadWay(how: "raise", status: 200, code: nil),
        BadWay(how: "stop signal", end: .killed, reason: "SIGSTOP had stopped it"),
        BadWay(how: "hang", end: .killed, reason: "somebody sent", signal: 9),
        BadWay(how: "thread fault", end: .signal("SIGSEGV")),
        BadWay(how: "thread abort", end: .signal("SIGABRT")),
        BadWay(how: "thread exit", end: .exit(0)),
        BadWay(how: "fork", end: .signal("SIGABRT")),
        BadWay(how: "closed output", end: .signal("SIGABRT")),
        BadWay(how: "claim", pack: "hostile", tool: "hostile", end: .signal("SIGSEGV")),
        BadWay(how: "message", pack: "hostile", tool: "hostile", end: .signal("SIGSEGV")),
    ]

    /// Of a pack in Go, whose runtime ends the process itself.
    private static let go =
        Setup.hasGo
        ? ["go panic", "go nil", "go c fault", "go thread"].map {
            BadWay(how: $0, pack: "go_crash", tool: "go_crash", end: .signal("SIGABRT"))
        } : []

    /// After the deadline.
    private static let lateEnds = [
        late("cancel", .signal("SIGSEGV"), ""),
        late("thread end", .killed, "long after its deadline"),
        late("spin", .killed, "long after its deadline"),
        late("blocked signals", .killed, "long after its deadline"),
    ]

    private static func late(_ how: String, _ end: End, _ reason: String) -> BadWay {
        BadWay(how: how, tool: "end_late", status: 504, code: "deadline", end: end, reason: reason)
    }

    /// After the answer.
    private static let answers = [
        BadWay(how: "release", status: 200, code: nil, end: .signal("SIGSEGV"), namesCall: false),
        // Whoever answers next cannot wake the host.
        BadWay(
            how: "descriptors", pack: "hostile", tool: "hostile", status: 200, code: nil, end: .exit(70),
            namesCall: false),
    ]

    /// What the process survives.
    private static let results =
        ["null", "2 GiB", "2^64-1", "depth", "status"].map {
            BadWay(how: $0, pack: "hostile", tool: "hostile", status: 500, code: "internal")
        }
        + ["arguments", "threads", "surroundings", "forge"].map {
            BadWay(how: $0, pack: "hostile", tool: "hostile", status: 200, code: nil)
        }
        + [BadWay(how: "pending", pack: "hostile", tool: "hostile_late", status: 504, code: "deadline")]
        + ["complete_twice", "complete_before_return", "complete_unknown"].map {
            BadWay(how: "any", pack: $0, tool: $0, status: 200, code: nil)
        }
        + [BadWay(how: "any", pack: "complete_late", tool: "complete_late", status: 504, code: "deadline")]
}
