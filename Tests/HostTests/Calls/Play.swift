// Tools that do what a test wants, behind an engine of the test's choice.

import Dispatch
import JSON
import JSONSchema
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

/// What the tools of the play do, by their numbers.
enum PlayedTool: Int, CaseIterable, Sendable {
    /// Ends well at once.
    case succeed
    /// Ends with a status at once.
    case fail
    /// Is completed by the test.
    case pend
    /// Is completed by another thread before `invoke` returns.
    case early
    /// Stays in `invoke` until the test releases it.
    case block
    /// Like `pend`, one at a time.
    case single
    /// Inline.
    case quick
}

/// What a pack heard from its engine.
enum Heard: Sendable, Equatable {
    case invoked(tool_call_id)
    case cancelled(tool_call_id, tool_status)
    case stopped
}

/// What `invoke` and `complete` bring.
struct Answer: Sendable {
    var status = TOOL_OK
    var content = ""
    var message = ""

    static let good = Answer(content: #"{"good":true}"#)

    /// As an engine takes it, and gives it back.
    func write(to result: inout tool_result) {
        unsafe result.status = status
        unsafe result.content = Self.bytes(content)
        unsafe result.message = Self.bytes(message)
    }

    private static func bytes(_ text: String) -> tool_bytes {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = unsafe copy.initialize(from: text.utf8)
        return unsafe tool_bytes(
            data: UnsafePointer(copy.baseAddress), size: UInt64(copy.count),
            release: { _, data, _ in unsafe data?.deallocate() }, owner: nil)
    }
}

/// The host as the pack of the play sees it.
protocol PlayHost: Sendable {
    func complete(_ call: tool_call_id, _ answer: Answer) -> tool_status
    func cancelled(_ call: tool_call_id) -> tool_status
}

/// The pack of the play, whatever runs it.
final class Play: Sendable {
    /// One for each call that blocks.
    let release = DispatchSemaphore(value: 0)
    let number = Play.last.add(1, ordering: .relaxed).newValue
    private static let last = Atomic<Int>(0)
    private let heard: AsyncStream<Heard>.Continuation
    private let current = Mutex<(any PlayHost)?>(nil)

    init(_ heard: AsyncStream<Heard>.Continuation) {
        self.heard = heard
    }

    var host: (any PlayHost)? {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    func hear(_ event: Heard) { heard.yield(event) }

    /// - Returns: `nil` where the call is completed later.
    func invoke(_ number: Int, _ call: tool_call_id) -> Answer? {
        hear(.invoked(call))
        switch PlayedTool(rawValue: number) {
        case .succeed, .quick: return .good
        case .pend, .single: return nil
        case .early:
            let done = DispatchSemaphore(value: 0)
            _ = Thread.start("early") {
                _ = self.host?.complete(call, .good)
                done.signal()
            }
            done.wait()
            return nil
        case .block:
            release.wait()
            return .good
        case .fail, nil: return Answer(status: TOOL_E_NOT_FOUND, message: "There is no such thing.")
        }
    }
}

/// Which engine runs the play.
enum PlayedEngine: String, CaseIterable, Sendable {
    case table, process
}

/// A pack in service, with everything that a host has around it.
struct Stage {
    let play: Play
    let desk: PackDesk
    let pipeline: CallPipeline
    let lines: AsyncStream<String>
    let heard: AsyncStream<Heard>
    /// Its time passes when the test says so.
    let eventLoop = NIOAsyncTestingEventLoop()
    private let settings: CallSettings

    /// - Parameter calls: shared with other packs.
    init(
        _ kind: PlayedEngine, packWorkers: Int = 2, packCalls: Int = 8, calls: CallTable = CallTable()
    ) throws {
        let (heard, hearing) = AsyncStream.makeStream(of: Heard.self)
        let (lines, writing) = AsyncStream.makeStream(of: String.self)
        let logger = Logger(label: "play") { _ in TellingLog(line: writing) }
        let log = PackLog(packID: "play", logger: logger)
        let pool = WorkerPool(threads: 4, logger: logger)
        (play, self.heard, self.lines) = (Play(hearing), heard, lines)
        settings = CallSettings(
            timeout: CallSettings.longestTimeout, workers: 4, packWorkers: packWorkers, packCalls: packCalls,
            maxResultCharacters: 1000, nullArguments: .absent)
        let engine: any LocalEngine =
            switch kind {
            case .table: TableEngine(play, calls: calls, log: log)
            case .process: try InProcessEngine.running(play, calls: calls, log: log, shortage: pool.shortage)
            }
        desk = PackDesk(engine: engine, log: log, calls: calls, pool: pool, limits: settings)
        pipeline = CallPipeline(calls: calls)
        engine.start(config: Array("\(play.number)".utf8), deadline: .now() + .seconds(30))
    }

