// Which processes the host waits for itself, so that nobody else takes the news of their end.

import Glibc
import Synchronization

/// Children that somebody in the host has started and waits for. As the first process of a container the host gets
/// strangers' orphans, too; who reaps those asks here first.
public enum OwnChildren {
    private static let numbers = Mutex<Set<pid_t>>([])

    /// Starts a child; nobody takes it for a stranger, however soon it ends.
    ///
    /// - Parameter spawn: the number of the process; `nil` where there is none.
    public static func start(_ spawn: () -> pid_t?) -> pid_t? {
        numbers.withLock { numbers in
            let process = spawn()
            if let process { numbers.insert(process) }
            return process
        }
    }

    /// Once it was waited for: its number may be somebody else's now.
    public static func forget(_ process: pid_t) {
        numbers.withLock { _ = $0.remove(process) }
    }

    /// Reaps a child unless it is one of these; none is started meanwhile.
    ///
    /// - Returns: whether it is a stranger.
    public static func ifStranger(_ process: pid_t, _ reap: () -> Void) -> Bool {
        numbers.withLock { numbers in
            guard !numbers.contains(process) else { return false }
            reap()
            return true
        }
    }
}
