// Threads for tools that may block. A thread that a pack keeps beyond its deadline is replaced, so no pack uses them
// up.

import Dispatch
import HostBase
import Logging
import NIOConcurrencyHelpers
import NIOCore

/// A bounded set of threads: as many as configured, and at most one more for each pack.
public final class WorkerPool: Sendable {
    /// What a thread sleeps on.
    private final class Worker: Sendable {
        let summons = DispatchSemaphore(value: 0)
    }

    private typealias Queue = WorkQueue<Call, Worker>

    private struct State {
        var queue: Queue
        /// The event loops that send for a thread when they have handled what they read.
        var sendingLater: [ObjectIdentifier] = []
        /// A thread that the system did not give will be asked for again.
        var asksAgain = false
    }

    /// No `Mutex`: that one hands itself over to whoever waits, so that each of many threads that want it in turn has
    /// to be switched to before the next one gets it. With one, and a wake-up for each call, a call took twice the
    /// processor time of an inline one.
    private let state: NIOLockedValueBox<State>

    private let group: (any EventLoopGroup)?
    public let shortage: ThreadShortage

    /// How soon a thread that the system did not give is asked for again.
    private static let pause = TimeAmount.milliseconds(100)

    /// - Parameter group: where to wait for the system to have threads again.
    public init(threads: Int, group: (any EventLoopGroup)? = nil, logger: Logger) {
        state = NIOLockedValueBox(State(queue: Queue(limit: threads)))
        self.group = group
        shortage = ThreadShortage(group: group, logger: logger)
    }

    /// - Parameter isOnly: the call is the only one of its pack that runs. Such a call never waits for another pack's
    ///   threads: it goes first, and where all threads are taken it gets one more.
    func submit(_ call: Call, isOnly: Bool) {
        send(
            state.withLockedValue { state in
                state.queue.add(call, isUrgent: isOnly)
                return state.queue.summon()
            })
    }

    /// Takes a call that the thread of this event loop has just read.
    ///
    /// What else the loop found to read comes first, and then all of its calls are handed over with one wake-up. A
    /// thread woken at the first of them would share the processor with the loop and fall asleep between one call and
    /// the next: twice the switches a call, and a tenth fewer calls. Inline tools that the loop runs meanwhile come
    /// first, too.
    func submit(_ call: Call, isOnly: Bool, from eventLoop: any EventLoop) {
        let loop = ObjectIdentifier(eventLoop)
        let isFirst = state.withLockedValue { state in
            state.queue.add(call, isUrgent: isOnly)
            guard !state.sendingLater.contains(loop) else { return false }
            state.sendingLater.append(loop)
            return true
        }
        guard isFirst else { return }
        eventLoop.execute {
            self.send(
                self.state.withLockedValue { state in
                    state.sendingLater.removeAll { $0 == loop }
                    return state.queue.summon()
                })
        }
    }

    /// A thread does not come back in time: another one takes its place until it does.
    func lost() {
        send(state.withLockedValue { $0.queue.lost() })
    }

    func found() {
        state.withLockedValue { $0.queue.found() }
    }

    private func send(_ summons: Queue.Summons?) {
        switch summons {
        case nil: break
        case .wake(let worker): worker.summons.signal()
        case .start:
            let worker = Worker()
            guard !Thread.start("tool-worker", { self.work(worker) }) else { return }
            shortage.failed("tool-worker", "calls wait for the threads there are")
            send(state.withLockedValue { $0.queue.couldNotStart() })
            askAgain()
        }
    }

    /// Those there are may all be stuck, and without any nobody would ever look for the calls that wait.
    private func askAgain() {
        let isFirst = state.withLockedValue { state in
            defer { state.asksAgain = true }
            return !state.asksAgain
        }
        guard isFirst else { return }
        group?.any().scheduleTask(in: Self.pause) {
            self.send(
                self.state.withLockedValue { state in
                    state.asksAgain = false
                    return state.queue.summon()
                })
        }
    }

    private func work(_ worker: Worker) {
        var hasArrived = true
        while true {
            switch state.withLockedValue({ $0.queue.next(for: worker, hasArrived: hasArrived) }) {
            case .run(let call, let summons):
                send(summons)
                call.tool.desk.run(call)
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
