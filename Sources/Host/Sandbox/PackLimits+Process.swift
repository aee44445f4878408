// Holding the process that is about to load a pack to its bounds, as far as the system does that by itself.

import Confinement
import Glibc
import HostBase

extension PackLimits {
    /// More likely than the host, and than most of what else there is, is this process ended where memory runs out.
    private static let expendability = 500

    private static let signalShare = 16
    /// Threads whose stacks have room below the wall where nothing bounds their number.
    private static let unboundedThreads = 4096

    /// For the calling process, for good, and for whatever it starts. What the system refuses is left as it is: none of
    /// it asks for more than this process has.
    ///
    /// Must be called by the only thread there is. `RLIMIT_AS` is none of it: Go, Java and sanitizers reserve address
    /// space that they never use.
    ///
    /// - Parameter level: what the process is confined to later. Under `strict` it becomes one of users of its own,
    ///   where the system lets it: everybody else's files belong to nobody there (65534), which libraries that look at
    ///   owners of keys and programs do not trust, and capabilities are to be given up.
    public func apply(at level: SandboxLevel) {
        if let memory { Self.bound(RLIMIT_DATA, at: Self.wall(memory, threads)) }
        // Where the count would be that of all the user's processes the host counts, and ends the process.
        if let threads, level == .strict, count_threads_apart() == 0 { Self.bound(__RLIMIT_NPROC, at: threads) }
        Self.leaveSignals()
        if let fileSize {
            Self.bound(RLIMIT_FSIZE, at: fileSize)
            // So that a write fails (EFBIG) and ends nobody.
            signal(SIGXFSZ, SIG_IGN)
        }
        if keepsCoreDumps {
            // Whoever wants them need not have raised the soft limit, which is 0 by default.
            Self.bound(RLIMIT_CORE, at: .max)
        } else {
            // With 0 a program that takes core dumps (core(5)) would get this one all the same.
            Self.bound(RLIMIT_CORE, at: 1)
        }
        Self.becomeExpendable()
    }

    /// Until ``boundOpenFiles()`` as many as the system lets it.
    public static func raiseOpenFiles() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(resource, &limit)
    }

    /// As ``apply(at:)``, for descriptors. Later than all else where one is handed on before: the system
    /// compares this limit with how many all processes of the user have on the way, and packs have as many there as
    /// they may open.
    public func boundOpenFiles() {
        Self.bound(RLIMIT_NOFILE, at: openFiles)
    }

    /// Bytes that the process may have to itself, be they in use or not: twice the bound besides what it has already,
    /// and stacks, each of which the system counts in full.
    private static func wall(_ memory: Int, _ threads: Int?) -> Int {
        let before = (ProcessStatus(of: getpid()).numbers(["VmData"])[0] ?? 0) << 10
        return before + 2 * memory + (threads ?? unboundedThreads) * Thread.stackSize
    }

    /// Sets both limits: the soft one is what counts, and by the hard one nobody raises it again.
    private static func bound(_ resource: __rlimit_resource, at most: Int) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(resource.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        let value = min(most == .max ? rlim_t.max : rlim_t(most), limit.rlim_max)
        limit = rlimit(rlim_cur: value, rlim_max: value)
        _ = unsafe setrlimit(resource, &limit)
    }

    /// Timers and queued signals are counted for all that a user runs, or for all that came from a process with users
    /// of its own: this one gets a sixteenth at most.
    private static func leaveSignals() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(__RLIMIT_SIGPENDING.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_max != rlim_t.max else { return }
        bound(__RLIMIT_SIGPENDING, at: Int(clamping: limit.rlim_max) / signalShare)
    }

    private static func becomeExpendable() {
        let path = "/proc/self/oom_score_adj"
        guard let now = Int(ProcessFile.text(path).filter { !$0.isWhitespace }) else { return }
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let text = "\(min(1000, now + expendability))"
        _ = unsafe write(descriptor, text, text.utf8.count)
        close(descriptor)
    }
}
