// As the first process of a container the host inherits whatever loses its parent, and nobody else clears that away.

import CGlibc
import Glibc
import HostBase
import HostPacks
import NIOCore

/// Takes dead children that are nobody's: asked on the main thread again and again.
///
/// The system gives orphans to the main thread, while what packs start belongs to the threads that started it, and what
/// the host itself waits for is known to `OwnChildren`. When such a thread ends its children become the main thread's,
/// too: so what was ever seen below another thread is left alone, and what was there at the first look, after packs
/// were started. The others are looked at without being taken (WNOWAIT), and taken once they have been dead for a
/// while.
struct OrphanReaper {
    /// How long a child may be dead before it is taken.
    static let patience = TimeAmount.seconds(10)

    /// When each was first seen dead.
    private var seen: [pid_t: NIODeadline] = [:]
    /// Children of packs, for as long as they are there.
    private var ofPacks: Set<pid_t>?

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
        guard Self.isWanted else { return 0 }
        let own = Self.children(of: getpid())
        let threads = (try? FileStatus.names(in: "/proc/self/task"))?.compactMap { $0.text.flatMap { pid_t($0) } } ?? []
        let others = Set(threads.lazy.filter { $0 != getpid() }.flatMap(Self.children))
        let ofPacks = (ofPacks ?? own).intersection(own).union(others)
        self.ofPacks = ofPacks
        let dead = own.subtracting(ofPacks).filter { is_dead($0) != 0 }
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

    /// A thread's children, as proc_pid_task_children(5) lists them; some systems tell of none.
    private static func children(of thread: pid_t) -> Set<pid_t> {
        Set(ProcessFile.text("/proc/self/task/\(thread)/children").split(separator: " ").compactMap { pid_t($0) })
    }
}
