// One call on its way through a pack, as a value that many threads may ask: what came, and what is to be done about it.

import NIOCore
import Synchronization
import ToolABI

/// A call in progress. Decides and does nothing: its desk acts (`PackDesk`).
public final class Call: Sendable {
    public let id: tool_call_id
    public let tool: ServedTool
    public let context: CallDetails
    public let deadline: NIODeadline
    /// Runs on the event loop and occupies no worker.
    let isInline: Bool
    /// By which a pack that runs elsewhere knows the event loop of whoever asked.
    public let home: Int
    public let block: CallBlock
    /// What the pack answered. Written once, before anybody is told.
    nonisolated(unsafe) private var content: PackBytes?
    private let attempts = Atomic<Int>(0)
    private let state: Mutex<State>

    /// When somebody asked for it.
    public var begun: NIODeadline { deadline - tool.timeout }
    /// Bytes of the call's arguments.
    var argumentBytes: Int { block.argumentBytes }
    /// How often something was sent to another service for it.
    var outboundAttempts: Int { attempts.load(ordering: .relaxed) }

    private struct State {
        var call: CallState
        /// Taken by whoever answers: it holds the connection.
        var caller: Caller?
        var expiry: DeadlineLine.Place?
        /// When it was given to the pack.
        var entered: NIODeadline?

        mutating func takeCaller() -> Caller? {
            defer { caller = nil }
            return caller
        }

        mutating func takeExpiry() -> DeadlineLine.Place? {
            defer { expiry = nil }
            return expiry
        }
    }

    /// Who is to be answered. A closure in a value of its own: a bare one would be wrapped in another where it comes
    /// out of the lock.
    struct Caller: Sendable {
        let respond: @Sendable (CallEnd) -> Void
    }

    /// - Parameter respond: called once, on any thread.
    init(
        id: tool_call_id, tool: ServedTool, context: CallDetails, arguments: [UInt8], deadline: NIODeadline,
        isInline: Bool, home: Int, respond: @escaping @Sendable (CallEnd) -> Void
    ) {
        self.id = id
        self.tool = tool
        self.context = context
        self.deadline = deadline
        self.isInline = isInline
        self.home = home
        state = Mutex(State(call: CallState(isInline: isInline), caller: Caller(respond: respond)))
        block = CallBlock(
            id: id, deadline: Int64(clamping: deadline.uptimeNanoseconds), arguments: arguments, context: context,
            word: tool.desk.engine.word(of: id))
    }

    deinit {
        // Whoever asks what `cancelled` answers has the call.
        if block.hasForeignWord { tool.desk.engine.takeBack(block.word, of: id) }
    }

    /// Keeps what is to be called off when the call is over.
    ///
    /// - Returns: whether it is over already.
    func expires(by expiry: DeadlineLine.Place) -> Bool {
        state.withLock { state in
            state.expiry = expiry
            return !state.call.awaitsDeadline
        }
    }

    /// - Returns: whether to give it to the pack.
    func enter(at now: NIODeadline) -> Bool {
        state.withLock { state in
            guard state.call.enter() else {
                block.word.write(TOOL_E_GONE)
                return false
            }
            state.entered = now
            return true
        }
    }

    /// `invoke` came back.
    ///
    /// - Returns: what its worker was taken for, and what to call off.
    func returned(isPending: Bool) -> (absence: CallState.Absence, expiry: DeadlineLine.Place?) {
        state.withLock { state in
            let absence = state.call.returned(isPending: isPending)
            // Completed from within: the deadline was still to come for the worker.
            return (absence, state.call.phase == .settled ? state.takeExpiry() : nil)
        }
    }

    /// What to do about a result.
    struct Settlement {
        var kind: CallState.Settlement
        /// To be called off.
        var expiry: DeadlineLine.Place?
        /// Whom to answer.
        var caller: Caller?
        /// Why nobody waited any more.
        var abandonment: CallState.Abandonment?
        var entered: NIODeadline?
    }

    /// There is a result, from `invoke` or from `complete`.
    func settle() -> Settlement {
        state.withLock { state in
            let kind = state.call.settle()
            if kind != .twice { block.word.write(TOOL_E_GONE) }
            // A worker that stays is told of at the deadline.
            let isOver = kind != .twice && !state.call.isInside
            return Settlement(
                kind: kind, expiry: isOver ? state.takeExpiry() : nil,
                caller: kind == .answer ? state.takeCaller() : nil, abandonment: state.call.abandonment,
                entered: state.entered)
        }
    }

    /// What to do where nobody waits any more.
    struct Abandoned {
        var effect: CallState.Effect
        /// To be called off.
        var expiry: DeadlineLine.Place?
        /// Whom to answer.
        var caller: Caller?
        /// A worker is inside the pack.
        var hasLostWorker: Bool
        var entered: NIODeadline?
    }

    /// The client went away, or the deadline passed. The pack still has to settle.
    func abandon(_ reason: CallState.Abandonment) -> Abandoned {
        state.withLock { state in
            let effect = state.call.abandon(reason)
            if effect != .none { block.word.write(reason.status) }
            let hasLostWorker = state.call.hasLostWorker
            // A worker that is still there at the deadline is told of then, whoever waits for it.
            let isOver = effect != .none && (reason == .deadline || !hasLostWorker)
            return Abandoned(
                effect: effect, expiry: isOver ? state.takeExpiry() : nil,
                caller: effect == .none ? nil : state.takeCaller(), hasLostWorker: hasLostWorker,
                entered: state.entered)
        }
    }

    /// The deadline passed, and the caller is answered.
    ///
    /// - Returns: how a worker that is still inside was counted so far; `nil` where none is.
    func overran() -> CallState.Absence? {
        state.withLock { $0.call.overran() }
    }

    /// It has waited for a place in its pack and will get none.
    ///
    /// - Returns: whom to answer, and what to call off.
    func turnAway() -> (caller: Caller?, expiry: DeadlineLine.Place?) {
        state.withLock { state in
            (state.call.turnAway() ? state.takeCaller() : nil, state.takeExpiry())
        }
    }

    /// Something is sent to another service for it.
    public func countAttempt() {
        attempts.add(1, ordering: .relaxed)
    }

    /// Whether the pack is done with it.
    var isSettled: Bool { state.withLock { $0.call.phase == .settled } }

    /// Keeps what the pack answered as long as the call.
    func keep(_ content: consuming PackBytes) -> ResultText {
        let text = content.text(keptBy: self)
        unsafe self.content = .some(consume content)
        return text
    }

    /// What `cancelled` answers the pack. The deadline counts from the moment it passes, whenever its event loop gets
    /// to it.
    public var standing: tool_status {
        let status = block.word.status
        guard status == TOOL_OK else { return status }
        return NIODeadline.now() >= deadline ? TOOL_E_DEADLINE : TOOL_OK
    }

    /// Whether nobody waits for it any more, or the pack is done with it.
    public var isOver: Bool {
        state.withLock { $0.call.phase == .settled || $0.call.abandonment != nil } || NIODeadline.now() >= deadline
    }
}
