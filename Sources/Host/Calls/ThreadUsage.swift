// What a thread itself did, whatever else the machine did meanwhile.

import CGlibc
import Glibc
import NIOCore

/// What one thread used up to a moment (getrusage(2), RUSAGE_THREAD).
struct ThreadUsage: Sendable {
    /// User and system time.
    var processorTime: TimeAmount
    /// How often it gave up its processor to wait for something: a lock, a sleep, a disk.
    var waits: Int

    /// That of the calling thread. A system call, some 200 ns.
    static var now: ThreadUsage {
        var usage = rusage()
        _ = unsafe getrusage(rusage_of_thread, &usage)
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return ThreadUsage(
            processorTime: .microseconds(Int64(seconds * 1_000_000 + microseconds)), waits: usage.ru_nvcsw)
    }

    static func - (later: ThreadUsage, earlier: ThreadUsage) -> ThreadUsage {
        ThreadUsage(
            processorTime: later.processorTime - earlier.processorTime, waits: later.waits - earlier.waits)
    }
}
