// A pack that is started: the only place that calls invoke, cancel and stop.

import DequeModule
import Glibc
import NIOConcurrencyHelpers
import NIOCore
import Synchronization
import ToolABI

/// How `invoke` came back.
enum Invocation: ~Copyable {
    /// The tool completes later.
    case pending
    case ended(PackResult)

    var isPending: Bool {
        switch self {
        case .pending: true
        case .ended: false
        }
    }
}

/// One pack in service.
///
/// `@unchecked Sendable`: `instance` is written before the pack's first call and never again.
@safe final class RunningPack: @unchecked Sendable {
    let pack: Pack
    let link: HostLink
    private let calls: CallTable
    private let pool: WorkerPool
    private let open: OpenCalls
    /// Not a `Mutex`, which is handed from thread to thread in turn: where threads outnumber processors all would line up.
    private let gate: NIOLockedValueBox<PackGate>
    private let cancellations = Mutex(Cancellations())
    /// What `start` made; handed to every later function.
    private let instance: UnsafeMutableRawPointer?
    private let crashSubject: CrashSubject
    /// Whether it does its work.
    let condition: ConditionWatch

    private struct Cancellations {
        var waiting: Deque<(tool_call_id, tool_status)> = []
        var isRunning = false
    }

    private static let cancellationLimit = 1024

    var id: String { pack.identity.id }

    @unsafe init(
        pack: Pack, link: HostLink, instance: UnsafeMutableRawPointer?, calls: CallTable, pool: WorkerPool,
        limits: Settings.Tools
    ) {
        self.pack = pack
        self.link = link
        unsafe self.instance = instance
        self.calls = calls
        self.pool = pool
        open = OpenCalls(limit: limits.packCalls)
        crashSubject = CrashSubject(pack: pack.identity.id)
        condition = ConditionWatch { link.log($0, because: $1) }
        gate = NIOLockedValueBox(PackGate(workers: limits.packWorkers))
    }

    /// Open calls whose deadline passed this long ago.
    func stuckCalls(longerThan time: TimeAmount) -> Int {
        calls.overdue(of: self, since: .now() - time)
    }

    /// Whether every thread that the pack may have is kept by a call beyond its deadline.
    var isStuck: Bool { gate.withLockedValue(\.isStuck) }

    /// Finds a place for a call and starts it.
    ///
    /// - Returns: why the call is not started; `nil` when it is.
    func start(_ call: Call, on eventLoop: any EventLoop) -> CallFailure? {
        guard open.admit(inline: call.isInline) else { return .full }
        if call.isInline {
            calls.insert(call)
            call.run()
            if call.hint != TOOL_E_GONE { call.expire(on: eventLoop) }
            return nil
        }
        calls.insert(call)
        let admission = gate.withLockedValue { $0.admit(call) }
        switch admission {
        case .closed:
            forget(call)
            return .full
        case .stuck:
            forget(call)
            return .stuck
        case .wait:
            call.expire(on: eventLoop)
        case .run(let isOnly):
            call.expire(on: eventLoop)
            pool.submit(call, isOnly: isOnly, from: eventLoop)
        }
        return nil
    }

    /// The pack never hears of this call.
    private func forget(_ call: Call) {
        calls.remove(call.id)
        open.settled()
    }

    /// A call keeps its worker beyond its deadline. Where all that the pack may have are kept so, nothing waits for one any
    /// more, and nothing further is let in until one comes back.
    func overran(_ call: Call, _ counted: CallState.Absence) {
        if counted == .none { pool.lost() }
        link.logOverrun(call)
        let (waiting, workers) = gate.withLockedValue { ($0.overran(), $0.workers) }
        guard let waiting else { return }
        link.logStuck(workers: workers, refused: waiting.count)
        for call in waiting {
            forget(call)
            call.turnAway(.stuck)
        }
    }

