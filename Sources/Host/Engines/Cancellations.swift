// What a pack has yet to be told of calls that nobody waits for, on a thread that exists while there is something to
// tell.

import DequeModule
import HostBase
import HostCalls
import Synchronization
import ToolABI

/// The cancellations of one pack. A pack that hangs in one loses its further ones and nothing else.
final class Cancellations: Sendable {
    private struct State {
        var waiting: Deque<(tool_call_id, tool_status)> = []
        var isRunning = false
    }

    private static let limit = 1024

    private let state = Mutex(State())
    private let shortage: ThreadShortage

    init(shortage: ThreadShortage) {
        self.shortage = shortage
    }

    /// Whether a thread may be inside the pack.
    var areRunning: Bool { state.withLock(\.isRunning) }

    /// - Parameter tell: tells the pack, and may block.
    func add(
        _ call: tool_call_id, _ reason: tool_status, tell: @escaping @Sendable (tool_call_id, tool_status) -> Void
    ) {
        let startsThread = state.withLock { state in
            guard state.waiting.count < Self.limit else { return false }
            state.waiting.append((call, reason))
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard startsThread, !Thread.start("pack-cancel", { self.run(tell) }) else { return }
        state.withLock { $0.isRunning = false }
        shortage.failed("pack-cancel", "a pack is told later that nobody waits for its calls")
    }

    private func run(_ tell: (tool_call_id, tool_status) -> Void) {
        while true {
            let next = state.withLock { state in
                let next = state.waiting.popFirst()
                if next == nil { state.isRunning = false }
                return next
            }
            guard let (call, reason) = next else { return }
            tell(call, reason)
        }
    }
}
