// A pack in service whose process is played by a test, which says whatever it wants.

import HostLanes
import HostSandbox
import JSON
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import ToolABI

@testable import HostBase
@testable import HostCaller
@testable import HostCalls
@testable import HostEngines
@testable import HostTools
@testable import JSONSchema

/// One life of a runner, with the host's own engine, desk and link.
final class RunnerStage: Sendable {
    static let map = RunnerMap(loops: 1, calls: 8)
    /// The most bytes of a result.
    static let limit = 100
    /// Calls that may be inside at once.
    static let workers = 4

    let memory: SharedMemory
    let link: RunnerLink
    let notes: RunnerNotes
    let desk: PackDesk
    private let engine: RunnerEngine
    private let pipeline: CallPipeline
    private let tool: ServedTool
    private let loop = NIOAsyncTestingEventLoop()
    private let blocks: ArenaLender
    private let answers: RingWriter
    private let remarks: RingWriter
    private let record = Record()

    private final class Record: Sendable {
        let violations = Mutex<[String]>([])
        let ends = Mutex<[[CallEnd]]>([])
    }

    /// - Parameters:
    ///   - calls: that may be open.
    ///   - delays: before it is started again.
    init(calls: Int = 8, delays: [TimeAmount] = [.zero]) throws {
        let (map, memory) = (Self.map, try SharedMemory("stage", size: Self.map.size))
        let log = PackLog(packID: "test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let settings = CallSettings(
            timeout: CallSettings.longestTimeout, workers: 8, packWorkers: Self.workers, packCalls: calls,
            maxResultCharacters: 1000, nullArguments: .absent)
        let keeper = RunnerKeeper(
            RunnerProgram(executable: "", environment: []),
            plan: SandboxPlan(level: .off, network: .any, file: ""), copy: "", name: "test", loops: 1, calls: map.calls,
            workers: 1, timeout: .seconds(1), emptying: .seconds(1))
        pipeline = CallPipeline(calls: CallTable())
        engine = RunnerEngine(
            keeper, plan: keeper.firstPlan, loops: [loop], calls: pipeline.calls, log: log,
            restarts: RestartSettings(delays: delays, limit: nil), outbound: nil, lastWords: nil)
        let desk = PackDesk(
            engine: engine, log: log, calls: pipeline.calls, pool: WorkerPool(threads: 1, logger: log.logger),
            limits: settings)
        engine.serve(desk)
        self.desk = desk
        tool = ServedTool(
            CheckedTool(
                descriptor: ToolDescriptor(
                    name: "tool", title: "", summary: "", description: "", inputSchema: true, outputSchema: true,
                    meta: [:], scopes: [],
                    hints: ToolHints(isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false),
                    packID: "test"),
                inputSchema: try CompiledSchema(true), outputSchema: try CompiledSchema(true), claimsInline: false,
                timeoutMilliseconds: 0, maxConcurrency: 0, maxResultBytes: Self.limit),
            number: 0, desk: desk, limits: settings)
        self.memory = memory
        blocks = ArenaLender(.results, map, memory)
        answers = RingWriter(map.ring(.answers(loop: 0), in: memory))
        remarks = RingWriter(map.ring(.notes, in: memory))
        link = RunnerLink(
            map: map, memory: memory, loops: [loop], pack: "test", requests: nil, desk: { desk },
            broken: { [record] violation in record.violations.withLock { $0.append(violation.text) } })
        notes = RunnerNotes(link, engine)
        #expect(engine.begins())
        engine.runs(link)
    }

    /// What it did that no runner does, as the host was told.
    var violations: [String] { record.violations.withLock(\.self) }
    /// What came to each caller, in the order of the calls.
    var ends: [[CallEnd]] { record.ends.withLock(\.self) }

    func call(_ arguments: [UInt8] = Array("{}".utf8)) -> Call? {
        let index = record.ends.withLock { ends -> Int in
            ends.append([])
            return ends.count - 1
        }
        let details = CallDetails(
            requestID: "r", principal: Principal(clientID: "c", clientIssuer: "i", scopes: []),
            onProgress: { _, _, _ in })
        return pipeline.start(tool, arguments: arguments, context: details, on: loop) { [record] end in
            record.ends.withLock { $0[index].append(end) }
        }
    }

    /// Puts an entry where answers are.
    func put(_ entry: LaneEntry) -> Bool { answers.put(entry) }

    /// The same, and has the host look.
    func say(_ entry: LaneEntry) {
        let hasRoom = put(entry)
        #expect(hasRoom)
        _ = link.receive(loop: 0)
    }

    /// - Returns: what about it is no note.
    func remark(_ entry: LaneEntry) -> String? {
        let hasRoom = remarks.put(entry)
        #expect(hasRoom)
        return notes.read().violation
    }

    /// A block with these bytes.
    func block(_ bytes: [UInt8]) -> UInt64 { UInt64(blocks.lend(bytes) ?? -1) }

    /// Its process is gone.
    func end(_ cause: RunnerEnd.Cause? = .asked) {
        engine.leaves()
        link.settleAnswers()
        _ = engine.ended(link, RunnerEnd(way: .unknown, cause: cause, uptime: .zero), culprit: nil)
    }
}
