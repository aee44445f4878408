// The log and what commands print, where nobody reads fast enough, nothing can be written, or nothing is open.

import Dispatch
import Foundation
import JSON
import Synchronization
import Testing

/// The reading end of a pipe, read in small pieces by a thread of its own.
private final class SlowReader: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let done = DispatchSemaphore(value: 0)
    let writes: Int32

    /// F_SETPIPE_SZ of fcntl(2).
    private static let setPipeSize: Int32 = 1031

    /// - Parameter capacity: of the pipe, which does not block whoever writes.
    init(capacity: Int32) throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        for end in ends { try #require(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
        writes = ends[1]
        try #require(fcntl(writes, F_SETFL, O_NONBLOCK) == 0)
        try #require(fcntl(writes, Self.setPipeSize, capacity) >= 0)
        let reads = ends[0]
        DispatchQueue.global().async {
            var piece = [UInt8](repeating: 0, count: 512)
            while true {
                let count = unsafe read(reads, &piece, piece.count)
                guard count > 0 else { break }
                self.bytes.withLock { $0 += piece[..<count] }
            }
            close(reads)
            self.done.signal()
        }
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// All of it, once everybody else has closed the other end.
    func finish() -> String {
        close(writes)
        done.wait()
        return text
    }
}

@Suite("What is written")
struct LogOutputTests {
    private func host(
        _ scratch: Scratch, _ arguments: [String] = ["serve"], _ environment: [String: String] = [:], output: Int32,
        errors: Int32
    ) throws -> ChildProcess {
        let options = HostOptions(packs: ["good"], environment: environment)
        try options.stage(in: scratch)
        return try ChildProcess(
            Setup.executable, arguments, environment: options.environment(in: scratch), directory: scratch.path,
            output: output, errors: errors)
    }

    private static func port(in log: String) -> Int? {
        log.split(separator: "\n").lazy.compactMap { try? JSONValue(parsing: String($0)) }
            .first { $0["message"] == "listening" }?["port"]?.int64.map { Int($0) }
    }

