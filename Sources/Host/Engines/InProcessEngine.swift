// A pack that runs in this very process: the only place that calls the functions of a pack's table, but for its entry.

import Glibc
import HostCalls
import HostOutbound
import NIOCore
import Synchronization
import ToolABI

/// Runs a pack that was loaded into this process. What the pack was given (``PackServices``) is never freed, like the
/// pack itself, whose threads may use it.
///
/// `@unchecked Sendable`: `instance` is written by the start, before the pack's first call, and never again.
@safe public final class InProcessEngine: LocalEngine, @unchecked Sendable {
    private let packID: String
    private let table: LoadedTable
    /// By their places in the pack's table; `nil` for what cannot be served.
    private let tools: [PublishedTool?]
    private let link: PackServices
    private let outbound: Outbound?
    private let cancellations: Cancellations
    private let subject: CrashSubject
    private let life = Mutex(EngineLife())
    /// When its start had succeeded.
    private let started = Mutex<NIODeadline?>(nil)
    /// What `start` made; handed to every later function.
    private var instance: UnsafeMutableRawPointer?

    /// - Parameters:
    ///   - tools: the names of those that can be served, by their places in the table.
    ///   - outbound: how packs reach other services, and what this one may do there.
    ///   - shortage: told where there is no thread for a cancellation.
    public init(
        _ table: LoadedTable, tools: [Int: String], calls: CallTable, log: PackLog,
        outbound: (Outbound, OutboundPolicy)?, shortage: ThreadShortage
    ) {
        packID = log.packID
        self.table = table
        self.tools = (0...(tools.keys.max() ?? 0)).map {
            unsafe PublishedTool(table.descriptor(at: $0), tools[$0], log)
        }
        self.outbound = outbound?.0
        link = PackServices(calls: calls, log: log, outbound: outbound)
        subject = CrashSubject(pack: log.packID)
        cancellations = Cancellations(shortage: shortage)
    }

    public var state: EngineLife.Phase { life.withLock(\.phase) }
    public var vitals: EngineVitals {
        EngineVitals(
            isolation: .host, state: .init(state), process: getpid(),
            uptime: started.withLock(\.self).map { .now() - $0 })
    }

    public var isWaiting: Bool { outbound?.health.isWaiting(packID) == true }
    public var watched: [String] { outbound?.health.watched(by: packID) ?? [] }

    public func start(config: [UInt8], deadline: NIODeadline) {
        guard life.withLock({ $0.start() }) else { return }
        table.expectCrashes(of: packID)
        guard let start = unsafe table.functions.start else { return hasStarted() }
        let entry = unsafe subject.enter()
        var made: UnsafeMutableRawPointer?
        var error = unsafe tool_result()
        unsafe error.struct_size = unsafe UInt32(MemoryLayout<tool_result>.size)
        let status = unsafe config.withUnsafeBytes { bytes in
            var config = unsafe tool_str(
                data: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), size: UInt64(bytes.count))
            return unsafe start(link.pointer, &config, Int64(clamping: deadline.uptimeNanoseconds), &made, &error)
        }
        let result = unsafe PackResult(
            taking: &error, status: status, limit: PackResult.defaultLimit, from: subject)
        entry.leave()
        if status == TOOL_OK {
            unsafe instance = made
            hasStarted()
        } else {
            giveUp("its start failed: " + (result.message.isEmpty ? "status \(status)" : result.message))
        }
    }

    private func hasStarted() {
        started.withLock { $0 = .now() }
        life.withLock { $0.started() }
    }

    public func giveUp(_ reason: String) {
        if life.withLock({ $0.refuse(reason) }) { link.http?.requests.close() }
    }

    /// The pack asks the host, which looks into the block.
    public func word(of call: tool_call_id) -> CallWord? { nil }
    public func takeBack(_ word: CallWord, of call: tool_call_id) {}

    /// Never a part of its caller, so that a profile tells what a call takes on its way into a pack and back.
    @inline(never)
    public func invoke(_ block: borrowing CallBlock, tool: Int, limit: Int) -> Invocation {
        var result = unsafe tool_result()
        unsafe result.struct_size = unsafe UInt32(MemoryLayout<tool_result>.size)
        let functions = unsafe table.functions
        guard let invoke = unsafe functions.invoke, let tool = tools[tool] else { return .pending }
        let call = unsafe CallBinding.bind(block.start)
        let entry = unsafe tool.subject.enter(call)
        defer { entry.leave() }
        let status = unsafe invoke(instance, tool.descriptor, call, &result)
        if status == TOOL_PENDING { return .pending }
        return unsafe .ended(PackResult(taking: &result, status: status, limit: limit, from: tool.subject))
    }

    /// `cancel` of a pack must not block, but that is only the pack's word: it runs on a thread of this pack's own.
    public func cancel(_ call: tool_call_id, _ reason: tool_status) {
        link.http?.requests.callEnded(call, isSettled: false)
        guard let cancel = unsafe table.functions.cancel else { return }
        cancellations.add(call, reason) { [self] call, reason in
            let entry = unsafe subject.enter()
            unsafe cancel(instance, call, reason)
            entry.leave()
        }
    }

    public func settled(_ call: tool_call_id) {
        link.http?.requests.callEnded(call, isSettled: true)
    }

    public func stop(emptyBy empty: NIODeadline, deadline: NIODeadline) -> Bool {
        guard life.withLock({ $0.stop() }), wait(until: empty, while: { cancellations.areRunning }) else {
            return false
        }
        link.http?.requests.close()
        guard wait(until: empty, while: { link.http?.requests.isOccupied == true }) else { return false }
        let entry = unsafe subject.enter()
        unsafe table.functions.stop?(instance, Int64(clamping: deadline.uptimeNanoseconds))
        entry.leave()
        life.withLock { $0.stopped() }
        return true
    }

    public func restart(_ reason: String) throws(RestartObjection) {
        throw RestartObjection(
            "the pack \(packID) runs inside the host, which cannot end and start it alone: restart the host")
    }

    private func wait(until deadline: NIODeadline, while isOccupied: () -> Bool) -> Bool {
        while isOccupied() {
            guard NIODeadline.now() < deadline else { return false }
            usleep(1000)
        }
        return true
    }
}

/// A tool as its pack published it, and as a crash in it is put down.
///
/// `@unchecked Sendable`: the pointer is one that the pack published as immutable until the process ends.
@safe private struct PublishedTool: @unchecked Sendable {
    /// The very pointer that the pack published.
    let descriptor: UnsafePointer<tool_descriptor>
    let subject: CrashSubject

    /// `nil` for what cannot be served, and so has no name here.
    @unsafe init?(_ published: UnsafePointer<tool_descriptor>?, _ name: String?, _ log: PackLog) {
        guard let published = unsafe published, let name else { return nil }
        unsafe descriptor = published
        subject = CrashSubject(
            pack: log.packID, tool: name, judge: InlineJudge { log.slowRelease(of: name) })
    }
}
