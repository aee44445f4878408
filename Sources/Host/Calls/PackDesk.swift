// Where the calls of one pack go: it finds each a place, runs it, hears of its end, and does what the call says then.

import Glibc
import HostBase
import NIOConcurrencyHelpers
import NIOCore
import ToolABI

/// The desk of one pack in service. It owns the way of a call: desk → call → engine.
public final class PackDesk: Sendable {
    public let engine: any PackEngine
    private let way: Way
    let log: PackLog
    private let calls: CallTable
    private let pool: WorkerPool
    private let open: CallBudget
    /// Open calls of tools that promise never to block, where they run elsewhere.
    private let brief: CallBudget
    /// Not a `Mutex`, which is handed from thread to thread in turn: where threads outnumber processors all would line
    /// up. With four times as many loops as processors one run in two fell to half of its rate.
    private let gate: NIOLockedValueBox<PackGate>
    /// Whether the pack does its work.
    public let condition: ConditionWatch

    /// Whether its calls take threads of this process.
    var isHere: Bool {
        if case .here = way { true } else { false }
    }

    private enum Way: Sendable {
        case here(any LocalEngine)
        case elsewhere(any RemoteEngine)
    }

    /// The pack's.
    public var id: String { log.packID }

    /// Where it runs.
    public var isolation: PackIsolation { isHere ? .host : .process }

    /// By which a pack that runs elsewhere knows an event loop.
    @inline(__always)
    func home(of eventLoop: any EventLoop) -> Int {
        guard case .elsewhere(let engine) = way else { return 0 }
        return engine.home(of: eventLoop)
    }

    /// A pack whose calls run on threads of this process.
    public convenience init(
        engine: any LocalEngine, log: PackLog, calls: CallTable, pool: WorkerPool, limits: CallSettings
    ) {
        self.init(.here(engine), engine, log: log, calls: calls, pool: pool, limits: limits)
    }

    /// A pack to which calls are handed over.
    public convenience init(
        engine: any RemoteEngine, log: PackLog, calls: CallTable, pool: WorkerPool, limits: CallSettings
    ) {
        self.init(.elsewhere(engine), engine, log: log, calls: calls, pool: pool, limits: limits)
    }

    private init(
        _ way: Way, _ engine: any PackEngine, log: PackLog, calls: CallTable, pool: WorkerPool, limits: CallSettings
    ) {
        self.way = way
        self.engine = engine
        self.log = log
        self.calls = calls
        self.pool = pool
        open = CallBudget(limit: limits.packCalls)
        brief = CallBudget(limit: limits.packCalls * Self.briefTimes)
        condition = ConditionWatch { log.condition($0, because: $1) }
        gate = NIOLockedValueBox(PackGate(workers: Self.workers(way, limits)))
    }

    /// How many times as many calls of tools may be open that promise never to block: in this process they would be
    /// over at once, and only their connections would count.
    private static let briefTimes = 16

    /// A pack elsewhere has no more threads than this for calls that may block.
    private static let mostWorkers = 63

    private static func workers(_ way: Way, _ limits: CallSettings) -> Int {
        switch way {
        case .here: limits.packWorkers
        case .elsewhere: min(limits.packWorkers, mostWorkers)
        }
    }

    /// The threads of a pack that runs elsewhere: those, and one that no call that may block keeps from brief ones.
    public static func threads(_ limits: CallSettings) -> Int { min(limits.packWorkers, mostWorkers) + 1 }

    /// The most calls that a pack may have at once which runs elsewhere.
    public static func mostInside(_ limits: CallSettings) -> Int { limits.packCalls + PackGate.briefPlaces }

    /// Calls that the pack has not settled, waiting ones included.
    var openCalls: Int { open.count + brief.count }

