// Work that takes too long for an event loop, on a few threads. Not with Dispatch: while the system has no thread for
// it, that lets whoever hands something over wait, and so an event loop.

import DequeModule
import Synchronization

/// Threads that come with the work and go with it.
public final class Errands: Sendable {
    private struct Errand: Sendable {
        let work: @Sendable () -> Void
        let refuse: @Sendable () -> Void
    }

    private struct State {
        var waiting: Deque<Errand> = []
        var threads = 0
    }

    /// Starts a thread of this name; whether the system had one.
    public typealias Start = @Sendable (String, @escaping @Sendable () -> Void) -> Bool

    private let name: String
    private let limit: Int
    private let start: Start
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: of the threads.
    ///   - limit: how many of them there may be.
    public init(_ name: String, limit: Int, start: @escaping Start = { Thread.start($0, $1) }) {
        self.name = name
        self.limit = limit
        self.start = start
    }

    /// Calls one of the two, once.
    ///
    /// - Parameter refuse: where the system has no thread at all for it.
    public func run(_ work: @escaping @Sendable () -> Void, orElse refuse: @escaping @Sendable () -> Void) {
        let errand = Errand(work: work, refuse: refuse)
        let startsThread = state.withLock { state in
            state.waiting.append(errand)
            guard state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        guard startsThread, !start(name, { self.work() }) else { return }
        // Where there is no other thread, nobody comes to what was handed over meanwhile either.
        let refused = state.withLock { state -> Deque<Errand> in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for errand in refused { errand.refuse() }
    }

    private func work() {
        while let next = next() { next.work() }
    }

    private func next() -> Errand? {
        state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.threads -= 1 }
            return next
        }
    }
}
