// Which call runs next and which thread is to look for it, decided in a value.

import DequeModule

/// The calls that wait for a thread, and the threads that wait for a call.
///
/// A wake-up costs more than most calls take, so at most one thread is on its way for all that waits. When it arrives
/// it sends for the next one *before* it runs its call, so that a call that blocks never holds up another. A thread
/// that ends a call takes the next one without sleeping.
///
/// Whoever adds calls asks with `summon` for a thread, once for all that it added. What holds after that and after
/// every other step, unless the system has no more threads to give: where calls wait, a thread is on its way, or all of
/// them are busy, there may be no further one and no call is urgent.
struct WorkQueue<Call, Worker> {
    /// What to do so that a waiting call finds a thread.
    enum Summons {
        /// Wake this thread: it slept longer than no other, so that its memory is still near.
        case wake(Worker)
        /// Start one more. Where that fails, say so with `couldNotStart`.
        case start
    }

    /// What a thread does next.
    enum Step {
        /// First sends for another thread, then runs the call.
        case run(Call, Summons?)
        /// Sleeps until it is woken.
        case sleep
        /// Ends: there are more threads than there may be.
        case end
    }

    private var calls: Deque<Call> = []
    /// How many of the calls, from the first on, must not wait for threads that others keep busy.
    private var urgent = 0
    /// The sleeping threads; the last one slept shortest.
    private var asleep: [Worker] = []
    /// Threads that were sent for and have not yet looked for a call.
    private var onTheirWay = 0
    private(set) var threads = 0
    /// How many threads there may be; more only for urgent calls.
    private var limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// A call wants to run, as soon as `summon` was asked for a thread.
    ///
    /// - Parameter isUrgent: it goes first, and where all threads are taken it gets one more.
    mutating func add(_ call: Call, isUrgent: Bool) {
        if isUrgent {
            calls.prepend(call)
            urgent += 1
        } else {
            calls.append(call)
        }
    }

    /// Sees to it that a thread is on its way where calls wait.
    mutating func summon() -> Summons? {
        guard !calls.isEmpty, onTheirWay == 0 else { return nil }
        if let worker = asleep.popLast() {
            onTheirWay += 1
            return .wake(worker)
        }
        guard threads < limit || urgent > 0 else { return nil }
        threads += 1
        onTheirWay += 1
        return .start
    }

    /// A thread looks for a call.
    ///
    /// - Parameters:
    ///   - worker: the thread.
    ///   - hasArrived: it was sent for; `false` when it comes from a call.
    mutating func next(for worker: Worker, hasArrived: Bool) -> Step {
        if hasArrived { onTheirWay -= 1 }
        if threads > limit, calls.isEmpty || (urgent == 0 && !hasArrived) {
            threads -= 1
            return .end
        }
        guard let call = calls.popFirst() else {
            asleep.append(worker)
            return .sleep
        }
        urgent = max(urgent - 1, 0)
        return .run(call, summon())
    }

    /// A thread that was to start did not. One that fell asleep meanwhile takes its place; else the calls wait for
    /// those that are busy.
    mutating func couldNotStart() -> Summons? {
        onTheirWay -= 1
        threads -= 1
        return asleep.isEmpty ? nil : summon()
    }

    /// A thread does not come back in time: another one may take its place until it does.
    mutating func lost() -> Summons? {
        limit += 1
        return summon()
    }

    mutating func found() {
        limit -= 1
    }
}

extension WorkQueue: Sendable where Call: Sendable, Worker: Sendable {}
