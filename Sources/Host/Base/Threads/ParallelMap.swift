// Spreads independent work over the processors and waits for it: what a start does for each pack.

import Dispatch
import NIOCore
import Synchronization

/// Makes something of each index below a count.
public final class ParallelMap<Output: Sendable>: Sendable {
    private struct State {
        var next = 0
        var outputs: [Output?]
    }

    private let state: Mutex<State>
    private let body: @Sendable (Int) -> Output

    private init(count: Int, body: @escaping @Sendable (Int) -> Output) {
        state = Mutex(State(outputs: Array(repeating: nil, count: count)))
        self.body = body
    }

    /// Blocks until all is done. The caller's thread works, too, and alone where the system has no other.
    ///
    /// - Returns: the outputs in the order of their indices.
    public static func run(count: Int, body: @escaping @Sendable (Int) -> Output) -> [Output] {
        let map = ParallelMap(count: count, body: body)
        let helpers = DispatchGroup()
        for _ in 1..<max(1, min(count, System.coreCount)) {
            helpers.enter()
            let isStarted = Thread.start("preparing") {
                map.work()
                helpers.leave()
            }
            if !isStarted { helpers.leave() }
        }
        map.work()
        helpers.wait()
        return map.state.withLock { $0.outputs.compactMap(\.self) }
    }

    private func work() {
        while let index = take() {
            let output = body(index)
            state.withLock { $0.outputs[index] = output }
        }
    }

    private func take() -> Int? {
        state.withLock { state in
            guard state.next < state.outputs.count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }
}
