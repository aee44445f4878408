// One call on its way through a pack: runs it, takes its result from wherever it comes, and answers exactly once.

import NIOCore
import Synchronization
import ToolABI

/// A call in progress.
final class Call: Sendable {
    let id: tool_call_id
    let tool: ServedTool
    let context: CallContext
    let deadline: NIODeadline
    /// Runs on the event loop and occupies no worker.
    let isInline: Bool
    private let frame: CallFrame
    /// What the pack answered. Written once, before anybody is told.
    nonisolated(unsafe) private var content: PackBytes?
    private let state: Mutex<State>

    private struct State {
        var call: CallState
        /// Taken by whoever answers: it holds the connection.
        var caller: Caller?
        var expiry: Scheduled<Void>?
    }

    /// A closure in a value of its own: a bare one would be wrapped in another where it comes out of the lock.
    private struct Caller: Sendable {
        let respond: @Sendable (CallOutcome) -> Void
    }

    /// - Parameter respond: called once, on any thread.
    init(
        id: tool_call_id, tool: ServedTool, context: CallContext, arguments: [UInt8], deadline: NIODeadline,
        isInline: Bool, respond: @escaping @Sendable (CallOutcome) -> Void
    ) {
        self.id = id
        self.tool = tool
        self.context = context
        self.deadline = deadline
        self.isInline = isInline
        state = Mutex(State(call: CallState(isInline: isInline), caller: Caller(respond: respond)))
        frame = CallFrame(
            id: id, deadline: Int64(clamping: deadline.uptimeNanoseconds), arguments: arguments, context: context)
    }

    /// Arms the deadline. Not needed for a call that is settled before this thread does anything else.
    func expire(on eventLoop: any EventLoop) {
        let expiry = eventLoop.scheduleTask(deadline: deadline) { self.deadlinePassed() }
        let isOver = state.withLock { state in
            state.expiry = expiry
            return state.call.isAnswered
        }
        if isOver { expiry.cancel() }
    }

    /// Calls the pack on this thread.
    func run() {
        guard state.withLock({ $0.call.enter() }) else {
            tool.pack.left(self, .none)
            tool.pack.settled(self)
            return
        }
        returned(invoke())
    }

    private func invoke() -> Invocation {
        guard let judge = tool.inline else { return tool.pack.invoke(self, frame) }
        let usage = judge.wantsUsage ? ThreadUsage.now : nil
        let started = NIODeadline.now()
        let outcome = tool.pack.invoke(self, frame)
        judge.record(from: started, to: .now(), usage.map { ThreadUsage.now - $0 })
        return outcome
    }

    private func returned(_ invocation: consuming Invocation) {
        let isPending = invocation.isPending
        let (absence, expiry) = state.withLock { state in
            let absence = state.call.returned(isPending: isPending)
            // Completed from within: the deadline was still to come for the worker.
            guard state.call.phase == .settled else { return (absence, Scheduled<Void>?.none) }
            defer { state.expiry = nil }
            return (absence, state.expiry)
        }
        expiry?.cancel()
        tool.pack.left(self, absence)
        if case .ended(let result) = consume invocation { settle(result) }
    }

    /// Keeps what the pack answered as long as the call.
    func keep(_ content: consuming PackBytes) -> ResultText {
        let text = content.text(keptBy: self)
        unsafe self.content = .some(consume content)
        return text
    }

    /// The pack's result, from `invoke` or from `complete`.
    ///
    /// - Returns: whether it was the first one.
    @discardableResult
    func settle(_ result: consuming PackResult) -> Bool {
        let (settlement, expiry, wasAbandoned) = state.withLock { state in
            let settlement = state.call.settle()
            // A worker that stays is told of at the deadline.
            guard settlement != .twice, !state.call.isInside else {
                return (settlement, Scheduled<Void>?.none, state.call.abandonment)
            }
            defer { state.expiry = nil }
            return (settlement, state.expiry, state.call.abandonment)
        }
        switch settlement {
        case .answer:
            expiry?.cancel()
            let outcome = ResultJudge.outcome(of: result, for: self)
            tool.pack.settled(self)
            answer(outcome)
        case .late:
            expiry?.cancel()
            // Whoever was cancelled has to settle, too, and is late for nobody.
            if wasAbandoned == .deadline { tool.pack.link.logLate(self, by: NIODeadline.now() - deadline) }
            tool.pack.settled(self)
        case .twice:
            tool.pack.link.logTwice(id, requestID: context.requestID)
        }
        return settlement != .twice
    }

    /// Stops waiting: answers the caller and tells the pack, which still has to settle.
    func abandon(_ reason: CallState.Abandonment) {
        let (effect, expiry, lostWorker) = state.withLock { state in
            let effect = state.call.abandon(reason)
            let lostWorker = state.call.hasLostWorker
            // A worker that is still there at the deadline is told of then, whoever waits for it.
            guard effect != .none, reason == .deadline || !lostWorker else {
                return (effect, Scheduled<Void>?.none, lostWorker)
            }
            defer { state.expiry = nil }
            return (effect, state.expiry, lostWorker)
        }
        guard effect != .none else { return }
        expiry?.cancel()
        let failure =
            reason == .deadline
            ? CallFailure(
                status: .deadline, message: "The tool did not answer within \(tool.timeout.text).")
            : CallFailure(status: .cancelled, message: "The client went away.")
        answer(.failure(failure))
        if effect == .answerAndCancel { tool.pack.cancel(self, reason, lostWorker: lostWorker) }
    }

    private func deadlinePassed() {
        abandon(.deadline)
        if let counted = state.withLock({ $0.call.overran() }) { tool.pack.overran(self, counted) }
    }

    /// It has waited for a place in its pack and will get none.
    func turnAway(_ failure: CallFailure) {
        let (isAnswering, expiry) = state.withLock { state in
            defer { state.expiry = nil }
            return (state.call.turnAway(), state.expiry)
        }
        expiry?.cancel()
        if isAnswering { answer(.failure(failure)) }
    }

    private func answer(_ outcome: CallOutcome) {
        let caller = state.withLock { state in
            defer { state.caller = nil }
            return state.caller
        }
        caller?.respond(outcome)
    }

    /// What `cancelled` answers the pack.
    var hint: tool_status {
        let (phase, abandonment) = state.withLock { ($0.call.phase, $0.call.abandonment) }
        if phase == .settled { return TOOL_E_GONE }
        if let abandonment { return abandonment.status }
        return NIODeadline.now() >= deadline ? TOOL_E_DEADLINE : TOOL_OK
    }
}
