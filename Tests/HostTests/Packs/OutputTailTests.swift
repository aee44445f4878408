// The last words of a process: few, printable, and the last.

import Testing

@testable import HostPacks

@Suite struct OutputTailTests {
    private func text(_ pieces: [UInt8]...) -> String {
        var tail = OutputTail()
        for piece in pieces { tail.append(piece) }
        return tail.text
    }

    @Test func nothingIsNothing() {
        #expect(text() == "")
        #expect(text(Array("\n \n\r\n".utf8)) == "")
        #expect(text(Array("one\r\ntwo\r\n".utf8)) == "one | two")
    }

    @Test func theLastLinesAreShown() {
        #expect(text(Array("one\ntwo\n\nthree".utf8)) == "one | two | three")
        let lines = (1...20).map { "line \($0)" }
        #expect(text(Array(lines.joined(separator: "\n").utf8)) == lines.suffix(6).joined(separator: " | "))
    }

    @Test func onlyTheEndIsKept() {
        let lines = (1...1000).map { "number \($0)\n" }
        var tail = OutputTail()
        for line in lines { tail.append(line.utf8) }
        #expect(tail.text.hasSuffix("number 999 | number 1000"))
        #expect(text([UInt8](repeating: 0x61, count: 1 << 20)).utf8.count == OutputTail.limit)
    }

    @Test func aLineWhoseBeginningIsMissingIsLeftOut() {
        let long = [UInt8](repeating: 0x61, count: OutputTail.limit)
        #expect(text(long, Array("\nlast".utf8)) == "last")
    }

    @Test func nothingMovesACursorOrForgesALine() {
        #expect(text([0x1B, 0x5B, 0x32, 0x4A], Array("caf".utf8), [0xE9]) == "\\x1b[2Jcaf\\xe9")
        #expect(text(Array("a\u{202E}b\u{2028}c".utf8)) == "a\\xe2\\x80\\xaeb\\xe2\\x80\\xa8c")
        #expect(text(Array("é\tü 漢".utf8)) == "é ü 漢")
        // Cut in the middle of a character.
        #expect(text([0xE2, 0x82]) == "\\xe2\\x82")
    }
}