    private func budget(of call: Call) -> CallBudget { call.tool.isBrief ? brief : open }

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
        guard budget(of: call).admit(inline: call.isInline) else { return .full }
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
            if case .elsewhere(let engine) = way {
                go(handOver(call, to: engine))
            } else {
                pool.submit(call, isOnly: isOnly, from: eventLoop)
            }
        }
        return nil
    }

    /// Calls that have waited have their places. One that is not taken after all leaves its own to the next: in a loop,
    /// since as many as wait may find that their pack is gone.
    private func go(_ next: [PackGate.Next]) {
        var line = next
        while let one = line.popLast() {
            switch way {
            case .here: pool.submit(one.call, isOnly: one.isOnly)
            case .elsewhere(let engine): line += handOver(one.call, to: engine)
            }
        }
    }

    /// The pack never hears of this call.
    private func forget(_ call: Call) {
        calls.remove(call.id)
        budget(of: call).settled()
    }

    /// Arms the deadline. Not needed for a call that is settled before this thread does anything else.
    private func expire(_ call: Call, on eventLoop: any EventLoop) {
        let expiry = calls.deadlines(of: eventLoop).insert(call)
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
        guard case .here(let engine) = way else { preconditionFailure("a call of a pack elsewhere runs here") }
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

    // MARK: To a pack that runs elsewhere, and back

    /// Gives the call to whoever takes it to its pack.
    ///
    /// - Returns: those that may go because it does not.
    private func handOver(_ call: Call, to engine: any RemoteEngine) -> [PackGate.Next] {
        guard call.enter(at: .now()) else { return leaving(call, .none) + settling(call) }
        return engine.send(call).map { losing(call, $0, isInside: true) } ?? []
    }

    /// `invoke` came back where the pack runs.
    public func cameBack(_ call: Call, _ invocation: consuming Invocation) {
        let (absence, expiry) = call.returned(isPending: invocation.isPending)
        expiry?.cancel()
        left(call, absence)
        if case .ended(let result) = consume invocation { complete(call, result) }
    }

    /// Nothing will come of a call any more.
    ///
    /// - Parameters:
    ///   - failure: what its caller is told, if nobody has told them anything yet.
    ///   - isInside: whether `invoke` has not come back.
    public func lost(_ call: Call, _ failure: CallFailure, isInside: Bool) {
        go(losing(call, failure, isInside: isInside))
    }

    /// - Returns: those that may go now.
    private func losing(_ call: Call, _ failure: CallFailure, isInside: Bool) -> [PackGate.Next] {
        var next: [PackGate.Next] = []
        if isInside {
            let (absence, expiry) = call.returned(isPending: true)
            expiry?.cancel()
            next = leaving(call, absence)
        }
        let settlement = call.settle()
        guard settlement.kind != .twice else { return next }
        settlement.expiry?.cancel()
        next += settling(call)
        settlement.caller?.respond(
            CallEnd(.failure(failure), of: call, entered: settlement.entered, at: .now()))
        return next
    }

    /// `invoke` came back.
    private func left(_ call: Call, _ absence: CallState.Absence) { go(leaving(call, absence)) }

    /// - Returns: those that may go now.
    private func leaving(_ call: Call, _ absence: CallState.Absence) -> [PackGate.Next] {
        if absence != .none, isHere { pool.found() }
        if absence == .overdue, gate.withLockedValue({ $0.cameBack(call) }) { log.unstuck() }
        guard !call.isInline else {
            open.leftInline()
            return []
        }
        return gate.withLockedValue { $0.left(call) }.map { [$0] } ?? []
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
    private func settled(_ call: Call) { go(settling(call)) }

    /// - Returns: those that may go now.
    private func settling(_ call: Call) -> [PackGate.Next] {
        calls.remove(call.id)
        engine.settled(call.id)
        budget(of: call).settled()
        // An inline call has taken no worker that another call could wait for.
        guard !call.isInline else { return [] }
        return gate.withLockedValue { $0.settled(call) }.map { [$0] } ?? []
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
        if abandoned.hasLostWorker, isHere { pool.lost() }
        engine.cancel(call.id, reason.status)
    }

    /// Its time is over; on the event loop that started it.
    func deadlinePassed(_ call: Call) {
        abandon(call, .deadline)
        if let counted = call.overran() { overran(call, counted) }
    }

    /// A call keeps its worker beyond its deadline. Where all that the pack may have are kept so, nothing waits for one
    /// any more, and nothing further is let in until one comes back.
    private func overran(_ call: Call, _ counted: CallState.Absence) {
        if counted == .none, isHere { pool.lost() }
        log.overrun(call)
        let (waiting, workers) = gate.withLockedValue { ($0.overran(call), $0.workers) }
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
        brief.close()
        gate.withLockedValue { $0.close() }
        while open.isOccupied || gate.withLockedValue(\.isOccupied) {
            guard NIODeadline.now() < empty else { return false }
            usleep(1000)
        }
        return engine.stop(emptyBy: empty, deadline: deadline)
    }
}
