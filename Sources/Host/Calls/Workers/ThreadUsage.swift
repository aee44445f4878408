// What a thread itself did, whatever else the machine did meanwhile.

import CGlibc
import Glibc
import NIOCore

/// What one thread used up to a moment.
struct ThreadUsage: Sendable {
    /// User and system time (CLOCK_THREAD_CPUTIME_ID): getrusage counts it in ticks on some systems.
    var processorTime: TimeAmount
    /// How often it gave up its processor to wait for something: a lock, a sleep, a disk (getrusage(2), RUSAGE_THREAD).
    var waits: Int

    /// That of the calling thread. Two system calls, some 400 ns.
    static var now: ThreadUsage {
        var usage = rusage()
        _ = unsafe getrusage(rusage_of_thread, &usage)
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return ThreadUsage(
            processorTime: .nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)),
            waits: usage.ru_nvcsw)
    }

    static func - (later: ThreadUsage, earlier: ThreadUsage) -> ThreadUsage {
        ThreadUsage(
            processorTime: later.processorTime - earlier.processorTime, waits: later.waits - earlier.waits)
    }
}
