// The pack that the tests call: one small tool for each thing a tool can do.

import JSON
import Synchronization
import ToolSDK

/// Lets a test hold tools back and see how far they came.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var arrivals: [CheckedContinuation<Void, Never>] = []
        var passing: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// For the tool: says that it is here, and waits until the gate opens.
    func pass() async {
        await withCheckedContinuation { continuation in
            let (isOpen, arrivals) = state.withLock { state in
                state.arrived += 1
                if !state.isOpen { state.passing.append(continuation) }
                defer { state.arrivals = [] }
                return (state.isOpen, state.arrivals)
            }
            for arrival in arrivals { arrival.resume() }
            if isOpen { continuation.resume() }
        }
    }

    /// For the test: waits until some tool is here.
    func arrival() async {
        await withCheckedContinuation { continuation in
            let isHere = state.withLock { state in
                if state.arrived == 0 { state.arrivals.append(continuation) }
                return state.arrived > 0
            }
            if isHere { continuation.resume() }
        }
    }

    func open() {
        let passing = state.withLock { state in
            state.isOpen = true
            defer { state.passing = [] }
            return state.passing
        }
        for continuation in passing { continuation.resume() }
    }
}

/// Contexts and gates by the name that a test put into the arguments, since a pack has no other way to its test.
enum Shelf {
    private static let gates = Mutex<[String: Gate]>([:])
    private static let contexts = Mutex<[String: CallContext]>([:])

    static func gate(_ name: String) -> Gate {
        gates.withLock { gates in
            let gate = gates[name] ?? Gate()
            gates[name] = gate
            return gate
        }
    }

    static func keep(_ context: CallContext, as name: String) { contexts.withLock { $0[name] = context } }
    static func context(_ name: String) -> CallContext? { contexts.withLock { $0[name] } }
}

struct Named: Sendable {
    var name: String

    static let schema = Schema<Named>.object(
        Property("name", \.name, .string(), "A name"),
        make: Named.init)
}

/// Answers what it was given, defaults filled in.
struct Echo: InlineTool {
    static let name = "echo"
    static let title = "Echo"
    static let summary = "Answers what it was given."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]
    static let meta: JSONObject = ["tags": ["test"]]
    static let scopes = ["echo.read", "echo.more"]
    static let timeout: Duration? = .milliseconds(1500)
    static let maxConcurrency: Int? = 7

    struct Input: Sendable {
        var text: String
        var count: Int
        var note: String?
    }

    static let shape = Schema<Input>.object(
        Property("text", \.text, .string(length: 1...20), "Some text"),
        Property("count", \.count, .integer(1...5), default: 2, "How often"),
        Property("note", \.note, .string(), "Something else"),
        make: Input.init)
    static let input = shape
    static let output = shape

    let greeting: String

    func call(_ input: Input, context: CallContext) throws -> Input {
        Input(text: greeting + input.text, count: input.count, note: input.note)
    }
}

/// Answers who calls.
struct WhoAmI: BlockingTool {
    static let name = "who_am_i"
    static let title = "Who am I"
    static let summary = "Answers what the call says about its caller."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]
    static let output = Schema<[String: String]>.dictionary(of: .string())

    func call(_ input: Empty, context: CallContext) throws -> [String: String] {
        [
            "principal": context.principal, "subject": context.subject ?? "nil",
            "subjectIssuer": context.subjectIssuer ?? "nil", "client": context.clientID,
            "clientIssuer": context.clientIssuer ?? "nil", "conversation": context.conversationID ?? "nil",
            "key": context.idempotencyKey ?? "nil", "request": context.requestID,
            "trace": context.traceparent ?? "nil", "scopes": context.scopes.joined(separator: " "),
            "device": context.attribute("device") ?? "nil",
        ]
    }
}

/// Fails in the way that the name says.
struct Fail: BlockingTool {
    static let name = "fail"
    static let title = "Fail"
    static let summary = "Fails."
    static let hints: Hints = [.writes, .destructive, .repeats, .openWorld]
    static let input = Named.schema

    struct Mishap: Error, CustomStringConvertible {
        let description = "disk on fire"
    }

    func call(_ input: Named, context: CallContext) throws -> Empty {
        switch input.name {
        case "conflict": throw ToolError.conflict("The cart changed.", details: ["total": 3])
        case "busy": throw ToolError.busy("Later.", retryAfter: .milliseconds(1500))
        case "cancelled": throw CancellationError()
        case "check": try context.checkCancellation()
        case "mishap": throw Mishap()
        default: break
        }
        return Empty()
    }
}

/// Reports and logs.
struct Report: BlockingTool {
    static let name = "report"
    static let title = "Report"
    static let summary = "Logs and reports progress."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]

    func call(_ input: Empty, context: CallContext) throws -> Empty {
        context.log(.warning, "nearly done", metadata: ["b": "2", "a": "1", "empty": ""])
        context.progress(1, of: 4, "reading")
        context.progress(2)
        return Empty()
    }
}

/// Waits at the gate that the arguments name, then answers.
struct Wait: Tool {
    static let name = "wait"
    static let title = "Wait"
    static let summary = "Waits at a gate."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]
    static let input = Named.schema
    static let output = Named.schema

    func call(_ input: Named, context: CallContext) async throws -> Named {
        await Shelf.gate(input.name).pass()
        try context.checkCancellation()
        return Named(name: context.principal)
    }
}

/// Sleeps until it is cancelled.
struct Sleep: Tool {
    static let name = "sleep"
    static let title = "Sleep"
    static let summary = "Sleeps until it is cancelled."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]

    func call(_ input: Empty, context: CallContext) async throws -> Empty {
        try await Task.sleep(for: .seconds(3600))
        return Empty()
    }
}

/// Keeps its context beyond the call, at once or in a task.
struct Hoard: BlockingTool {
    static let name = "hoard"
    static let title = "Hoard"
    static let summary = "Keeps its context."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]
    static let input = Named.schema

    func call(_ input: Named, context: CallContext) throws -> Empty {
        Shelf.keep(context, as: input.name)
        return Empty()
    }
}

struct SamplePack: ToolPack {
    static let id = "sample"
    static let version = "1.2.3"
    static let description = "For tests."
    static let configuration = Schema<Configuration>.object(
        Property("greeting", \.greeting, .string(), default: "", environment: "SAMPLE_GREETING", "Put before the text"),
        Property("gate", \.gate, .string(), "Opened by stop"),
        make: Configuration.init)
    static let tools: [PackTool<SamplePack>] = [
        PackTool { Echo(greeting: $0.configuration.greeting) },
        PackTool { _ in WhoAmI() },
        PackTool { _ in Fail() },
        PackTool { _ in Report() },
        PackTool { _ in Wait() },
        PackTool { _ in Sleep() },
        PackTool { _ in Hoard() },
    ]

    struct Configuration: Sendable {
        var greeting: String
        var gate: String?
    }

    let configuration: Configuration

    init(configuration: Configuration, host: HostLink) throws {
        switch configuration.greeting {
        case "explode": throw ToolError.unavailable("The store is locked by another process.")
        case "fault": throw Fail.Mishap()
        default: break
        }
        self.configuration = configuration
        host.log(.info, "started", metadata: ["host": "\(host.name) \(host.version)"])
    }

    func stop() {
        if let gate = configuration.gate { Shelf.gate(gate).open() }
    }
}
