// The end of what a process wrote: as much as is kept, in its order.

import Testing

@testable import HostBase

@Suite struct LastWordsTests {
    /// Pieces of these sizes, one after the other; bytes count up, so that every place is known.
    @Test(arguments: [
        [], [0], [1], [100, 0, 1], [LastWords.limit], [LastWords.limit - 1, 1], [LastWords.limit - 1, 2],
        [LastWords.limit, 1], [LastWords.limit + 1], [LastWords.limit * 3 + 7], [1000, LastWords.limit],
        [LastWords.limit, LastWords.limit - 1, 2, 5], Array(repeating: 999, count: 500),
    ])
    func theEndIsKept(sizes: [Int]) {
        var words = LastWords()
        var written: [UInt8] = []
        for size in sizes {
            let piece = (0..<size).map { UInt8(truncatingIfNeeded: (written.count + $0) / 7) }
            words.append(piece)
            written += piece
        }
        #expect(words.bytes == Array(written.suffix(LastWords.limit)))
        #expect(words.isEmpty == written.isEmpty)
    }
}
