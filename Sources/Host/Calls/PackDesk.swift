// Where the calls of one pack go: it finds each a place, runs it, hears of its end, and does what the call says then.

import Glibc
import HostBase
import NIOConcurrencyHelpers
import NIOCore
import ToolABI

/// The desk of one pack in service. It owns the way of a call: desk → call → engine.
public final class PackDesk: Sendable {
    public let engine: any PackEngine
    let log: PackLog
    private let calls: CallTable
    private let pool: WorkerPool
    private let open: CallBudget
    /// Not a `Mutex`, which is handed from thread to thread in turn: where threads outnumber processors all would line
    /// up. With four times as many loops as processors one run in two fell to half of its rate.
    private let gate: NIOLockedValueBox<PackGate>
    /// Whether the pack does its work.
    public let condition: ConditionWatch

    /// The pack's.
    public var id: String { log.packID }

    public init(engine: any PackEngine, log: PackLog, calls: CallTable, pool: WorkerPool, limits: CallSettings) {
        self.engine = engine
        self.log = log
        self.calls = calls
        self.pool = pool
        open = CallBudget(limit: limits.packCalls)
        condition = ConditionWatch { log.condition($0, because: $1) }
        gate = NIOLockedValueBox(PackGate(workers: limits.packWorkers))
    }

    /// Open calls whose deadline passed this long ago.
    public func stuckCalls(longerThan time: TimeAmount) -> Int {
        calls.overdue(of: self, since: .now() - time)
    }

    /// Whether every thread that the pack may have is kept by a call beyond its deadline.
    public var isStuck: Bool { gate.withLockedValue(\.isStuck) }

    // MARK: A place

    /// Finds a place for a call and starts it.
    ///
    /// - Returns: why the call is not started; `nil` when it is.
    func start(_ call: Call, on eventLoop: any EventLoop) -> CallFailure? {
        guard open.admit(inline: call.isInline) else { return .full }
        if call.isInline {
            calls.insert(call)
            run(call)
            if !call.isSettled { expire(call, on: eventLoop) }
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
            expire(call, on: eventLoop)
        case .run(let isOnly):
            expire(call, on: eventLoop)
            pool.submit(call, isOnly: isOnly, from: eventLoop)
        }
        return nil
    }

    /// The pack never hears of this call.
    private func forget(_ call: Call) {
        calls.remove(call.id)
        open.settled()
    }

    /// Arms the deadline. Not needed for a call that is settled before this thread does anything else.
    private func expire(_ call: Call, on eventLoop: any EventLoop) {
        let expiry = eventLoop.scheduleTask(deadline: call.deadline) { self.deadlinePassed(call) }
        if call.expires(by: expiry) { expiry.cancel() }
    }

    // MARK: Into the pack and back

    /// Gives the call to the pack on this thread.
    func run(_ call: Call) {
        let entered = NIODeadline.now()
        guard call.enter(at: entered) else {
            left(call, .none)
            return settled(call)
        }
        var end: NIODeadline?
        let invocation = invoke(call, from: entered, &end)
        let (absence, expiry) = call.returned(isPending: invocation.isPending)
        expiry?.cancel()
        left(call, absence)
        if case .ended(let result) = consume invocation { complete(call, result, at: end) }
    }

    /// - Parameter end: set where it was looked at.
    private func invoke(_ call: Call, from entered: NIODeadline, _ end: inout NIODeadline?) -> Invocation {
        let tool = call.tool
        guard let judge = tool.inline else {
            return engine.invoke(call.block, tool: tool.number, limit: tool.maxResultBytes)
        }
        let usage = judge.wantsUsage ? ThreadUsage.now : nil
        let invocation = engine.invoke(call.block, tool: tool.number, limit: tool.maxResultBytes)
        let now = NIODeadline.now()
        end = now
        judge.record(from: entered, to: now, usage.map { ThreadUsage.now - $0 })
        return invocation
    }

    /// `invoke` came back.
    private func left(_ call: Call, _ absence: CallState.Absence) {
        if absence != .none { pool.found() }
        if absence == .overdue, gate.withLockedValue({ $0.cameBack() }) { log.unstuck() }
        guard !call.isInline else { return open.leftInline() }
        if let next = gate.withLockedValue({ $0.left() }) { pool.submit(next.call, isOnly: next.isOnly) }
    }

