// How many bytes of requests and answers the host keeps for one pack at a time.

import Synchronization

/// Bytes that are left to take.
public final class ByteBudget: Sendable {
    private let left: Atomic<Int>

    public init(_ bytes: Int) {
        left = Atomic(bytes)
    }

    fileprivate func take(_ bytes: Int) -> Bool {
        var known = left.load(ordering: .relaxed)
        while known >= bytes {
            let (isTaken, current) = left.compareExchange(
                expected: known, desired: known - bytes, ordering: .relaxed)
            if isTaken { return true }
            known = current
        }
        return false
    }

    fileprivate func giveBack(_ bytes: Int) {
        left.add(bytes, ordering: .relaxed)
    }
}

/// What one request holds of a budget, given back with the last reference.
public final class ByteShare: Sendable {
    private let budget: ByteBudget
    private let taken = Atomic<Int>(0)

    public init(of budget: ByteBudget) {
        self.budget = budget
    }

    deinit { budget.giveBack(taken.load(ordering: .relaxed)) }

    /// One of the same budget, for what ends at another time.
    func another() -> ByteShare {
        ByteShare(of: budget)
    }

    /// - Returns: `false` when there are not as many left; nothing is taken then.
    public func take(_ bytes: Int) -> Bool {
        guard budget.take(bytes) else { return false }
        taken.add(bytes, ordering: .relaxed)
        return true
    }
}
