// The sorted list of words behind the search index: one run of bytes, so that looking a word up touches little memory.

struct SearchVocabulary: Sendable {
    private let bytes: [UInt8]
    /// Word `i` is `bytes[starts[i]..<starts[i + 1]]`.
    private let starts: [Int32]
    /// The first eight bytes of each word as a number that sorts as they do; shorter words end in zeros, which no word
    /// has.
    private let heads: [UInt64]

    var count: Int { starts.count - 1 }

    /// - Parameter words: Sorted by their UTF-8 bytes, each one once.
    init(sorted words: [String]) {
        bytes = words.flatMap(\.utf8)
        starts = words.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.utf8.count)) }
        heads = words.map { Self.head($0.utf8.span) }
    }

    func length(_ word: Int) -> Int { Int(starts[word + 1] - starts[word]) }

    /// The first word that does not come before another one.
    func firstWord(notBefore other: Span<UInt8>) -> Int {
        let head = Self.head(other)
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let found = heads[middle]
            if found < head || (found == head && other.count > 8 && precedes(middle, other)) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    func begins(_ word: Int, with prefix: Span<UInt8>) -> Bool {
        guard prefix.count > 8 else {
            return prefix.isEmpty || (heads[word] ^ Self.head(prefix)) >> UInt64(64 - 8 * prefix.count) == 0
        }
        guard length(word) >= prefix.count else { return false }
        let start = Int(starts[word])
        return prefix.indices.allSatisfy { bytes[start + $0] == prefix[$0] }
    }

    /// For words whose first eight bytes are the same.
    private func precedes(_ word: Int, _ other: Span<UInt8>) -> Bool {
        let start = Int(starts[word])
        let length = length(word)
        for position in 8..<max(min(length, other.count), 8) {
            let byte = bytes[start + position]
            if byte != other[position] { return byte < other[position] }
        }
        return length < other.count
    }

    private static func head(_ word: Span<UInt8>) -> UInt64 {
        var head: UInt64 = 0
        for index in 0..<8 { head = head << 8 | (index < word.count ? UInt64(word[index]) : 0) }
        return head
    }
}