    /// The pack's result, from `invoke` or later.
    ///
    /// - Parameter end: now, where somebody has looked already.
    /// - Returns: whether it was the first one.
    @discardableResult
    public func complete(_ call: Call, _ result: consuming PackResult, at end: NIODeadline? = nil) -> Bool {
        let settlement = call.settle()
        switch settlement.kind {
        case .answer:
            settlement.expiry?.cancel()
            let outcome = ResultJudge.outcome(of: result, for: call)
            settled(call)
            settlement.caller?.respond(
                CallEnd(outcome, of: call, entered: settlement.entered, at: end ?? .now()))
        case .late:
            settlement.expiry?.cancel()
            // Whoever was cancelled has to settle, too, and is late for nobody.
            if settlement.abandonment == .deadline { log.late(call, by: NIODeadline.now() - call.deadline) }
            settled(call)
        case .twice:
            log.twice(wasIssued: true, requestID: call.context.requestID)
        }
        return settlement.kind != .twice
    }

    /// The pack is done with the call.
    private func settled(_ call: Call) {
        calls.remove(call.id)
        engine.settled(call.id)
        open.settled()
        // An inline call has taken no worker that another call could wait for.
        guard !call.isInline else { return }
        if let next = gate.withLockedValue({ $0.settled(call) }) { pool.submit(next.call, isOnly: next.isOnly) }
    }

    /// A call failed, and not through what its caller asked for.
    func failed(_ call: Call, _ status: ToolStatus) {
        // While it waits for its backend it is known why, and when that is over.
        if status == .unavailable, engine.isWaiting { return }
        condition.failed(call.tool.name, status == .unavailable ? "unavailable" : "it broke its contract")
    }

    // MARK: Nobody waits any more

    /// The client went away: the caller is answered and the pack told, which still has to settle.
    public func abandon(_ call: Call) {
        abandon(call, .cancelled)
    }

    private func abandon(_ call: Call, _ reason: CallState.Abandonment) {
        let abandoned = call.abandon(reason)
        guard abandoned.effect != .none else { return }
        abandoned.expiry?.cancel()
        let failure =
            reason == .deadline
            ? CallFailure(
                status: .deadline, message: "The tool did not answer within \(call.tool.timeout.text).")
            : CallFailure(status: .cancelled, message: "The client went away.")
        abandoned.caller?.respond(
            CallEnd(.failure(failure), of: call, entered: abandoned.entered, at: .now()))
        guard abandoned.effect == .answerAndCancel else { return }
        if abandoned.hasLostWorker { pool.lost() }
        engine.cancel(call.id, reason.status)
    }

    private func deadlinePassed(_ call: Call) {
        abandon(call, .deadline)
        if let counted = call.overran() { overran(call, counted) }
    }

    /// A call keeps its worker beyond its deadline. Where all that the pack may have are kept so, nothing waits for one
    /// any more, and nothing further is let in until one comes back.
    private func overran(_ call: Call, _ counted: CallState.Absence) {
        if counted == .none { pool.lost() }
        log.overrun(call)
        let (waiting, workers) = gate.withLockedValue { ($0.overran(), $0.workers) }
        guard let waiting else { return }
        log.stuck(workers: workers, refused: waiting.count)
        for call in waiting {
            forget(call)
            let (caller, expiry) = call.turnAway()
            expiry?.cancel()
            caller?.respond(CallEnd(.failure(.stuck), of: call, entered: nil, at: .now()))
        }
    }

    // MARK: The end of the pack

    /// Whoever waited for its calls is gone or cut off: what is still open is told, so that the pack may end it.
    public func abandonAll() {
        for call in calls.all(of: self) { abandon(call) }
    }

    /// Lets no further call in, waits for the threads that are inside the pack, and stops it. Blocks.
    ///
    /// - Parameters:
    ///   - empty: until when to wait for them.
    ///   - deadline: what the pack is told.
    /// - Returns: `false` where a call is still inside: the pack is not stopped then.
    public func stop(emptyBy empty: NIODeadline, deadline: NIODeadline) -> Bool {
        open.close()
        gate.withLockedValue { $0.close() }
        while open.isOccupied || gate.withLockedValue(\.isOccupied) {
            guard NIODeadline.now() < empty else { return false }
            usleep(1000)
        }
        return engine.stop(emptyBy: empty, deadline: deadline)
    }
}
