// A pack that runs in a process of its own: where its calls go while that process is there, and what becomes of them
// where it is not.

import Glibc
import HostBase
import HostCalls
import HostLanes
import HostOutbound
import HostSandbox
import HostTools
import NIOConcurrencyHelpers
import NIOCore
import Synchronization
import ToolABI

/// Hands calls to a pack's runner. When that is started and ended is the business of its keeper (``RunnerKeeper``),
/// which tells this engine.
public final class RunnerEngine: RemoteEngine {
    private struct Waiting {
        var call: Call
        var timer: Scheduled<Void>?
    }

    private struct State {
        /// Of the process that runs, also while nothing goes there any more.
        var link: RunnerLink?
        var takesCalls = false
        var policy: RestartPolicy
        var quarantine = ToolQuarantine()
        /// Of tools that are, or were, in quarantine: why the process ended the last time.
        var quarantineReasons: [String: String] = [:]
        /// Calls that wait for the next start.
        var waiting: [Waiting] = []
        /// Calls of tools on trial.
        var trials: [tool_call_id: String] = [:]

        /// A call is answered that never reached the pack. If it was to show what its tool does, it has not.
        mutating func neverRan(_ call: Call) {
            guard let tool = trials.removeValue(forKey: call.id) else { return }
            _ = quarantine.trialEnded(tool, succeeded: false)
        }
    }

    let log: PackLog
    let calls: CallTable
    let loops: [any EventLoop]
    /// How its pack reaches other services; `nil` where nothing is sent for packs.
    let outbound: Outbound?
    private let outboundPolicy: OutboundPolicy?
    private let keeper: RunnerKeeper
    private let plan: SandboxPlan
    private let life = Mutex(EngineLife())
    private let lastWords: Mutex<LastWordsFolder?>
    private let lastWordsPath = Mutex<String?>(nil)
    private let ownDesk = Mutex<PackDesk?>(nil)
    private let service: NIOLockedValueBox<State>

    /// - Parameters:
    ///   - keeper: of a process that has described its pack.
    ///   - plan: what the pack is confined to from its start on.
    ///   - loops: those that calls come from.
    ///   - outbound: how packs reach other services, and what this one may do there.
    ///   - lastWords: where it is kept what a process wrote before it ended.
    public init(
        _ keeper: RunnerKeeper, plan: SandboxPlan, loops: [any EventLoop], calls: CallTable, log: PackLog,
        restarts: RestartSettings,
        outbound: (Outbound, OutboundPolicy)?, lastWords: LastWordsFolder?
    ) {
        self.outbound = outbound?.0
        outboundPolicy = outbound?.1
        self.lastWords = Mutex(lastWords)
        self.keeper = keeper
        self.plan = plan
        self.loops = loops
        self.calls = calls
        self.log = log
        service = NIOLockedValueBox(State(policy: RestartPolicy(restarts, at: .now())))
    }

    /// The desk that this engine tells; once, before the start.
    public func serve(_ desk: PackDesk) {
        ownDesk.withLock { $0 = desk }
    }

    var desk: PackDesk? { ownDesk.withLock(\.self) }

    // MARK: PackEngine

    public var state: EngineLife.Phase { life.withLock(\.phase) }
    public var ownProcess: Int32? { keeper.running?.number }
    public var isGivenUp: Bool { service.withLockedValue { $0.policy.phase == .failed } }
    public var quarantinedTools: Int { service.withLockedValue(\.quarantine.quarantined.count) }
    public var isWaiting: Bool { outbound?.health.isWaiting(log.packID) == true }
    public var watched: [String] { outbound?.health.watched(by: log.packID) ?? [] }

    public func word(of call: tool_call_id) -> CallWord? { nil }
    public func takeBack(_ word: CallWord, of call: tool_call_id) {}
    public func settled(_ call: tool_call_id) {
        let (tool, requests) = service.withLockedValue { state in
            (state.trials.isEmpty ? nil : state.trials.removeValue(forKey: call), state.link?.requests)
        }
        requests?.callEnded(call, isSettled: true)
        if let tool { trialEnded(tool) }
    }

