// Lines from many threads: whole, none lost, in the order of each thread; and a reader that stops holds nobody up.

import Dispatch
import Glibc
import JSON
import Synchronization
import Testing

@testable import HostBase

@Suite struct LineOutputTests {
    /// F_SETPIPE_SZ of fcntl(2).
    private static let setPipeSize: Int32 = 1031

    /// Reads what is written until there was one line that ends so.
    private static func read(_ descriptor: Int32, until last: String) -> [Substring] {
        String(decoding: bytes(descriptor, until: last), as: UTF8.self).split(separator: "\n")
    }

    private static func bytes(_ descriptor: Int32, until last: String) -> [UInt8] {
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while !text.suffix(last.utf8.count + 1).elementsEqual((last + "\n").utf8) {
            // What never comes is not waited for.
            var more = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&more, 1, 30_000) == 1 else { break }
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            text += piece[..<count]
        }
        return text
    }

    /// Takes the readers of a pipe away while the output waits for them, and puts another pipe in the place of
    /// `writes`.
    private static func replaceReaders(_ reads: [Int32], _ writes: Int32, of output: LineOutput) throws -> Int32 {
        for reader in reads { dup2(unsafe open("/dev/null", O_RDONLY), reader) }
        // The write that waited has ended.
        output.flush()
        return try replace(writes)
    }

    private static func line(_ text: String) -> ArraySlice<UInt8> { Array((text + "\n").utf8)[...] }

    /// - Parameter isBlocking: whether a write waits for room; otherwise the pipe is the smallest one, too.
    private func withPipe(isBlocking: Bool = true, _ body: (_ reads: Int32, _ writes: Int32) throws -> Void) throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        signal(SIGPIPE, SIG_IGN)
        if !isBlocking {
            try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
            try #require(fcntl(ends[1], Self.setPipeSize, 4096) == 4096)
        }
        try body(ends[0], ends[1])
        // The writing end stays open: the thread of the output has no end.
        close(ends[0])
    }

    @Test func manyThreadsWriteWholeLinesInTheirOrder() throws {
        try withPipe { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.write(Self.line("before"))
            output.detach()
            DispatchQueue.global().async {
                DispatchQueue.concurrentPerform(iterations: 8) { thread in
                    for number in 0..<500 { output.write(Self.line("\(thread) \(number)")) }
                }
                output.flush()
                output.write(Self.line("after"))
            }
            let lines = Self.read(reads, until: "after")
            #expect(lines.first == "before")
            #expect(lines.last == "after")
            #expect(lines.count == 4002)
            for thread in 0..<8 {
                let mine = lines.filter { $0.hasPrefix("\(thread) ") }
                #expect(mine.map(String.init) == (0..<500).map { "\(thread) \($0)" })
            }
        }
    }

    /// How many lines are told of as missing.
    private static func told(_ lines: [Substring]) -> Int {
        lines.compactMap { line in
            let note = try? JSONValue(parsing: String(line))
            return note?["message"] == "log lines dropped" ? (note?["lines"]?.int64).map { Int($0) } : nil
        }.reduce(0, +)
    }

    @Test("A reader that stops costs lines, and they are counted", arguments: [true, false])
    func dropped(isBlocking: Bool) throws {
        try withPipe(isBlocking: isBlocking) { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.detach()
            let long = String(repeating: "x", count: 100_000)
            // More than the pipe, the batch that is being written and all that may wait.
            let count = 40
            for _ in 0..<count { output.write(Self.line(long)) }
            DispatchQueue.global().async {
                // Longer than a flush waits, where somebody reads slowly.
                for _ in 0..<20 { output.flush() }
                output.write(Self.line("after"))
            }
            let lines = Self.read(reads, until: "after")
            let whole = lines.count { $0 == long }
            #expect(whole >= 10)
            #expect(Self.told(lines) > 0)
            #expect(whole + Self.told(lines) == count)
        }
    }

    @Test("A descriptor that does not wait loses nothing, and tears nothing", arguments: ["pipe", "socket"])
    func nonBlocking(_ kind: String) throws {
        var ends: [Int32] = [0, 0]
        if kind == "pipe" {
            try #require(unsafe pipe(&ends) == 0)
            try #require(fcntl(ends[1], Self.setPipeSize, 4096) == 4096)
        } else {
            try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        }
        try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
        let output = LineOutput(descriptor: ends[1])
        output.detach()
        // Half as much as may wait, so that none is dropped; and a multiple of what there is room for.
        let text = String(repeating: "x", count: 600)
        for number in 0..<800 { output.write(Self.line("\(number) \(text)")) }
        output.write(Self.line("after"))
        let lines = Self.read(ends[0], until: "after")
        #expect(lines.map(String.init) == (0..<800).map { "\($0) \(text)" } + ["after"])
        close(ends[0])
    }

    /// A descriptor of the number of `writes` that leads into a new pipe.
    private static func replace(_ writes: Int32) throws -> Int32 {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        try #require(dup2(ends[1], writes) == writes)
        close(ends[1])
        return ends[0]
    }

    @Test("What cannot be written is told once it can be", arguments: ["full", "gone", "closed"], [true, false])
    func failing(_ fault: String, isDetached: Bool) throws {
        try withPipe { reads, writes in
            let broken = fault == "full" ? unsafe open("/dev/full", O_WRONLY) : unsafe open("/dev/null", O_WRONLY)
            var gone: [Int32] = [0, 0]
            try #require(unsafe pipe(&gone) == 0)
            close(gone[0])
            if fault == "gone" { dup2(gone[1], broken) }
            if fault == "closed" { dup2(unsafe open("/dev/null", O_RDONLY), broken) }
            let output = LineOutput(descriptor: broken)
            if isDetached { output.detach() }
            for number in 0..<10 { output.write(Self.line("\(number)")) }
            output.flush()
            let now = try Self.replace(broken)
            if !isDetached { output.write(Self.line("after")) }
            // Nothing more has to be logged for it where a thread writes.
            var text: [UInt8] = []
            var byte: UInt8 = 0
            while text.last != UInt8(ascii: "\n"), unsafe Glibc.read(now, &byte, 1) == 1 { text.append(byte) }
            let note = try JSONValue(parsing: text.dropLast())
            #expect(note["message"] == "log lines dropped")
            #expect(note["lines"] == 10)
            let words = ["full": "No space left on device", "gone": "Broken pipe", "closed": "Bad file descriptor"]
            #expect(note["reason"]?.string == words[fault])
            output.write(Self.line("last"))
            #expect(Self.read(now, until: "last") == (isDetached ? ["last"] : ["after", "last"]))
            close(gone[1])
            _ = reads
        }
    }

    @Test func afterALineThatWasCutTheNextBeginsOnItsOwn() throws {
        try withPipe(isBlocking: false) { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.detach()
            output.write(Self.line(String(repeating: "x", count: 10_000)))
            // As much as there is room for.
            var room = pollfd(fd: reads, events: Int16(POLLIN), revents: 0)
            #expect(unsafe poll(&room, 1, 60_000) == 1)
            let now = try Self.replaceReaders([reads], writes, of: output)
            output.write(Self.line("last"))
            let text = String(decoding: Self.bytes(now, until: "last"), as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            // The end of the torn line, its note, and the line.
            #expect(lines.first == "" && lines.count == 4)
            #expect(Self.told(Array(lines)) == 1)
            close(now)
        }
    }

    @Test("Before it is detached, a reader that stops is waited for once", arguments: [true, false])
    func direct(isBlocking: Bool) throws {
        try withPipe { reads, writes in
            if !isBlocking { try #require(fcntl(writes, F_SETFL, O_NONBLOCK) == 0) }
            let output = LineOutput(descriptor: writes)
            let text = String(repeating: "x", count: 100)
            // A second, and not one for each line.
            for _ in 0..<1000 { output.write(Self.line(text)) }
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            let count = unsafe Glibc.read(reads, &piece, piece.count)
            #expect(count > 0 && count % 101 == 0)
            output.write(Self.line("after"))
            let lines = Self.read(reads, until: "after")
            #expect(lines.count == 2)
            #expect(Self.told(lines) == 1000 - count / 101)
        }
    }

    @Test("What a slow reader has not read when the host ends is told in the last line", arguments: [true, false])
    func finished(isBlocking: Bool) throws {
        try withPipe(isBlocking: isBlocking) { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.detach()
            // More than can be read in the time.
            let text = String(repeating: "x", count: 1000)
            for _ in 0..<900 { output.write(Self.line(text)) }
            let end = DispatchGroup()
            DispatchQueue.global().async(group: end) { output.finish() }
            var all: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 512)
            var more = pollfd(fd: reads, events: Int16(POLLIN), revents: 0)
            while true {
                let hasMore = unsafe poll(&more, 1, 10) == 1
                if !hasMore && end.wait(timeout: .now()) == .success { break }
                guard hasMore else { continue }
                let count = unsafe Glibc.read(reads, &piece, piece.count)
                guard count > 0 else { break }
                all += piece[..<count]
                usleep(3000)  // what makes it slow
            }
            let lines = String(decoding: all, as: UTF8.self).split(separator: "\n")
            let whole = lines.count { $0 == text }
            #expect(whole < 900)
            #expect(Self.told(lines) == 900 - whole)
            #expect(lines.last?.contains("the host ended before they were read") == true)
        }
    }

    @Test func whatIsWrittenAfterTheEndIsLast() throws {
        try withPipe { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.detach()
            // So that something waits all the time.
            let others = Atomic<Bool>(true)
            let end = DispatchGroup()
            DispatchQueue.global().async(group: end) {
                while others.load(ordering: .relaxed) {
                    for _ in 0..<10 { output.write(Self.line("other")) }
                    usleep(100)
                }
            }
            DispatchQueue.global().async {
                for number in 0..<100 { output.write(Self.line("\(number)")) }
                output.end()
                LineOutput(descriptor: writes).write(Self.line("last"))
            }
            let lines = Self.read(reads, until: "last")
            let numbers: [String] = (0..<100).map { "\($0)" }
            let mine: [String] = lines.filter { $0 != "other" }.map { String($0) }
            #expect(mine == numbers + ["last"])
            usleep(50_000)
            var more = pollfd(fd: reads, events: Int16(POLLIN), revents: 0)
            #expect(unsafe poll(&more, 1, 0) == 0)
            others.store(false, ordering: .relaxed)
            end.wait()
        }
    }

    @Test("An end is not held up by a reader that stops", arguments: [true, false])
    func endWithoutReader(isBlocking: Bool) throws {
        try withPipe(isBlocking: isBlocking) { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.detach()
            let long = String(repeating: "x", count: 100_000)
            for _ in 0..<9 { output.write(Self.line(long)) }
            output.end()
            output.write(Self.line("never"))
            guard !isBlocking else { return }
            // Nothing of what is left comes in front of its caller's line, nor behind it.
            var text = [UInt8](repeating: 0, count: 1 << 16)
            let count = unsafe Glibc.read(reads, &text, text.count)
            #expect(text[..<count].allSatisfy { $0 == UInt8(ascii: "x") })
            usleep(50_000)
            var more = pollfd(fd: reads, events: Int16(POLLIN), revents: 0)
            #expect(unsafe poll(&more, 1, 0) == 0)
        }
    }

    @Test func anEndAfterALineThatWasCutBeginsOnItsOwn() throws {
        try withPipe(isBlocking: false) { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.detach()
            output.write(Self.line(String(repeating: "x", count: 10_000)))
            var room = pollfd(fd: reads, events: Int16(POLLIN), revents: 0)
            #expect(unsafe poll(&room, 1, 60_000) == 1)
            let now = try Self.replaceReaders([reads], writes, of: output)
            output.end()
            LineOutput(descriptor: writes).write(Self.line("last"))
            let text = String(decoding: Self.bytes(now, until: "last"), as: UTF8.self)
            #expect(text.hasPrefix("\n") && text.hasSuffix("\nlast\n"))
            close(now)
        }
    }
}