    @Test("12,000 lines through a pipe that does not wait: whatever is missing is told, and nothing is torn")
    func nonBlockingLog() throws {
        let scratch = try Scratch()
        let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let reader = try SlowReader(capacity: 4096)
        let process = try host(scratch, output: null, errors: reader.writes)
        var port: Int?
        #expect(
            eventually(within: .seconds(120)) {
                port = Self.port(in: reader.text)
                return port != nil
            })
        let (connections, requests) = (8, 1500)
        let listening = try #require(port)
        DispatchQueue.concurrentPerform(iterations: connections) { number in
            do {
                let connection = try RawConnection(port: listening)
                let path = "/" + String(repeating: "\(number)", count: 200)
                for _ in 0..<requests / 10 {
                    try connection.send(
                        String(repeating: "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 10))
                    for _ in 0..<10 { #expect(try connection.response().status == 404) }
                }
            } catch {
                Issue.record("\(error)")
            }
        }
        process.signal(SIGTERM)
        #expect(process.wait() == .exited(0))
        let lines = reader.finish().split(separator: "\n", omittingEmptySubsequences: false)
        let read = lines.dropLast().map { try? JSONValue(parsing: String($0)) }
        #expect(read.allSatisfy { $0?.object != nil }, "a line is torn")
        let told = read.reduce(0) { sum, line in
            sum + (line?["message"] == "log lines dropped" ? line?["lines"]?.int64 ?? 0 : 0)
        }
        let seen = read.count { $0?["message"] == "request" }
        // Lines other than of requests are few, and may be among those that were dropped.
        #expect(seen <= connections * requests)
        #expect(seen + Int(told) >= connections * requests, "\(seen) are there, \(told) were told of")
        #expect(seen + Int(told) <= connections * requests + 10)
    }

    @Test("A full disk under the log harms nobody, and the log goes on when there is room", .enabled(if: getuid() == 0))
    func fullDisk() throws {
        let scratch = try Scratch()
        try scratch.makeFolder("disk")
        let disk = scratch.path + "/disk"
        guard unsafe mount("tmpfs", disk, "tmpfs", 0, "size=64k") == 0 else { return }
        defer { unsafe umount2(disk, 2) }  // MNT_DETACH
        let options = HostOptions(packs: ["good"])
        let log = unsafe open(disk + "/log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try options.stage(in: scratch)
        let process = try ChildProcess(
            Setup.executable, ["serve"], environment: options.environment(in: scratch), directory: scratch.path,
            output: log, errors: log)
        defer { process.signal(SIGKILL) }
        var port: Int?
        #expect(
            eventually(within: .seconds(120)) {
                port = Self.port(in: scratch.text("disk/log"))
                return port != nil
            })
        let connection = try RawConnection(port: try #require(port))
        func ask(_ count: Int) throws {
            for _ in 0..<count {
                try connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try connection.response().status == 200)
            }
        }
        try ask(1000)
        let full = scratch.text("disk/log")
        #expect(full.utf8.count > 60_000)
        unsafe truncate(disk + "/log", 0)
        try ask(1)
        #expect(
            eventually {
                let lines = scratch.text("disk/log").split(separator: "\n")
                return lines.contains { $0.contains("log lines dropped") && $0.contains("No space left on device") }
            })
        process.signal(SIGTERM)
        #expect(process.wait() == .exited(0))
        close(log)
    }

    @Test("Descriptors that are closed at the start are no sockets later", arguments: [["serve"], ["tools"]])
    func closed(_ command: [String]) throws {
        let scratch = try Scratch()
        let options = HostOptions(packs: ["good"], environment: ["MCP_AUTH_MODE": "none"])
        try options.stage(in: scratch)
        let shell = "exec \"$0\" \(command[0]) <&- >&- 2>&-"
        let process = try ChildProcess(
            "/bin/sh", ["-c", shell, Setup.executable], environment: options.environment(in: scratch),
            directory: scratch.path, output: scratch.path + "/output", errors: scratch.path + "/log")
        guard command == ["serve"] else {
            // What was asked for could be told nowhere.
            #expect(process.wait() == .exited(74))
            return
        }
        defer { process.signal(SIGKILL) }
        func target(_ number: Int) -> String? {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process.id)/fd/\(number)")
        }
        // It listens: one of its sockets is among those that do.
        var seen = "nothing"
        let isListening = eventually(within: .seconds(120)) {
            do {
                let table = SystemFile.text("/proc/\(process.id)/net/tcp")
                let rows = table.split(separator: "\n").map { $0.split(separator: " ") }
                let listening = Set(rows.filter { $0.count > 9 && $0[3] == "0A" }.map { "socket:[\($0[9])]" })
                let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.id)/fd")
                    .compactMap { Int($0) }.sorted().map { "\($0) \(target($0) ?? "gone")" }
                seen = "\(open.joined(separator: ", ")); \(rows.count) sockets, of which listen \(listening)"
                return open.contains { $0.split(separator: " ").last.map { listening.contains(String($0)) } == true }
            } catch {
                seen = "\(error)"
                return false
            }
        }
        #expect(isListening, "\(seen)")
        for number in 0...2 { #expect(target(number) == "/dev/null") }
        process.signal(SIGTERM)
        #expect(process.wait() == .exited(0))
    }

    @Test(
        "What a command could not print is told, with an exit code of its own",
        arguments: [["tools", "--json"], ["config"], ["--help"], ["openapi"], ["serve", "--help"]], ["full", "gone"])
    func unwritten(_ command: [String], _ fault: String) throws {
        let scratch = try Scratch()
        var gone: [Int32] = [0, 0]
        try #require(unsafe pipe(&gone) == 0)
        close(gone[0])
        let output = fault == "full" ? unsafe open("/dev/full", O_WRONLY | O_CLOEXEC) : gone[1]
        let errors = unsafe open(scratch.path + "/errors", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let process = try host(scratch, command, output: output, errors: errors)
        #expect(process.wait() == .exited(74))
        let words = fault == "full" ? "No space left on device" : "Broken pipe"
        #expect(scratch.text("errors").contains("toolhost: standard output cannot be written: \(words)"))
        for descriptor in [output, errors] { close(descriptor) }
    }

    @Test("A reader that takes its time gets everything from a pipe that does not wait")
    func slowOutput() throws {
        let scratch = try Scratch()
        let reader = try SlowReader(capacity: 4096)
        let errors = unsafe open(scratch.path + "/errors", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let process = try host(scratch, ["openapi"], output: reader.writes, errors: errors)
        #expect(process.wait() == .exited(0))
        let document = try JSONValue(parsing: reader.finish())
        #expect(document["paths"]?.object?.count == 5)
        close(errors)
    }

    @Test("A greeting that nobody can read does not keep the host from serving")
    func greeting() throws {
        let scratch = try Scratch()
        let log = unsafe open(scratch.path + "/log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let full = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        let process = try host(scratch, ["serve", "--welcome"], output: full, errors: log)
        #expect(
            eventually(within: .seconds(60)) {
                scratch.text("log").contains("the greeting could not be written to standard output")
            })
        process.signal(SIGTERM)
        #expect(process.wait() == .exited(0))
        for descriptor in [full, log] { close(descriptor) }
    }
}
