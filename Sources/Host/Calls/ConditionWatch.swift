// Follows how the calls of a pack end. It stands on the way of every call, so a call that ends well after others that
// did costs one look at a number.

import NIOCore
import Synchronization

/// The condition of one pack, told to it by its calls and asked for by whoever answers for the host.
public final class ConditionWatch: Sendable {
    private let isTroubled = Atomic<Bool>(false)
    private let condition = Mutex(PackCondition())
    private let tell: @Sendable (PackCondition.Change, _ reason: String) -> Void

    /// - Parameter tell: Called with each change, on any thread. The reason is that of the failure.
    init(tell: @escaping @Sendable (PackCondition.Change, _ reason: String) -> Void) {
        self.tell = tell
    }

    public var isAiling: Bool {
        guard isTroubled.load(ordering: .relaxed) else { return false }
        let (isAiling, change) = condition.withLock { condition in
            let change = condition.asked(.now())
            return (condition.isAiling, change)
        }
        if let change { tell(change, "") }
        return isAiling
    }

    @inline(__always)
    func succeeded(_ tool: ServedTool) {
        if isTroubled.load(ordering: .relaxed) { succeeded(tool.name) }
    }

    @inline(never)
    private func succeeded(_ tool: String) {
        let change = condition.withLock { condition in
            let change = condition.succeeded(tool)
            isTroubled.store(condition.isTroubled, ordering: .relaxed)
            return change
        }
        if let change { tell(change, "") }
    }

    /// - Parameter reason: for the log.
    func failed(_ tool: String, _ reason: String) {
        let change = condition.withLock { condition in
            isTroubled.store(true, ordering: .relaxed)
            return condition.failed(tool, .now())
        }
        if let change { tell(change, reason) }
    }
}
