// Starts a program with exactly the environment given and its output in files, where nothing can fill up and block.

import Foundation

/// A process that is killed at the latest when this object goes away.
final class ChildProcess: @unchecked Sendable {  // Foundation guards the state of a started Process with a lock
    enum End: Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    private let process = Process()

    var id: Int32 { process.processIdentifier }

    /// Standard output and standard error are appended to the two files, standard input is empty.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String], directory: String,
        output: String, errors: String
    ) throws {
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.append(to: output)
        process.standardError = try Self.append(to: errors)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func append(to path: String) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        return handle
    }

    func signal(_ number: Int32) {
        if process.isRunning { kill(process.processIdentifier, number) }
    }

    /// How it ended, once it has.
    func poll() -> End? {
        if process.isRunning { return nil }
        return process.terminationReason == .exit
            ? .exited(process.terminationStatus) : .signalled(process.terminationStatus)
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
