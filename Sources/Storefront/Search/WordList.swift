// The words of a text side by side in one buffer: what a query is taken apart into, without an allocation for each
// word.

/// Words as `Words.split` finds them, in the order of the text.
struct WordList {
    /// The letters of all words.
    private(set) var bytes: [UInt8] = []
    /// Where in `bytes` each word is.
    private(set) var words: [Range<Int>] = []

    init() {}

    init(_ text: String) {
        read(text)
    }

    /// Forgets what was here, but for the memory that it took.
    mutating func read(_ text: String) {
        bytes.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
        bytes.reserveCapacity(text.utf8.count + 8)
        words.reserveCapacity(4)
        if split(ascii: text.utf8.span) { return }
        bytes.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
        Words.split(text) { append($0) }
    }

    func string(_ word: Range<Int>) -> String { String(decoding: bytes[word], as: UTF8.self) }

    /// The singular of a word, where it differs from the word.
    mutating func singular(of word: Range<Int>) -> Range<Int>? {
        guard let (kept, ending) = Words.stem(of: bytes.span.extracting(word)) else { return nil }
        let start = bytes.count
        for index in word.prefix(kept) { bytes.append(bytes[index]) }
        bytes += ending.utf8
        return start..<bytes.count
    }

    /// Leaves the words that tell something, each once and at most `limit` of them. Where none does, all count.
    mutating func keepTelling(atMost limit: Int) {
        guard words.count > 1 else { return }
        let tellsNothing = words.allSatisfy(isEmpty)
        var distinct: [Range<Int>] = []
        distinct.reserveCapacity(words.count)
        // Few enough that looking through them is faster than hashing.
        for word in words where distinct.count < limit && (tellsNothing || !isEmpty(word)) {
            if !distinct.contains(where: { isSame($0, word) }) { distinct.append(word) }
        }
        words = distinct
    }

    private func isEmpty(_ word: Range<Int>) -> Bool {
        guard word.count <= 4 else { return false }
        return Self.empty.contains(word.reduce(0) { $0 << 8 | UInt32(bytes[$1]) })
    }

    private func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { bytes[$0] == bytes[$1] }
    }

    /// The letters of words that stand beside any other one.
    private static let empty = ["a", "an", "and", "for", "in", "of", "or", "some", "the", "to", "with"].map { word in
        word.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    /// The common case, some ten times as fast.
    ///
    /// - Returns: `false` when the text is not all ASCII; what was found counts for nothing then.
    private mutating func split(ascii text: Span<UInt8>) -> Bool {
        var start = 0
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case 0x30...0x39, 0x61...0x7A: bytes.append(byte)
            case 0x41...0x5A: bytes.append(byte + 0x20)
            case 0x27: break
            case 0x80...: return false
            default:
                if start < bytes.count { words.append(start..<bytes.count) }
                start = bytes.count
            }
        }
        if start < bytes.count { words.append(start..<bytes.count) }
        return true
    }

    private mutating func append(_ word: String) {
        let start = bytes.count
        bytes += word.utf8
        words.append(start..<bytes.count)
    }
}
