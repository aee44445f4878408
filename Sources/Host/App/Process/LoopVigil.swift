// When an event loop counts as stuck, and when it is given up, decided in a value.

/// Follows one event loop by steps of whoever watches it, not by the clock: a host that was stopped or paused makes
/// none.
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

    /// What a loop had of a step in which it gave no sign.
    enum Chance: Sendable, Equatable {
        /// Nothing from outside kept it from giving one.
        case had
        /// It waited for a disk, or for a processor, or that is not known: such steps count a third.
        case hindered
        /// It was stopped, held by a debugger, or read from swap: such steps do not count.
        case none
    }

    /// In thirds of steps: without a sign for as long a loop counts as stuck, and is given up.
    private let patience: Int, limit: Int
    private var thirds = 0
    private var isTold = false

    /// - Parameters:
    ///   - patience: steps without a sign after which a loop counts as stuck.
    ///   - limit: steps after which it is given up.
    init(patience: Int, limit: Int) {
        (self.patience, self.limit) = (3 * patience, 3 * limit)
    }

    /// Whether it counts as stuck.
    var isStuck: Bool { isTold }

    /// A step was made.
    ///
    /// - Parameters:
    ///   - hasMoved: the loop gave a sign since the last step.
    ///   - chance: of doing so.
    mutating func step(hasMoved: Bool, _ chance: Chance) -> Verdict {
        if hasMoved {
            defer { (thirds, isTold) = (0, false) }
            return isTold ? .moves : .none
        }
        switch chance {
        case .had: thirds += 3
        case .hindered: thirds += 1
        case .none: return .none
        }
        if thirds >= limit { return .hopeless }
        guard thirds >= patience, !isTold else { return .none }
        isTold = true
        return .stuck
    }
}
