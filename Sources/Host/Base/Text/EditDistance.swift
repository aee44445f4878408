// How far apart two words are.

/// Levenshtein distance, for "did you mean".
public enum EditDistance {
    /// The candidate that is most likely meant by a word. One that the word begins with, or that begins with the word,
    /// is as near as one that a single letter tells apart.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        candidates.map { candidate in
            let isPart = !candidate.isEmpty && word.hasPrefix(candidate) || !word.isEmpty && candidate.hasPrefix(word)
            return (candidate, isPart ? min(1, between(candidate, word)) : between(candidate, word))
        }.min { $0.1 < $1.1 }?.0
    }

    public static func between(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.utf8), Array(second.utf8))
        var row = Array(0...second.count)
        for (i, a) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in second.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[second.count]
    }
}
