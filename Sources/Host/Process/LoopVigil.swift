// When an event loop counts as stuck, and when it is given up, decided in a value.

/// Follows one event loop by steps of whoever watches it, not by the clock: a host that was stopped or paused makes none.
struct LoopVigil: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case none
        /// It has not moved for a second of steps.
        case stuck
        /// It moves again.
        case moves
        /// It has not moved for as long as it may: nothing will come of it.
        case hopeless
    }

    /// Steps without a sign after which a loop counts as stuck.
    let patience: Int
    /// Steps after which it is given up.
    let limit: Int
    private var steps = 0
    private var isTold = false

    init(patience: Int, limit: Int) {
        (self.patience, self.limit) = (patience, limit)
    }

    /// Whether it counts as stuck.
    var isStuck: Bool { isTold }

    /// A step was made.
    ///
    /// - Parameters:
    ///   - hasMoved: the loop gave a sign since the last step.
    ///   - hadItsChance: nothing from outside kept it from doing so.
    mutating func step(hasMoved: Bool, hadItsChance: Bool) -> Verdict {
        if hasMoved {
            defer { (steps, isTold) = (0, false) }
            return isTold ? .moves : .none
        }
        guard hadItsChance else { return .none }
        steps += 1
        if steps >= limit { return .hopeless }
        guard steps >= patience, !isTold else { return .none }
        isTold = true
        return .stuck
    }
}
