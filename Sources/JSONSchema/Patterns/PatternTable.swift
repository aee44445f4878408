// The deterministic automaton of a pattern, built once, so that matching is one table look-up a character.

struct PatternTable: Sendable {
    static let matched = 0
    static let start = 1

    private let next: [UInt16]
    private let isFinal: [Bool]
    private let width: Int

    /// The most steps that making the table may take.
    private static let maximumWork = 2_000_000

    private struct Key: Hashable {
        let states: [Int]
        let before: PatternAutomaton.Side
    }

    /// Nil when the table would be too large.
    init?(_ automaton: PatternAutomaton) {
        width = automaton.alphabet.count
        let sides = (0..<width).map(automaton.side(of:))
        var scratch = PatternAutomaton.Scratch()
        var keys = [Key(states: [], before: .edge), Key(states: [automaton.start], before: .edge)]
        var numbers = [keys[1]: 1]
        var next = [UInt16](repeating: 0, count: width)
        var isFinal = [true]
        var work = 0
        var current = 1
        while current < keys.count {
            let key = keys[current]
            isFinal.append(automaton.closure(key.states, before: key.before, after: .edge, &scratch).matched)
            let closures = [PatternAutomaton.Side.word, .other].map { side in
                automaton.closure(key.states, before: key.before, after: side, &scratch)
            }
            for character in 0..<width {
                let closure = closures[sides[character] == .word ? 0 : 1]
                if closure.matched {
                    next.append(UInt16(Self.matched))
                    continue
                }
                work += closure.reading.count + 1
                let target = Key(
                    states: Array(Set(automaton.step(closure.reading, character))).sorted(), before: sides[character])
                if let number = numbers[target] {
                    next.append(UInt16(number))
                } else {
                    guard keys.count < SchemaBounds.patternRows,
                        (keys.count + 1) * width <= SchemaBounds.patternCells
                    else { return nil }
                    numbers[target] = keys.count
                    next.append(UInt16(keys.count))
                    keys.append(target)
                }
            }
            if scratch.work + work > Self.maximumWork { return nil }
            current += 1
        }
        self.next = next
        self.isFinal = isFinal
    }

    @inline(__always)
    func next(_ state: Int, _ character: Int) -> Int { Int(next[state * width + character]) }

    func matchesAtEnd(_ state: Int) -> Bool { isFinal[state] }
}