    func tool(_ played: PlayedTool, timeout: TimeAmount? = nil) throws -> ServedTool {
        let tool = ServedTool(
            CheckedTool(
                descriptor: ToolDescriptor(
                    name: "\(played)", title: "", summary: "", description: "", inputSchema: true, outputSchema: true,
                    meta: [:], scopes: [],
                    hints: ToolHints(isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false),
                    packID: "play"),
                inputSchema: try CompiledSchema(true), outputSchema: try CompiledSchema(true),
                claimsInline: played == .quick, timeoutMilliseconds: 0,
                maxConcurrency: played == .single ? 1 : 0, maxResultBytes: 0),
            number: played.rawValue, desk: desk, limits: settings)
        // It has earned its place on the loop.
        let now = NIODeadline.now()
        for _ in 0..<16 { tool.inline?.record(from: now, to: now, nil) }
        return tool
    }

    /// Starts a call.
    func call(_ played: PlayedTool) async throws -> Begun {
        let (ends, ending) = AsyncStream.makeStream(of: CallEnd.self)
        let tool = try tool(played)
        let context = CallDetails(
            requestID: "r", principal: Principal(clientID: "c", clientIssuer: "i", scopes: ["a", ""]))
        let pipeline = pipeline
        let eventLoop = eventLoop
        let (call, isOver) = try await eventLoop.executeInContext {
            let hasEnded = EndFlag()
            let call = pipeline.start(tool, arguments: Array("{}".utf8), context: context, on: eventLoop) { end in
                hasEnded.isSet.store(true, ordering: .releasing)
                ending.yield(end)
            }
            return (call, hasEnded.isSet.load(ordering: .acquiring))
        }
        // Workers are sent for when the loop has read all there is.
        await eventLoop.run()
        return Begun(call: call, ends: ends, endedAtOnce: isOver)
    }

    /// Whether the pack is told to go on with a call. Time passes for the event loop alone, but what `cancelled`
    /// answers goes by the clock, also where the machine has so much else to do that nothing may be said of a call.
    func goesOn(_ begun: Begun) -> Bool {
        guard let call = begun.call else { return false }
        let status = play.host?.cancelled(call.id)
        return status == TOOL_OK || status == TOOL_E_DEADLINE && NIODeadline.now() >= call.deadline
    }

    /// The next thing that the pack hears.
    func next(_ place: SourceLocation = #_sourceLocation) async -> Heard? {
        await heard.first("The pack has heard nothing", place) { _ in true }
    }

    /// Reads the log up to such a line.
    func line(_ wanted: String, _ place: SourceLocation = #_sourceLocation) async -> Bool {
        await lines.first("The log has no line \"\(wanted)\"", place) { $0 == wanted } != nil
    }
}

extension AsyncStream where Element: Sendable {
    /// The first element of this kind, which takes as long as it takes. What never comes ends the wait, and fails the
    /// test.
    ///
    /// - Parameter complaint: what is wrong then.
    fileprivate func first(
        _ complaint: String, _ place: SourceLocation, where isWanted: @escaping @Sendable (Element) -> Bool
    ) async -> Element? {
        let found = await withTaskGroup(of: Element?.self) { group in
            group.addTask { await first(where: isWanted) }
            group.addTask {
                try? await Task.sleep(for: .seconds(60))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        if found == nil { Issue.record("\(complaint), and nobody waits any longer.", sourceLocation: place) }
        return found
    }
}

private final class EndFlag: Sendable {
    let isSet = Atomic<Bool>(false)
}

/// A call that was asked for.
struct Begun {
    /// `nil` where there was no place for it.
    let call: Call?
    let ends: AsyncStream<CallEnd>
    /// Before `start` returned.
    let endedAtOnce: Bool

    func end(_ place: SourceLocation = #_sourceLocation) async -> CallEnd? {
        await ends.first("The call has not ended", place) { _ in true }
    }

    /// How it failed; `nil` where it did not.
    func failure(_ place: SourceLocation = #_sourceLocation) async -> ToolStatus? {
        guard case .failure(let failure) = await end(place)?.outcome else { return nil }
        return failure.status
    }
}

/// Tells each line's message.
private struct TellingLog: LogHandler {
    let line: AsyncStream<String>.Continuation
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { line.yield("\(event.message)") }
}
