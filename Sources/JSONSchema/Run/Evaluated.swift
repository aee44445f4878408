// What the keywords of a schema have looked at, for `unevaluatedProperties` and `unevaluatedItems`.

/// Positions of the members or items of one value (core section 11). Plain data, because nearly every check gets one
/// and hardly any uses it: positions from 64 on are kept by the run.
struct Evaluated: BitwiseCopyable {
    /// Whether anybody will ask.
    let tracks: Bool
    fileprivate var isAll = false
    fileprivate var low: UInt64 = 0
    /// Index into the run's overflow, or -1.
    fileprivate var overflow = -1

    init(tracks: Bool = false) { self.tracks = tracks }

    mutating func insertAll() { isAll = true }
}

extension SchemaRun {
    mutating func mark(_ position: Int, _ evaluated: inout Evaluated) {
        guard position >= 64 else {
            evaluated.low |= 1 << UInt64(position)
            return
        }
        let word = position / 64 - 1
        if evaluated.overflow < 0 {
            evaluated.overflow = overflow.count
            overflow.append([])
        }
        while overflow[evaluated.overflow].count <= word { overflow[evaluated.overflow].append(0) }
        overflow[evaluated.overflow][word] |= 1 << UInt64(position % 64)
    }

    func isMarked(_ position: Int, _ evaluated: Evaluated) -> Bool {
        if evaluated.isAll { return true }
        if position < 64 { return evaluated.low & 1 << UInt64(position) != 0 }
        guard evaluated.overflow >= 0 else { return false }
        let words = overflow[evaluated.overflow]
        let word = position / 64 - 1
        return word < words.count && words[word] & 1 << UInt64(position % 64) != 0
    }

    mutating func merge(_ other: Evaluated, into evaluated: inout Evaluated) {
        evaluated.isAll = evaluated.isAll || other.isAll
        evaluated.low |= other.low
        guard other.overflow >= 0 else { return }
        guard evaluated.overflow >= 0 else {
            // The other is done with: its words can be taken over.
            evaluated.overflow = other.overflow
            return
        }
        let words = overflow[other.overflow]
        while overflow[evaluated.overflow].count < words.count { overflow[evaluated.overflow].append(0) }
        for index in words.indices { overflow[evaluated.overflow][index] |= words[index] }
    }
}
