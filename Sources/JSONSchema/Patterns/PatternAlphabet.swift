// Characters that no class of a pattern tells apart share a number, so that tables stay small.

struct PatternAlphabet: Sendable {
    /// The first scalar of each segment, ascending, and the number of its characters.
    private var starts: [UInt32] = [0]
    private var numbers: [UInt16] = [0]
    /// Numbers of the ASCII characters.
    private var ascii = [UInt16](repeating: 0, count: 128)
    /// For each number, the sets it is in.
    private var membership: [[Bool]] = [[]]

    var count: Int { membership.count }

    init() {}

    init(sets: [ScalarSet]) {
        var boundaries: Set<UInt32> = [0]
        for range in sets.flatMap(\.ranges) {
            boundaries.insert(range.lowerBound)
            if range.upperBound < ScalarSet.last { boundaries.insert(range.upperBound + 1) }
        }
        starts = boundaries.sorted()
        numbers = []
        membership = []
        var known: [[Bool]: UInt16] = [:]
        for start in starts {
            let signature = sets.map { $0.contains(start) }
            if let number = known[signature] {
                numbers.append(number)
            } else {
                let number = UInt16(clamping: membership.count)
                known[signature] = number
                membership.append(signature)
                numbers.append(number)
            }
        }
        for value in 0..<128 { ascii[value] = search(UInt32(value)) }
    }

    func contains(_ character: Int, set: Int) -> Bool { membership[character][set] }

    @inline(__always)
    func number(of scalar: UInt32) -> Int {
        scalar < 128 ? Int(ascii[Int(scalar)]) : Int(search(scalar))
    }

    private func search(_ scalar: UInt32) -> UInt16 {
        var low = 0
        var high = starts.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if starts[middle] <= scalar { low = middle } else { high = middle }
        }
        return numbers[low]
    }
}
