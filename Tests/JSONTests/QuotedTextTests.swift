// A quoted text reads as the text again, wherever in it something needs an escape.

import JSON
import Testing

@Suite struct QuotedTextTests {
    /// Written into exactly the room that was asked for, of which the bytes behind must not be part of the result.
    private func quoted(_ text: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: QuotedText.room(for: text.count))
        let start = 3
        bytes += [UInt8](repeating: 0, count: start)
        var output = bytes.mutableSpan
        var memory = unsafe output.mutableBytes
        let end = QuotedText.write(json: text.span, to: &memory, at: start)
        return Array(bytes[start..<end])
    }

    /// The writer goes another way: it copies what it can, and escapes byte by byte.
    private func expected(_ text: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(utf8: text.span)
        return writer.finish()
    }

    /// Eight bytes are looked at at a time, so every place within them counts, and what stands beside it.
    @Test(arguments: ["\"", "\\", "\n", "\t", "\r", "#", "]", "!", "é", "\u{1F95B}"])
    func anyCharacterAtEveryPlace(character: String) {
        for length in 0...36 {
            for place in 0...length {
                for filler in ["a", "\"", "\u{7F}", "#"] {
                    let before = String(repeating: filler, count: place)
                    let text = Array((before + character + String(repeating: "~", count: length - place)).utf8)
                    #expect(quoted(text) == expected(text))
                }
            }
        }
    }

    @Test func aTextOfNothingButEscapesFits() throws {
        for count in 0...40 {
            let text = [UInt8](repeating: UInt8(ascii: "\\"), count: count)
            #expect(quoted(text) == expected(text))
        }
    }

    /// No JSON has them, and nothing breaks when it does.
    @Test(arguments: [UInt8(0), 1, 8, 12, 0x1F])
    func otherControlCharactersBecomeSpaces(byte: UInt8) throws {
        for count in 1...20 {
            let text = [UInt8](repeating: byte, count: count)
            let read = try #require(try JSONValue(parsing: quoted(text)).string)
            #expect(read.utf8.count == 2 * count)
            #expect(read.utf8.allSatisfy { $0 == 0x20 })
        }
    }

    @Test func plainBytesStayAsTheyAre() {
        for count in 0...20 {
            let text = (0..<count).map { UInt8($0) &* 31 }
            var bytes = [UInt8](repeating: 0, count: count)
            var output = bytes.mutableSpan
            var memory = unsafe output.mutableBytes
            let end = QuotedText.write(text.span, to: &memory, at: 0)
            #expect(end == count)
            #expect(bytes == text)
        }
    }
}
