// Threads for tools that may block. A thread that a pack keeps beyond its deadline is replaced, so no pack uses them up.

import Dispatch
import NIOConcurrencyHelpers

/// A bounded set of threads: as many as configured, and at most one more for each pack.
final class WorkerPool: Sendable {
    /// What a thread sleeps on.
    private final class Worker: Sendable {
        let summons = DispatchSemaphore(value: 0)
    }

    private typealias Queue = WorkQueue<Call, Worker>

    /// No `Mutex`: that one hands itself over to whoever waits, so that each of many threads that want it in turn has to
    /// be switched to before the next one gets it.
    private let queue: NIOLockedValueBox<Queue>

    init(threads: Int) {
        queue = NIOLockedValueBox(Queue(limit: threads))
    }

    /// - Parameter isOnly: the call is the only one of its pack that runs. Such a call never waits for another pack's
    ///   threads: it goes first, and where all threads are taken it gets one more.
    func submit(_ call: Call, isOnly: Bool) {
        send(queue.withLockedValue { $0.add(call, isUrgent: isOnly) })
    }

    /// A thread does not come back in time: another one takes its place until it does.
    func lost() {
        send(queue.withLockedValue { $0.lost() })
    }

    func found() {
        queue.withLockedValue { $0.found() }
    }

    private func send(_ summons: Queue.Summons?) {
        switch summons {
        case nil: break
        case .wake(let worker): worker.summons.signal()
        case .start:
            let worker = Worker()
            // Without a new thread the calls wait for the others.
            if !Thread.start("tool-worker", { self.work(worker) }) {
                send(queue.withLockedValue { $0.couldNotStart() })
            }
        }
    }

    private func work(_ worker: Worker) {
        var hasArrived = true
        while true {
            switch queue.withLockedValue({ $0.next(for: worker, hasArrived: hasArrived) }) {
            case .run(let call, let summons):
                send(summons)
                call.run()
                hasArrived = false
            case .sleep:
                worker.summons.wait()
                hasArrived = true
            case .end:
                return
            }
        }
    }
}
