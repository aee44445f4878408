// As the first process of a container the host inherits whatever loses its parent, and nobody else clears that away.

import CGlibc
import Glibc
import NIOCore

/// Takes dead children that are nobody's: asked on the main thread again and again.
///
/// The system gives orphans to the main thread, while what packs start belongs to the threads that started it, and what the
/// host itself waits for is known to `OwnChildren`. So only the main thread's own children are looked at, first without being
/// taken (WNOWAIT): one that a pack still waits for, whose thread has ended meanwhile, has time to be taken by it.
struct OrphanReaper {
    /// How long a child may be dead before it is taken.
    static let patience = TimeAmount.seconds(2)

    /// When each was first seen dead.
    private var seen: [pid_t: NIODeadline] = [:]

    /// Whether orphans come to this process at all.
    static var isWanted: Bool {
        var isSubreaper: Int32 = 0
        _ = unsafe get_subreaper(&isSubreaper)
        return getpid() == 1 || isSubreaper != 0
    }

    /// Takes the orphans that have been dead for a while.
    ///
    /// - Returns: how many.
    mutating func look(now: NIODeadline = .now()) -> Int {
        let dead = Self.children().filter { is_dead($0) != 0 }
        seen = seen.filter { dead.contains($0.key) }
        var count = 0
        for child in dead {
            let first = seen[child, default: now]
            seen[child] = first
            guard now - first >= Self.patience else { continue }
            _ = OwnChildren.ifStranger(child) {
                var status: Int32 = 0
                if unsafe waitpid(child, &status, WNOHANG | without_other_threads) == child { count += 1 }
            }
            seen[child] = nil
        }
        return count
    }

    /// This thread's children, as proc_pid_task_children(5) lists them; some systems tell of none.
    private static func children() -> [pid_t] {
        ProcessFile.text("/proc/thread-self/children").split(separator: " ").compactMap { pid_t($0) }
    }
}