    public func start(config: [UInt8], deadline: NIODeadline) {
        guard life.withLock({ $0.start() }) else { return }
        switch keeper.go(self, config: config, plan: plan, deadline: deadline) {
        case nil: life.withLock { $0.started() }
        case let reason?: giveUp(reason)
        }
    }

    public func giveUp(_ reason: String) {
        if life.withLock({ $0.refuse(reason) }) { keeper.drop() }
    }

    public func stop(emptyBy empty: NIODeadline, deadline: NIODeadline) -> Bool {
        guard life.withLock({ $0.stop() }) else { return false }
        service.withLockedValue { $0.policy.hostStops() }
        keeper.stop(by: deadline)
        life.withLock { $0.stopped() }
        return true
    }

    public func restart(_ reason: String) throws(RestartObjection) {
        switch state {
        case .running: keeper.restart(reason)
        case .new, .starting: throw RestartObjection("the pack \(log.packID) is being started just now")
        case .stopping, .stopped: throw RestartObjection("the host is about to stop")
        case .refused(let reason):
            throw RestartObjection(
                "the pack \(log.packID) never started (\(reason)): mend it, and restart the host")
        }
    }

    public var vitals: EngineVitals {
        let running = keeper.running
        let now = NIODeadline.now()
        let (policy, quarantined) = service.withLockedValue { state in
            (
                state.policy,
                state.quarantine.quarantined.keys.sorted().map { tool in
                    EngineVitals.Quarantine(tool: tool, reason: state.quarantineReasons[tool] ?? "")
                }
            )
        }
        let phase = state
        let standing: EngineVitals.State =
            switch policy.phase {
            case _ where phase != .running: EngineVitals.State(phase)
            case .running: .running
            case .emptying, .replacing, .waiting, .starting: .restarting
            case .failed: .failed
            case .stopped: .stopping
            }
        return EngineVitals(
            isolation: .process, state: standing, process: running?.number, uptime: running.map { now - $0.since },
            restartCount: policy.restarts, restarts: policy.events,
            memory: running.flatMap { ProcessMemory.proportional(of: $0.number) },
            nextStart: policy.nextStart.map { max(.zero, $0 - now) }, quarantined: quarantined,
            lastWordsPath: lastWordsPath.withLock(\.self), sandbox: keeper.report, limits: keeper.firstPlan.limits,
            usage: running == nil ? nil : keeper.usage.withLock(\.self),
            hasThreadsHeld: running.flatMap { UserNamespace.isOther(of: $0.number) } == true)
    }

    // MARK: RemoteEngine

    public func home(of eventLoop: any EventLoop) -> Int {
        loops.firstIndex { $0 === eventLoop } ?? 0
    }

    public func send(_ call: Call) -> CallFailure? {
        while true {
            let way = service.withLockedValue { state -> Way in
                let way = self.way(of: call, &state)
                if case .refused = way { state.neverRan(call) }
                return way
            }
            switch way {
            case .refused(let failure): return failure
            case .waits(let until):
                wait(call, until: until)
                return nil
            case .link(let link):
                switch link.send(call) {
                case .sent: return nil
                case .full:
                    service.withLockedValue { $0.neverRan(call) }
                    return CallFailure.noRoom
                // It ended in between.
                case .over: continue
                }
            }
        }
    }

    private enum Way {
        case link(RunnerLink)
        case waits(until: NIODeadline)
        case refused(CallFailure)
    }

    private func way(of call: Call, _ state: inout State) -> Way {
        // A trial that has waited for the next start is one already.
        if state.quarantine.isTroubled, state.trials[call.id] == nil {
            switch state.quarantine.admit(call.tool.name, at: .now()) {
            case .enter: break
            case .trial: state.trials[call.id] = call.tool.name
            case .refuse(let time): return .refused(.toolQuarantined(retryAfter: time))
            }
        }
        if state.takesCalls, let link = state.link { return .link(link) }
        switch state.policy.admission(at: .now(), since: call.begun, isThere: false) {
        case .enter: return .refused(.packRestarting(retryAfter: .seconds(1)))
        case .wait(let until):
            state.waiting.append(Waiting(call: call))
            return .waits(until: until)
        case .refuse(let time): return .refused(.packRestarting(retryAfter: time))
        case .failed: return .refused(.packFailed)
        case .stopped: return .refused(.packRestarting(retryAfter: .seconds(5)))
        }
    }

