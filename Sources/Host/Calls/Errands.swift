// Work that takes too long for an event loop, on a few threads. Not with Dispatch: while the system has no thread for it, that
// lets whoever hands something over wait, and so an event loop.

import DequeModule
import Synchronization

/// Threads that come with the work and go with it.
final class Errands: Sendable {
    private struct State {
        var waiting: Deque<@Sendable () -> Void> = []
        var threads = 0
    }

    private let name: String
    private let limit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: of the threads.
    ///   - limit: how many of them there may be.
    init(_ name: String, limit: Int) {
        self.name = name
        self.limit = limit
    }

    /// - Returns: `false` where the system has no thread at all for it: then the work is not done.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        let startsThread = state.withLock { state in
            guard state.threads < limit else {
                state.waiting.append(work)
                return false
            }
            state.threads += 1
            return true
        }
        guard startsThread, !Thread.start(name, { self.work(work) }) else { return true }
        return state.withLock { state in
            state.threads -= 1
            // Others will come to it.
            guard state.threads > 0 else { return false }
            state.waiting.append(work)
            return true
        }
    }

    private func work(_ first: @Sendable () -> Void) {
        first()
        while let next = next() { next() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.threads -= 1 }
            return next
        }
    }
}
