// The host around a runner: what all lives have in common, as it has in a host.

import HostSandbox
import JSON
import JSONSchema
import Logging
import NIOCore
import NIOEmbedded

@testable import HostBase
@testable import HostCalls
@testable import HostEngines
@testable import HostOutbound
@testable import HostTools

/// A pack in service, but for its process.
final class FuzzedStage: Sendable {
    static let shared = FuzzedStage()

    let loops = [EmbeddedEventLoop(), EmbeddedEventLoop()]
    let engine: RunnerEngine
    let desk: PackDesk
    let pipeline: CallPipeline
    /// One that takes its time, one of which one call runs at a time, and one that promises never to block.
    let tools: [ServedTool]

    private init() {
        let logger = Logger(label: "fuzzer") { _ in SwiftLogNoOpLogHandler() }
        let log = PackLog(packID: "fuzzed", logger: logger)
        let calls = CallTable()
        let settings = CallSettings(
            timeout: CallSettings.longestTimeout, workers: 4, packWorkers: 3, packCalls: 12, maxResultCharacters: 1000,
            nullArguments: .absent)
        // Nothing may be asked of anybody: it is refused, as is said later.
        let outbound = Outbound(
            settings: OutboundSettings(
                maxResponseBytes: 1 << 20, circuitFailures: 5, circuitPause: .seconds(1), healthInterval: .seconds(1)),
            group: loops[0], logger: logger)
        let keeper = RunnerKeeper(
            RunnerProgram(executable: "", environment: []),
            plan: SandboxPlan(level: .off, network: .any, file: ""), copy: "", name: "fuzzed", loops: 2, calls: 8,
            workers: 2,
            timeout: .seconds(1), emptying: .seconds(1))
        engine = RunnerEngine(
            keeper, plan: keeper.firstPlan, loops: loops, calls: calls, log: log,
            restarts: RestartSettings(delays: [.zero], limit: nil),
            outbound: (outbound, outbound.policy(for: OutboundRules())), lastWords: nil)
        let desk = PackDesk(
            engine: engine, log: log, calls: calls, pool: WorkerPool(threads: 1, logger: logger), limits: settings)
        engine.serve(desk)
        self.desk = desk
        pipeline = CallPipeline(calls: calls)
        tools = (0..<3).map { number in
            guard let schema = try? CompiledSchema(true) else { fatalError("there is a schema that fits everything") }
            return ServedTool(
                CheckedTool(
                    descriptor: ToolDescriptor(
                        name: "tool\(number)", title: "", summary: "", description: "", inputSchema: true,
                        outputSchema: true, meta: [:], scopes: [],
                        hints: ToolHints(
                            isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false),
                        packID: "fuzzed"),
                    inputSchema: schema, outputSchema: schema, claimsInline: number == 2, timeoutMilliseconds: 0,
                    maxConcurrency: number == 1 ? 1 : 0, maxResultBytes: number == 0 ? 100 : 0),
                number: number, desk: desk, limits: settings)
        }
    }
}