    /// - Parameter until: when it has waited for long enough.
    private func wait(_ call: Call, until: NIODeadline) {
        let timer = loops[call.home].scheduleTask(deadline: until) { self.hasWaited(call) }
        let isGone = service.withLockedValue { state in
            guard let index = state.waiting.firstIndex(where: { $0.call === call }) else { return true }
            state.waiting[index].timer = timer
            return false
        }
        if isGone { timer.cancel() }
    }

    private func hasWaited(_ call: Call) {
        let failure = service.withLockedValue { state -> CallFailure? in
            guard let index = state.waiting.firstIndex(where: { $0.call === call }) else { return nil }
            state.waiting.remove(at: index)
            state.neverRan(call)
            switch state.policy.admission(at: .now(), since: call.begun, isThere: false) {
            case .refuse(let time): return .packRestarting(retryAfter: time)
            case .failed: return .packFailed
            case .enter, .wait, .stopped: return .packRestarting(retryAfter: .seconds(1))
            }
        }
        if let failure { desk?.lost(call, failure, isInside: true) }
    }

    public func cancel(_ call: tool_call_id, _ reason: tool_status) {
        let (link, waiting) = service.withLockedValue { state -> (RunnerLink?, Waiting?) in
            guard let index = state.waiting.firstIndex(where: { $0.call.id == call }) else { return (state.link, nil) }
            state.neverRan(state.waiting[index].call)
            return (nil, state.waiting.remove(at: index))
        }
        link?.requests?.callEnded(call, isSettled: false)
        if let waiting {
            waiting.timer?.cancel()
            desk?.lost(waiting.call, .packRestarting(retryAfter: .seconds(1)), isInside: true)
        }
        _ = link?.cancel(call, reason)
    }

    // MARK: What its keeper asks and tells

    /// Where the pack's requests may go; `nil` where nothing is sent for packs.
    var origins: [String]? { outboundPolicy?.originTexts }

    /// The requests of one life of its process.
    ///
    /// - Parameter broken: told where the process breaks what it has to keep.
    func requests(
        _ map: RunnerMap, _ memory: SharedMemory, broken: @escaping @Sendable (RunnerLink.Violation) -> Void
    ) -> RunnerRequests? {
        guard let outbound, var policy = outboundPolicy else { return nil }
        policy.maxResponseBytes = min(policy.maxResponseBytes, RunnerRequests.longestBody)
        let (calls, log) = (calls, log)
        let requests = PackRequests(packID: log.packID, policy: policy, outbound: outbound) { calls.call($0, of: log) }
        return RunnerRequests(requests, map, memory, broken: broken)
    }

    /// A start was begun.
    ///
    /// - Returns: whether it is still wanted.
    func begins() -> Bool { service.withLockedValue { $0.policy.begins() } }

    /// Calls may go there from now on.
    func runs(_ link: RunnerLink) {
        let (waiting, restarts) = service.withLockedValue { state in
            state.link = link
            state.takesCalls = true
            state.policy.becameHealthy(at: .now())
            defer { state.waiting = [] }
            return (state.waiting, state.policy.restarts)
        }
        if restarts > 0 { log.runsAgain(restarts: restarts, process: keeper.running?.number) }
        for one in waiting {
            one.timer?.cancel()
            if let failure = send(one.call) { desk?.lost(one.call, failure, isInside: true) }
        }
    }

    /// Nothing goes to a runner any more that is about to end. What it has goes on.
    func leaves() {
        let link = service.withLockedValue { state in
            state.takesCalls = false
            return state.link
        }
        link?.close()
    }

    /// One of its calls is stuck. It is ended then at the latest, and nothing goes there any more.
    func replaces(until time: NIODeadline) {
        service.withLockedValue { $0.policy.replaces(until: time) }
        leaves()
    }

