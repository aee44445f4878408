// Packs that are there in this process alone, for whoever serves or swaps editions in tests.

import JSON
import JSONSchema
import Logging
import NIOCore
import Testing
import ToolABI

@testable import HostCalls
@testable import HostTools

/// Runs a pack whose tools all answer the same: the first one at once, the second one when it is let.
final class NamingEngine: LocalEngine {
    private let answer: StaticString
    private let entries = Arrivals(of: "calls inside the pack")
    private let exits = Arrivals(of: "leaves to answer")

    init(_ answer: StaticString) { self.answer = answer }

    var state: EngineLife.Phase { .running }
    var isWaiting: Bool { false }
    var watched: [String] { [] }
    var vitals: EngineVitals { EngineVitals(isolation: .host, state: .running, process: nil, uptime: nil) }

    func start(config: [UInt8], deadline: NIODeadline) {}
    func giveUp(_ reason: String) {}
    func word(of call: tool_call_id) -> CallWord? { nil }
    func takeBack(_ word: CallWord, of call: tool_call_id) {}
    func cancel(_ call: tool_call_id, _ reason: tool_status) {}
    func settled(_ call: tool_call_id) {}
    func restart(_ reason: String) throws(RestartObjection) {}
    func stop(emptyBy empty: NIODeadline, deadline: NIODeadline) -> Bool { true }

    func invoke(_ block: borrowing CallBlock, tool: Int, limit: Int) -> Invocation {
        if tool == 1 {
            entries.note()
            do { try exits.wait() } catch { Issue.record(error) }
        }
        var result = unsafe tool_result()
        unsafe result.content.data = unsafe answer.utf8Start
        unsafe result.content.size = UInt64(answer.utf8CodeUnitCount)
        return unsafe .ended(
            PackResult(taking: &result, status: TOOL_OK, limit: limit, from: CrashSubject(pack: "naming")))
    }

    /// Blocks until as many calls of the slow tool have come in.
    func waitForCalls(_ count: Int) throws { try entries.wait(for: count) }

    /// Lets as many of them answer.
    func letGo(_ count: Int) {
        for _ in 0..<count { exits.note() }
    }
}

/// One pack of two tools, `NAME` and `NAME_slow`.
struct TestPack: Sendable {
    let engine: NamingEngine
    let tools: [ServedTool]

    /// - Parameter answer: JSON, of all its calls.
    init(
        _ name: String, answer: StaticString, _ settings: CallSettings, calls: CallTable, pool: WorkerPool,
        input: JSONValue = ["type": "object"], arguments: JSONValue = ["type": "object"]
    ) throws {
        engine = NamingEngine(answer)
        let desk = PackDesk(
            engine: engine, log: PackLog(packID: name, logger: TestEditions.logger), calls: calls, pool: pool,
            limits: settings)
        tools = try [name, "\(name)_slow"].enumerated().map { number, tool in
            let descriptor = ShopTools.tool(
                tool, "Say a name", "Says which pack this is.", pack: name, input: input,
                output: ["type": "object", "required": ["pack"], "properties": ["pack": ["const": .string(name)]]])
            return ServedTool(
                CheckedTool(
                    descriptor: descriptor, inputSchema: try CompiledSchema(arguments),
                    outputSchema: try CompiledSchema(descriptor.outputSchema), claimsInline: false,
                    timeoutMilliseconds: 0, maxConcurrency: 0, maxResultBytes: 0),
                number: number, desk: desk, limits: settings)
        }
    }

    /// Waits for the calls that are inside, which those whose clients are gone may be, too: their loops must be there.
    ///
    /// - Returns: `false` where one stays.
    func stop() -> Bool {
        tools[0].desk.stop(emptyBy: .now() + .seconds(60), deadline: .now())
    }
}
