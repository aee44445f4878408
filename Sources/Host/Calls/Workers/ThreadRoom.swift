// Whether the system has the threads that a host needs, found out before it starts: libraries that get none wait for
// ever.

import Dispatch
import Glibc
import HostBase

/// Tries threads out.
public enum ThreadRoom {
    /// Beside event loops and workers: the log, what watches the event loops, what answers operators, what starts and
    /// stops packs, and those of Dispatch.
    static let own = 9
    /// With fewer workers a host is none.
    private static let fewestWorkers = 2

    /// Starts as many threads at once, lets them end, and waits until the system counts them no more.
    ///
    /// - Returns: how many it gave.
    static func tryOut(_ count: Int) -> Int {
        let before = counted
        let gate = DispatchSemaphore(value: 0)
        var threads: [pthread_t] = []
        while threads.count < count, let thread = start(behind: gate) { threads.append(thread) }
        for _ in threads { gate.signal() }
        for thread in threads { pthread_join(thread, nil) }
        // A thread that was joined still counts for a moment.
        for _ in 0..<1000 where counted > before { usleep(100) }
        return threads.count
    }

    private static func start(behind gate: DispatchSemaphore) -> pthread_t? {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { unsafe attributes.deallocate() }
        unsafe pthread_attr_init(attributes)
        defer { unsafe pthread_attr_destroy(attributes) }
        // As large as those of the workers: address space runs out, too.
        unsafe pthread_attr_setstacksize(attributes, Thread.stackSize)
        let context = unsafe Unmanaged.passRetained(gate).toOpaque()
        var thread = pthread_t()
        let error = unsafe pthread_create(
            &thread, attributes,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<DispatchSemaphore>.fromOpaque(context).takeRetainedValue().wait()
                }
                return nil
            }, context)
        guard error == 0 else {
            unsafe Unmanaged<DispatchSemaphore>.fromOpaque(context).release()
            return nil
        }
        return thread
    }

    /// How many threads this process has: one link each, and two of the folder itself (proc_task_getattr in fs/proc).
    private static var counted: Int {
        var status = stat()
        return unsafe stat("/proc/self/task", &status) == 0 ? Int(status.st_nlink) : 0
    }

    /// - Returns: what to warn of.
    /// - Throws: `HostShortage` where the host could not serve.
    public static func check(loops: Int, workers: Int) throws(HostShortage) -> String? {
        let fewest = own + loops + min(workers, fewestWorkers)
        let all = own + loops + workers
        let given = tryOut(all)
        guard given >= fewest else {
            throw HostShortage(
                description: "the system gives \(given) of the \(fewest) threads that this host needs at least: "
                    + "raise \(limits)\(advice(loops))")
        }
        guard given < all else { return nil }
        return "the system gives \(given) threads, and TOOL_WORKERS=\(workers) needs \(all) in all: "
            + "calls will wait for one another. Raise \(limits)"
    }

    private static func advice(_ loops: Int) -> String {
        loops > 1 ? ", or lower HTTP_EVENT_LOOPS, now \(loops)" : ""
    }

    /// Whatever limits them, of which a process can only see the first.
    private static var limits: String {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit)
        let shown = limit.rlim_cur > rlim_t(Int32.max) ? "unlimited" : "\(limit.rlim_cur)"
        return "the limit on processes of this user (ulimit -u, now \(shown); LimitNPROC= of a systemd unit), on those "
            + "of its group (pids.max; TasksMax= of a unit, --pids-limit of a container) or on memory (ulimit -v)"
    }
}