    /// The process is gone. Its calls are answered, and it is said.
    ///
    /// - Parameters:
    ///   - link: where it had one.
    ///   - end: how, without what is known here.
    ///   - words: what it wrote.
    ///   - isTold: somebody else says it.
    /// - Returns: what comes of it; `nil` where it was asked for, and no other one is wanted.
    func ended(
        _ link: RunnerLink?, _ end: RunnerEnd, culprit: String?, words: LastWords = LastWords(), process: Int32 = 0,
        isTold: Bool = false
    ) -> RestartPolicy.Decision? {
        var end = end
        end.process = process > 0 ? process : nil
        let now = NIODeadline.now()
        leaves()
        service.withLockedValue { $0.link = nil }
        let left = link?.end() ?? []
        end.requestIDs = left.map(\.call.context.requestID)
        // Of one that was killed from outside no tool was the cause but one that was stuck already.
        var inside = end.isFromOutside ? [] : left.filter { $0.isInside && $0.wasTaken }.map(\.call.tool.name)
        if let culprit { inside.append(culprit) }
        let isNobodys = (end.isFromOutside || end.cause?.isTheHosts == true) && culprit == nil
        var quarantined: [String] = []
        var decision: RestartPolicy.Decision?
        service.withLockedValue { state in
            guard end.cause != .asked else {
                decision = state.policy.hasEmptied(at: now)
                return
            }
            if isNobodys {
                state.quarantine.packWasKilled()
            } else {
                quarantined = state.quarantine.packEnded(inside: inside, culprit: culprit, at: now)
                for tool in quarantined { state.quarantineReasons[tool] = end.reason }
            }
            let date = TimeSource.wall.now()
            decision =
                end.cause?.isTheHosts == true
                ? state.policy.lacked(because: end.reason, at: now, on: date)
                : state.policy.ended(because: end.reason, at: now, on: date)
        }
        end.tool = culprit ?? (Set(inside).count == 1 ? inside.first : nil)
        // Nobody waits for a disk.
        for one in left {
            let call = one.call
            desk?.lost(call, Self.failure(of: call, at: end), isInside: one.isInside)
        }
        if end.cause != .asked {
            let path = lastWords.withLock {
                $0?.keep(words, of: log.packID, process: process, at: TimeSource.wall.now())
            }
            end.lastWords = path
            if let path { lastWordsPath.withLock { $0 = path } }
        }
        // Of a host that stops nobody needs to hear it.
        if state != .stopping, !isTold { log.ended(end, next: decision, at: now) }
        for tool in quarantined { log.quarantined(tool, by: end) }
        if decision == .never, service.withLockedValue({ $0.policy.phase == .failed }) { log.givenUp() }
        switch decision {
        case .start: break
        case .never: refuseWaiting(.packFailed)
        case nil: refuseWaiting(.packRestarting(retryAfter: .seconds(5)))
        }
        return decision
    }

    private static func failure(of call: Call, at end: RunnerEnd) -> CallFailure {
        let (hints, isKeyed) = (call.tool.descriptor.hints, !call.context.idempotencyKey.isEmpty)
        if case .overLimit(let overrun) = end.cause {
            return .packOverLimit(overrun, hints, isKeyed: isKeyed)
        }
        return .packCrashed(hints, isKeyed: isKeyed)
    }

    private func refuseWaiting(_ failure: CallFailure) {
        let waiting = service.withLockedValue { state in
            defer { state.waiting = [] }
            for one in state.waiting { state.neverRan(one.call) }
            return state.waiting
        }
        for one in waiting {
            one.timer?.cancel()
            desk?.lost(one.call, failure, isInside: true)
        }
    }

    /// Somebody wants it started anew.
    ///
    /// - Parameter time: when the process that runs is empty at the latest; `nil` where there is none.
    func restartsByHand(emptyBy time: NIODeadline? = nil) -> RestartPolicy.Decision {
        let (decision, freed) = service.withLockedValue { state in
            (
                state.policy.restartedByHand(at: .now(), on: TimeSource.wall.now(), emptyBy: time),
                state.quarantine.clear()
            )
        }
        for tool in freed { log.freed(tool, because: "the pack was restarted by hand") }
        return decision
    }

    private func trialEnded(_ tool: String) {
        let isFree = service.withLockedValue { $0.quarantine.trialEnded(tool, succeeded: true) }
        if isFree { log.freed(tool, because: "the pack is still there after a call") }
    }
}
