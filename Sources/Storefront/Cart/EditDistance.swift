// Finds what somebody may have meant.

enum EditDistance {
    /// The candidates that may be meant by a word, at most five, the nearest first: those that begin with it, and those
    /// that come of it by changing no more than a third of its bytes.
    static func nearest<Candidate>(
        to word: String, among candidates: [Candidate], by key: (Candidate) -> String
    ) -> [Candidate] {
        let letters = Array(word.utf8)
        let farthest = max(1, letters.count / 3)
        return candidates.compactMap { candidate in
            let other = Array(key(candidate).utf8)
            let away = other.starts(with: letters) ? -1 : distance(letters, other)
            return away <= farthest ? (candidate, away, key(candidate)) : nil
        }
        .sorted { ($0.1, $0.2) < ($1.1, $1.2) }
        .prefix(5).map(\.0)
    }

    /// Levenshtein's distance: how many bytes to insert, remove or replace.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var previous = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                current.append(
                    min(previous[column] + (byte == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