    /// Runs the tool on this thread. Never a part of its caller, so that
    /// a profile tells what a call takes on its way into a pack and back.
    @inline(never)
    func invoke(_ call: Call, _ frame: borrowing CallFrame) -> Invocation {
        var result = unsafe tool_result()
        unsafe result.struct_size = unsafe UInt32(MemoryLayout<tool_result>.size)
        let functions = unsafe pack.table.functions
        guard let invoke = unsafe functions.invoke else { return .pending }
        let subject = call.tool.crashSubject
        let entry = unsafe subject.enter(frame.pointer)
        defer { entry.leave() }
        let status = unsafe invoke(instance, call.tool.pointer, frame.pointer, &result)
        if status == TOOL_PENDING { return .pending }
        return unsafe .ended(
            PackResult(taking: result, status: status, limit: call.tool.maxResultBytes, from: subject))
    }

    /// `invoke` came back.
    func left(_ call: Call, _ absence: CallState.Absence) {
        if absence != .none { pool.found() }
        if absence == .overdue, gate.withLockedValue({ $0.cameBack() }) { link.logUnstuck() }
        guard !call.isInline else { return open.leftInline() }
        if let next = gate.withLockedValue({ $0.left() }) { pool.submit(next.call, isOnly: next.isOnly) }
    }

    /// The pack is done with the call.
    func settled(_ call: Call) {
        calls.remove(call.id)
        link.http?.callEnded(call.id, isSettled: true)
        open.settled()
        // An inline call has taken no worker that another call could wait for.
        guard !call.isInline else { return }
        if let next = gate.withLockedValue({ $0.settled(call) }) { pool.submit(next.call, isOnly: next.isOnly) }
    }

    /// A call failed, and not through what its caller asked for.
    func failed(_ call: Call, _ status: ToolStatus) {
        // While it waits for its backend it is known why, and when that is over.
        if status == .unavailable, link.http?.isWaiting == true { return }
        condition.failed(call.tool.name, status == .unavailable ? "unavailable" : "it broke its contract")
    }

    /// Tells the pack that nobody waits any more.
    ///
    /// `cancel` must not block, but that is only the pack's word: it runs on a thread of this pack's own, which exists
    /// while there is something to cancel. A pack that hangs there loses its further cancellations and nothing else.
    func cancel(_ call: Call, _ reason: CallState.Abandonment, lostWorker: Bool) {
        link.http?.callEnded(call.id, isSettled: false)
        if lostWorker { pool.lost() }
        guard unsafe pack.table.functions.cancel != nil else { return }
        let startsThread = cancellations.withLock { state in
            guard state.waiting.count < Self.cancellationLimit else { return false }
            state.waiting.append((call.id, reason.status))
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard startsThread else { return }
        if !Thread.start("pack-cancel", { self.runCancellations() }) {
            cancellations.withLock { $0.isRunning = false }
            pool.shortage.failed("pack-cancel", "a pack is told later that nobody waits for its calls")
        }
    }

    private func runCancellations() {
        while true {
            let next = cancellations.withLock { state in
                let next = state.waiting.popFirst()
                if next == nil { state.isRunning = false }
                return next
            }
            guard let (id, reason) = next else { return }
            let entry = unsafe crashSubject.enter()
            unsafe pack.table.functions.cancel?(instance, id, reason)
            entry.leave()
        }
    }

    /// Lets no further call in and ends the pack's requests to other services. Waits, no longer than until `deadline`, for
    /// the threads that are inside the pack.
    ///
    /// - Returns: whether the pack is empty, so that it may be stopped.
    func close(until deadline: NIODeadline) -> Bool {
        open.close()
        gate.withLockedValue { $0.close() }
        while open.isOccupied || gate.withLockedValue({ $0.isOccupied }) || cancellations.withLock({ $0.isRunning }) {
            guard NIODeadline.now() < deadline else { return false }
            usleep(1000)
        }
        link.http?.close()
        while link.http?.isOccupied == true {
            guard NIODeadline.now() < deadline else { return false }
            usleep(1000)
        }
        return true
    }

    /// Ends the pack, after `close` said that it is empty. Blocks until it has stopped.
    func stop(deadline: NIODeadline) {
        let entry = unsafe crashSubject.enter()
        unsafe pack.table.functions.stop?(instance, Int64(clamping: deadline.uptimeNanoseconds))
        entry.leave()
    }
}
