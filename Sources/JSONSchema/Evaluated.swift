// What the keywords of a schema have looked at, for `unevaluatedProperties` and `unevaluatedItems`.

/// Positions of the members or items of one value (core section 11). Costs nothing unless somebody asks.
struct Evaluated {
    let tracks: Bool
    private var isAll = false
    private var low: UInt64 = 0
    /// Positions from 64 on.
    private var high: [UInt64] = []

    init(tracks: Bool = false) { self.tracks = tracks }

    mutating func insert(_ position: Int) {
        if position < 64 {
            low |= 1 << UInt64(position)
            return
        }
        let word = position / 64 - 1
        while high.count <= word { high.append(0) }
        high[word] |= 1 << UInt64(position % 64)
    }

    mutating func insertAll() { isAll = true }

    func contains(_ position: Int) -> Bool {
        if isAll { return true }
        if position < 64 { return low & 1 << UInt64(position) != 0 }
        let word = position / 64 - 1
        return word < high.count && high[word] & 1 << UInt64(position % 64) != 0
    }

    mutating func formUnion(_ other: Evaluated) {
        isAll = isAll || other.isAll
        low |= other.low
        while high.count < other.high.count { high.append(0) }
        for index in other.high.indices { high[index] |= other.high[index] }
    }
}
