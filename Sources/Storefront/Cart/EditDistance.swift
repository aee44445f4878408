// Finds what somebody may have meant.

enum EditDistance {
    /// The five candidates nearest to a word; those that begin with it come first.
    static func nearest<Candidate>(
        to word: String, among candidates: [Candidate], by key: (Candidate) -> String
    ) -> [Candidate] {
        let letters = Array(word.utf8)
        return candidates.map { candidate in
            let other = Array(key(candidate).utf8)
            return (candidate, other.starts(with: letters) ? -1 : distance(letters, other), key(candidate))
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
