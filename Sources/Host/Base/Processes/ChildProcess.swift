// A process that the host starts: clean, whatever the host was started with.

import CGlibc
import Glibc

/// Starts processes of the host's own program.
public enum ChildProcess {
    /// Where a child finds what it is handed, from this number on.
    public static let firstDescriptor: Int32 = 3

    /// The first number that is beyond the places of so many.
    public static func firstDescriptor(beyond handed: Int) -> Int32 { firstDescriptor + Int32(handed) }

    /// With signals as after `exec` by a shell, a process group of its own, and no descriptor but those named here. The
    /// child ends with the calling thread once it has asked for that (`end_with_parent`).
    ///
    /// - Parameters:
    ///   - environment: strings of C, `KEY=value`.
    ///   - words: what becomes its standard output and standard error.
    ///   - descriptors: handed over, from ``firstDescriptor`` on in this order. Each lies beyond all of these places.
    /// - Returns: its number, or what the system said.
    public static func start(
        _ executable: String, arguments: [String], environment: [[CChar]], words: Int32, descriptors: [Int32]
    ) -> Result<pid_t, FileStatus.Failure> {
        precondition(
            descriptors.allSatisfy { $0 >= firstDescriptor(beyond: descriptors.count) },
            "a descriptor lies where another one is to be")
        var failure: Int32 = 0
        let process = OwnChildren.start {
            var arguments = unsafe arguments.map { unsafe strdup($0) } + [nil]
            defer { while let word = unsafe arguments.popLast() { unsafe free(word) } }
            var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
            defer { while let word = unsafe variables.popLast() { unsafe free(word) } }
            var attributes = posix_spawnattr_t()
            unsafe posix_spawnattr_init(&attributes)
            defer { unsafe posix_spawnattr_destroy(&attributes) }
            var (none, all) = (sigset_t(), sigset_t())
            unsafe sigemptyset(&none)
            unsafe sigfillset(&all)
            unsafe posix_spawnattr_setsigmask(&attributes, &none)
            unsafe posix_spawnattr_setsigdefault(&attributes, &all)
            // Its own process group, so that ending it ends what it started.
            unsafe posix_spawnattr_setflags(
                &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
            var actions = unsafe posix_spawn_file_actions_t()
            unsafe posix_spawn_file_actions_init(&actions)
            defer { unsafe posix_spawn_file_actions_destroy(&actions) }
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, words, STDOUT_FILENO)
            unsafe posix_spawn_file_actions_adddup2(&actions, words, STDERR_FILENO)
            var next = firstDescriptor
            for descriptor in descriptors {
                unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, next)
                next += 1
            }
            // Descriptors that the host was started with close by themselves no more than it does.
            unsafe add_close_from(&actions, next)
            var process = pid_t()
            failure = unsafe posix_spawn(&process, executable, &actions, &attributes, &arguments, &variables)
            return failure == 0 ? process : nil
        }
        guard let process else { return .failure(FileStatus.Failure(failure)) }
        return .success(process)
    }
}
