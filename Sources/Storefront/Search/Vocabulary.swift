// The sorted list of words behind the search index: one run of bytes, so that looking a word up touches little memory.

struct Vocabulary: Sendable {
    private let bytes: [UInt8]
    /// Word `i` is `bytes[starts[i]..<starts[i + 1]]`.
    private let starts: [Int32]

    var count: Int { starts.count - 1 }

    /// - Parameter words: Sorted by their UTF-8 bytes, each one once.
    init(sorted words: [String]) {
        bytes = words.flatMap(\.utf8)
        starts = words.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.utf8.count)) }
    }

    func length(_ word: Int) -> Int { Int(starts[word + 1] - starts[word]) }

    /// The first word that does not come before another one.
    func firstWord(notBefore other: [UInt8]) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if precedes(middle, other) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func begins(_ word: Int, with prefix: [UInt8]) -> Bool {
        guard length(word) >= prefix.count else { return false }
        let start = Int(starts[word])
        return prefix.indices.allSatisfy { bytes[start + $0] == prefix[$0] }
    }

    private func precedes(_ word: Int, _ other: [UInt8]) -> Bool {
        let start = Int(starts[word])
        let length = length(word)
        for position in 0..<min(length, other.count) {
            let byte = bytes[start + position]
            if byte != other[position] { return byte < other[position] }
        }
        return length < other.count
    }
}
