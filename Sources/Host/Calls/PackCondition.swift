// Whether a pack does its work, as far as the ends of its calls tell; a value.

import NIOCore

/// What the latest calls of one pack came to.
///
/// A pack is ailing when two calls in a row failed through no fault of their callers: of one tool, since one that reads
/// may go on where one that writes cannot; or of any of its tools, with no success in between. It is well again when a
/// call of what failed succeeds, or when there was no failure for a while. Calls that the pack refuses for what they
/// ask count for neither: no caller can make it ail, and none can hide that it does.
struct PackCondition: Sendable {
    enum Change: Sendable, Equatable {
        /// The tool's failure was one too many.
        case ails(tool: String)
        /// The tool's success ended it.
        case recovered(tool: String)
        /// Nothing failed for a while. Perhaps nothing was asked for, either.
        case forgotten
    }

    /// One failure may be an odd one; so many in a row are not.
    static let threshold = 2
    /// How long a pack ails without another failure.
    static let memory = TimeAmount.minutes(5)

    private(set) var isAiling = false
    /// Failures since any success, and of each tool since its own.
    private var inARow = 0, ofTool: [String: Int] = [:]
    private var latest = NIODeadline.uptimeNanoseconds(0)

    /// Whether a success would change anything.
    var isTroubled: Bool { inARow > 0 || !ofTool.isEmpty }

    private var failsAgainAndAgain: Bool { max(inARow, ofTool.values.max() ?? 0) >= Self.threshold }

    /// A call ended as unavailable, or the pack broke its contract.
    mutating func failed(_ tool: String, _ now: NIODeadline) -> Change? {
        inARow = min(inARow + 1, Self.threshold)
        ofTool[tool] = min((ofTool[tool] ?? 0) + 1, Self.threshold)
        // Threads tell in another order than they looked at the clock.
        latest = max(latest, now)
        guard failsAgainAndAgain, !isAiling else { return nil }
        isAiling = true
        return .ails(tool: tool)
    }

    mutating func succeeded(_ tool: String) -> Change? {
        inARow = 0
        ofTool[tool] = nil
        guard isAiling, !failsAgainAndAgain else { return nil }
        isAiling = false
        return .recovered(tool: tool)
    }

    /// Somebody asks. What failed is remembered all the same: one more failure, and it ails again.
    mutating func asked(_ now: NIODeadline) -> Change? {
        guard isAiling, now - latest >= Self.memory else { return nil }
        isAiling = false
        return .forgotten
    }
}
