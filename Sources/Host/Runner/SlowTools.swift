// Tools that promised never to block and took long all the same: for this life of the process nothing waits for them.

import NIOConcurrencyHelpers
import Synchronization

/// Which tools were seen to take long. Any thread.
final class SlowTools: Sendable {
    /// Nanoseconds. Of a promise that is kept a hundred times over. A busy machine may make a tool seem slow, which
    /// costs it some wake-ups and nothing else.
    static let limit: Int64 = 10_000_000

    private let tools = NIOLockedValueBox<Set<Int>>([])
    private let isEmpty = Atomic(true)

    func contains(_ tool: Int) -> Bool {
        !isEmpty.load(ordering: .relaxed) && tools.withLockedValue { $0.contains(tool) }
    }

    /// - Parameter time: that a call took, in nanoseconds.
    func record(_ tool: Int, _ time: Int64) {
        guard time > Self.limit else { return }
        _ = tools.withLockedValue { $0.insert(tool) }
        isEmpty.store(false, ordering: .relaxed)
    }
}
