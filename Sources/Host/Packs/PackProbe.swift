// Reads a pack's descriptors in a process of its own first: a pack that crashes or hangs on load takes nothing with it.

import Dispatch
import Glibc
import NIOCore
import Synchronization

/// Runs `<host executable> probe <copy>` once for every pack file not seen before, and remembers the packs that passed.
struct PackProbe: Sendable {
    /// The host's own executable.
    var executable: String
    /// How long a pack may take to be loaded and described.
    var timeoutMilliseconds: Int
    /// Also tries packs that passed before: what they need of the machine may have changed.
    var isThorough = false

    /// `nil` where the system does not tell which file this process runs.
    static func ofThisExecutable(timeout: TimeAmount, isThorough: Bool = false) -> PackProbe? {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &path, path.count)
        guard count > 0, count < path.count else { return nil }
        let executable = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return PackProbe(
            executable: executable, timeoutMilliseconds: Int(timeout.nanoseconds / 1_000_000), isThorough: isThorough)
    }

    /// - Throws: `PackRefusal` when the process died or did not end.
    func check(_ file: PackFile) throws(PackRefusal) {
        let mark = file.copyPath + ".ok"
        if !isThorough, unsafe access(mark, F_OK) == 0 {
            // The mark comes back when loading ends well: after a crash the pack is tried again.
            unsafe unlink(mark)
            return
        }
        switch run(file) {
        case .exited(0): break
        case .exited(let code):
            throw PackRefusal(file: file.name, reason: "loading it in a process of its own failed (exit code \(code))")
        case .signalled(let number):
            let name = unsafe String(cString: strsignal(number))
            throw PackRefusal(
                file: file.name, reason: "crashed while it was loaded and described (signal \(number), \(name))")
        case .timedOut:
            throw PackRefusal(
                file: file.name, reason: "was not loaded and described within \(timeoutMilliseconds) ms")
        case .notStarted(let reason):
            throw PackRefusal(file: file.name, reason: "could not be tried in a process of its own: \(reason)")
        }
    }

    /// Loading the pack in this process ended well, so the next start need not try it first.
    func remember(_ file: PackFile) {
        // Without the mark the pack is merely tried again.
        try? FileStatus.write([], to: file.copyPath + ".ok", mode: 0o600)
    }

    private enum End {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
        case notStarted(String)
    }

    private func run(_ file: PackFile) -> End {
        let words = [executable, "probe", file.copyPath, file.name]
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { word in unsafe strdup(word) } + [nil]
        defer { for index in words.indices { unsafe free(arguments[index]) } }
        var environment = unsafe Self.quietEnvironment()
        defer { for index in unsafe environment.indices { unsafe free(environment[index]) } }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Its own process group, so that ending it ends what it started.
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // What a pack prints while it crashes belongs in nobody's log.
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var process = pid_t()
        let error = unsafe posix_spawn(&process, executable, &actions, &attributes, &arguments, &environment)
        guard error == 0 else { return .notStarted(FileStatus.Failure(error).reason) }
        return wait(for: process)
    }

    /// The host's environment, without the report that Swift's runtime would write about a crash: it takes a second.
    private static func quietEnvironment() -> [UnsafeMutablePointer<CChar>?] {
        var entries: [UnsafeMutablePointer<CChar>?] = unsafe []
        var index = 0
        while let entry = unsafe environ[index] {
            if unsafe strncmp(entry, "SWIFT_BACKTRACE=", 16) != 0 { unsafe entries.append(strdup(entry)) }
            index += 1
        }
        unsafe entries.append(strdup("SWIFT_BACKTRACE=enable=no"))
        return unsafe entries + [nil]
    }

    private func wait(for process: pid_t) -> End {
        let waiter = Waiter(process: process)
        guard Thread.start("pack-probe", { waiter.run() }) else {
            return .notStarted("the system has no thread to wait with")
        }
        if waiter.ended.wait(timeout: .now() + .milliseconds(timeoutMilliseconds)) == .timedOut {
            kill(-process, SIGKILL)
            waiter.ended.wait()
            return .timedOut
        }
        // The macros of <sys/wait.h>: the low seven bits hold the signal.
        let code = waiter.status.withLock { $0 }
        let signal = code & 0x7F
        return signal == 0 ? .exited((code >> 8) & 0xFF) : .signalled(signal)
    }

    /// Waits for a process on a thread of its own, because `waitpid` knows no timeout.
    private final class Waiter: Sendable {
        let ended = DispatchSemaphore(value: 0)
        let status = Mutex<Int32>(0)
        private let process: pid_t

        init(process: pid_t) {
            self.process = process
        }

        func run() {
            var code: Int32 = 0
            while unsafe waitpid(process, &code, 0) < 0 && errno == EINTR {}
            status.withLock { $0 = code }
            ended.signal()
        }
    }
}
