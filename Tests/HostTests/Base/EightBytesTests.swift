// Eight bytes at a time come to the same as one at a time.

import Testing

@testable import HostBase

@Suite struct EightBytesTests {
    private static let marks: [UInt8] = [0x00, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x9F, 0xFF]

    /// Texts of every length around the words, each with one byte of its own somewhere, and one without.
    private static let texts: [[UInt8]] = (0...26).flatMap { length in
        let plain = (0..<length).map { UInt8(ascii: "a") + UInt8($0) }
        let marked = (0..<length).flatMap { place in
            marks.map { byte in
                var text = plain
                text[place] = byte
                return text
            }
        }
        return [plain] + marked
    }

    @Test func copiesAndFindsControls() {
        for text in Self.texts {
            var copy = [UInt8](repeating: 0xAA, count: text.count + 2)
            var bytes = copy.mutableSpan
            var output = unsafe bytes.mutableBytes
            let isPlain = EightBytes.copy(text.span, to: &output, at: 1)
            #expect(copy == [0xAA] + text + [0xAA])
            #expect(isPlain == text.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "\(text)")
        }
    }

    @Test func makesLettersSmall() {
        for byte in UInt8.min...UInt8.max {
            let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            for place in 0..<8 {
                var text = [UInt8](repeating: UInt8(ascii: "Z"), count: 8)
                text[place] = byte
                var expected = [UInt8](repeating: UInt8(ascii: "z"), count: 8)
                expected[place] = isCapital ? byte + 0x20 : byte
                let word = EightBytes.lowercased(EightBytes.load(text.span, at: 0))
                #expect(word == EightBytes.load(expected.span, at: 0))
            }
        }
    }
}
