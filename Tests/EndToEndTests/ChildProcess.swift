// Starts a program with exactly the environment given and its output in files, where nothing can fill up and block.
//
// Not with Foundation's Process: among the hundreds of descriptors of these tests it reads beyond the end of a
// directory entry and crashes now and then.

import Foundation
import Synchronization

/// A process that is killed at the latest when this object goes away.
final class ChildProcess: Sendable {
    enum End: Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String

        init(_ path: String, _ number: Int32) {
            description = unsafe "\(path): \(String(cString: strerror(number)))"
        }
    }

    let id: pid_t
    /// Its number may belong to another process once it was waited for.
    private let end = Mutex<End?>(nil)

    /// Standard output and standard error are appended to the two files, standard input is empty.
    convenience init(
        _ executable: String, _ arguments: [String], environment: [String: String], directory: String,
        output: String, errors: String
    ) throws {
        let outputs = try [output, errors].map(Self.append)
        defer { for descriptor in outputs { close(descriptor) } }
        try self.init(
            executable, arguments, environment: environment, directory: directory, output: outputs[0],
            errors: outputs[1])
    }

    /// Descriptors of these tests are all closed in it.
    ///
    /// - Parameters:
    ///   - output: becomes standard output; stays open here.
    ///   - errors: the same for standard error.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String], directory: String,
        output: Int32, errors: Int32
    ) throws {
        // Replaces itself by the program, in that folder.
        let path = "/usr/bin/env"
        let command = [path, "-C", directory, URL(fileURLWithPath: executable).path] + arguments
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // Signals as a shell would hand them on, whatever these tests do with theirs.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var words = unsafe command.map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer {
            var texts = unsafe words + variables
            while let text = unsafe texts.popLast() { unsafe free(text) }
        }
        var id: pid_t = 0
        let status = unsafe posix_spawn(&id, path, &actions, &attributes, &words, &variables)
        guard status == 0 else { throw Fault(path, status) }
        self.id = id
    }

    deinit {
        signal(SIGKILL)
        _ = look(options: 0)
    }

    private static func append(to path: String) throws -> Int32 {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Fault(path, errno) }
        return descriptor
    }

    func signal(_ number: Int32) {
        end.withLock { end in
            if end == nil { kill(id, number) }
        }
    }

    /// How it ended, once it has.
    func poll() -> End? {
        look(options: WNOHANG)
    }

    private func look(options: Int32) -> End? {
        end.withLock { end in
            var status: Int32 = 0
            guard end == nil, unsafe waitpid(id, &status, options) == id else { return end }
            let signal = status & 0x7F
            end = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
            return end
        }
    }

    /// Waits until it ends; `nil` when it does not in time.
    func wait(within time: Duration = .seconds(40)) -> End? {
        _ = eventually(within: time) { poll() != nil }
        return poll()
    }
}

/// What a program that ran to its end left behind.
struct Finished {
    let end: ChildProcess.End?
    let output: String
    let errors: String
    var succeeded: Bool { end == .exited(0) }
}

/// Runs a program to its end; it is killed when it takes longer than the time.
func run(
    _ executable: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
    within time: Duration = .seconds(120)
) throws -> Finished {
    let scratch = try Scratch()
    let process = try ChildProcess(
        executable, arguments, environment: Scratch.plainEnvironment.merging(environment) { $1 },
        directory: directory ?? scratch.path, output: scratch.path + "/output", errors: scratch.path + "/errors")
    let end = process.wait(within: time)
    return Finished(end: end, output: scratch.text("output"), errors: scratch.text("errors"))
}
