// Lines from many threads: whole, none lost, in the order of each thread; and a reader that stops holds nobody up.

import Dispatch
import Glibc
import Synchronization
import Testing

@testable import ToolHost

@Suite struct LineOutputTests {
    /// Reads what is written until there was one line that ends so.
    private static func read(_ descriptor: Int32, until last: String) -> [Substring] {
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while !text.suffix(last.utf8.count + 1).elementsEqual((last + "\n").utf8) {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            text += piece[..<count]
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
    }

    private static func line(_ text: String) -> ArraySlice<UInt8> { Array((text + "\n").utf8)[...] }

    private func withPipe(_ body: (_ reads: Int32, _ writes: Int32) throws -> Void) throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
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

    @Test func aReaderThatStopsCostsLinesAndTheyAreCounted() throws {
        try withPipe { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.detach()
            let long = String(repeating: "x", count: 100_000)
            // More than the pipe, the batch that is being written and all that may wait.
            let count = 40
            for _ in 0..<count { output.write(Self.line(long)) }
            DispatchQueue.global().async {
                output.flush()
                output.write(Self.line("after"))
            }
            let lines = Self.read(reads, until: "after")
            let whole = lines.count { $0 == long }
            let told = lines.compactMap { line -> Int? in
                guard let end = line.firstRange(of: " log lines dropped") else { return nil }
                return Int(line[..<end.lowerBound].split(separator: "\"").last ?? "")
            }
            #expect(whole >= 10)
            #expect(!told.isEmpty)
            #expect(whole + told.reduce(0, +) == count)
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

    @Test func anEndIsNotHeldUpByAReaderThatStops() throws {
        try withPipe { reads, writes in
            let output = LineOutput(descriptor: writes)
            output.detach()
            for _ in 0..<9 { output.write(Self.line(String(repeating: "x", count: 100_000))) }
            output.write(Self.line("after"))
            output.end()
            #expect(Self.read(reads, until: "after").count == 10)
        }
    }
}
