// Threads for tools that may block. A thread that a pack keeps beyond its deadline is replaced, so no pack uses them up.

import DequeModule
import Dispatch
import Glibc
import Synchronization

/// A bounded set of threads: as many as configured, and at most one more for each pack.
final class WorkerPool: Sendable {
    private struct State {
        var calls: Deque<Call> = []
        var idle = 0
        var threads = 0
        /// Grows by one for each thread that is stuck in a pack.
        var limit: Int
    }

    private let state: Mutex<State>
    private let work = DispatchSemaphore(value: 0)

    init(threads: Int) {
        state = Mutex(State(limit: threads))
    }

    /// - Parameter isOnly: the call is the only one of its pack that runs. Such a call never waits for another pack's
    ///   threads: it goes first, and where all threads are taken it gets one more.
    func submit(_ call: Call, isOnly: Bool) {
        let startsThread = state.withLock { state in
            if isOnly {
                state.calls.prepend(call)
                guard state.idle < state.calls.count else { return false }
                state.threads += 1
                return true
            }
            state.calls.append(call)
            return Self.reserveThread(&state)
        }
        if startsThread { startThread() }
        work.signal()
    }

    /// A thread does not come back in time: another one takes its place until it does.
    func lost() {
        let startsThread = state.withLock { state in
            state.limit += 1
            return Self.reserveThread(&state)
        }
        if startsThread { startThread() }
    }

    func found() {
        state.withLock { $0.limit -= 1 }
    }

    private static func reserveThread(_ state: inout State) -> Bool {
        guard state.idle < state.calls.count, state.threads < state.limit else { return false }
        state.threads += 1
        return true
    }

    private func startThread() {
        let isStarted = Thread.start("tool-worker") { self.loop() }
        // Without a new thread the calls wait for the others.
        if !isStarted { state.withLock { $0.threads -= 1 } }
    }

    private func loop() {
        while true {
            state.withLock { $0.idle += 1 }
            work.wait()
            let call = state.withLock { state in
                state.idle -= 1
                return state.calls.popFirst()
            }
            call?.run()
            let ends = state.withLock { state in
                guard state.threads > state.limit else { return false }
                state.threads -= 1
                return true
            }
            if ends { return }
        }
    }
}
