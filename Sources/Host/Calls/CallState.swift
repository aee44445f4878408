// The life of one call as a value: every event in, what to do about it out. Nothing here acts.

import ToolABI

/// Where a call stands between the caller, who is answered once, and the pack, which settles once.
struct CallState: Sendable {
    enum Phase: Sendable {
        /// Not yet given to the pack.
        case waiting
        /// The pack's `invoke` runs.
        case invoking
        /// The pack said it will complete later.
        case pending
        /// The pack is done with the call.
        case settled
    }

    /// Why nobody waits for the answer any more.
    enum Abandonment: Sendable {
        case cancelled, deadline

        var status: tool_status { self == .cancelled ? TOOL_E_CANCELLED : TOOL_E_DEADLINE }
    }

    enum Settlement: Sendable, Equatable {
        /// Answer the caller with this result.
        case answer
        /// The caller was answered without it.
        case late
        /// It was settled before: the pack's fault.
        case twice
    }

    enum Effect: Sendable, Equatable {
        case none
        /// Answer the caller; the pack has never heard of the call and never will.
        case answer
        /// Answer the caller and tell the pack.
        case answerAndCancel
    }

    /// What a worker that comes back from `invoke` was taken for.
    enum Absence: Sendable, Equatable {
        case none
        /// Its caller was answered without it.
        case lost
        /// That, and the deadline has passed.
        case overdue
    }

    /// Runs on the event loop and occupies no worker.
    let isInline: Bool
    private(set) var phase = Phase.waiting
    private(set) var isAnswered = false
    private(set) var abandonment: Abandonment?
    /// The caller was answered while a worker was in `invoke`, which has not come back.
    private(set) var hasLostWorker = false
    /// A worker is in `invoke`.
    private(set) var isInside = false
    /// It was there when the deadline passed.
    private var isOverdue = false

    init(isInline: Bool = false) {
        self.isInline = isInline
    }

    /// Whether its deadline is still to come for somebody: for the caller, or for a worker that has answered and stays.
    var awaitsDeadline: Bool { !isAnswered || isInside }

    /// A worker takes the call up.
    ///
    /// - Returns: whether to invoke; `false` when nobody waits any more.
    mutating func enter() -> Bool {
        guard phase == .waiting else { return false }
        guard abandonment == nil else {
            phase = .settled
            return false
        }
        phase = .invoking
        isInside = !isInline
        return true
    }

    /// `invoke` returned, with a result or with `TOOL_PENDING`.
    ///
    /// - Returns: whether a worker that was lost is back.
    mutating func returned(isPending: Bool) -> Absence {
        if isPending, phase == .invoking { phase = .pending }
        isInside = false
        guard hasLostWorker else { return .none }
        defer { (hasLostWorker, isOverdue) = (false, false) }
        return isOverdue ? .overdue : .lost
    }

    /// The deadline has passed, and the caller is answered: now, or before by a completion from within `invoke`.
    ///
    /// - Returns: how a worker that is still in `invoke` was counted so far; `nil` where none is.
    mutating func overran() -> Absence? {
        guard isInside, !isOverdue else { return nil }
        defer { (hasLostWorker, isOverdue) = (true, true) }
        return hasLostWorker ? .lost : Absence.none
    }

    /// It is not given to the pack any more.
    ///
    /// - Returns: whether to answer the caller.
    mutating func turnAway() -> Bool {
        guard phase == .waiting else { return false }
        phase = .settled
        defer { isAnswered = true }
        return !isAnswered
    }

    /// `invoke` returned a result, or `complete` brought one.
    mutating func settle() -> Settlement {
        guard phase == .invoking || phase == .pending else { return .twice }
        phase = .settled
        if isAnswered { return .late }
        isAnswered = true
        return .answer
    }

    /// The client went away, or the deadline passed.
    mutating func abandon(_ reason: Abandonment) -> Effect {
        guard !isAnswered, phase != .settled else { return .none }
        isAnswered = true
        abandonment = reason
        hasLostWorker = phase == .invoking && !isInline
        return phase == .waiting ? .answer : .answerAndCancel
    }
}
