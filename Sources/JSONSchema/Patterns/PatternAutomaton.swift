// The nondeterministic automaton of a pattern (Thompson's construction) over classes of characters.

struct PatternAutomaton: Sendable {
    enum State: Sendable {
        case split(Int, Int)
        case set(Int, next: Int)
        case assertion(PatternAssertion, next: Int)
        case match
    }

    /// What is on one side of a position.
    enum Side: UInt8, Sendable { case edge, word, other }

    private(set) var states: [State] = [.match]
    private(set) var start = 0
    /// What `SchemaBounds.patternSteps` counts.
    var steps: Int { states.count - 1 }
    private(set) var alphabet = PatternAlphabet()
    /// Whether `\b` or `\B` occurs, so that word characters count.
    private(set) var hasBoundaries = false
    private var sets: [ScalarSet] = []
    private var setNumbers: [ScalarSet: Int] = [:]

    init(_ tree: PatternTree) throws(PatternError) {
        start = try emit(tree, 0)
        alphabet = PatternAlphabet(sets: sets + [.word])
    }

    private mutating func add(_ state: State) throws(PatternError) -> Int {
        if steps >= SchemaBounds.patternSteps {
            throw PatternError(
                tooLarge: "it takes more than \(SchemaBounds.patternSteps) steps, each counted as often as it may be "
                    + "repeated")
        }
        states.append(state)
        return states.count - 1
    }

    /// Adds the states of `tree` in front of `next` and returns the first.
    private mutating func emit(_ tree: PatternTree, _ next: Int) throws(PatternError) -> Int {
        switch tree {
        case .empty: return next
        case .set(let set): return try add(.set(try number(of: set), next: next))
        case .assertion(let assertion):
            if assertion == .boundary || assertion == .notBoundary { hasBoundaries = true }
            return try add(.assertion(assertion, next: next))
        case .sequence(let trees):
            var entry = next
            for tree in trees.reversed() { entry = try emit(tree, entry) }
            return entry
        case .alternatives(let trees):
            var entry = try emit(trees[trees.count - 1], next)
            for tree in trees.dropLast().reversed() {
                let branch = try emit(tree, next)
                entry = try add(.split(branch, entry))
            }
            return entry
        case .repetition(let body, let minimum, let maximum):
            var entry = next
            if let maximum {
                for _ in minimum..<max(maximum, minimum) {
                    let copy = try emit(body, entry)
                    entry = try add(.split(copy, next))
                }
            } else {
                let again = try add(.split(next, next))
                let copy = try emit(body, again)
                states[again] = .split(copy, next)
                // The last one that has to be there is the one that may come again.
                if minimum > 0 {
                    entry = copy
                    for _ in 1..<minimum { entry = try emit(body, entry) }
                    return entry
                }
                entry = again
            }
            for _ in 0..<minimum { entry = try emit(body, entry) }
            return entry
        }
    }

    private mutating func number(of set: ScalarSet) throws(PatternError) -> Int {
        if let number = setNumbers[set] { return number }
        // The alphabet grows with their square.
        if sets.count >= SchemaBounds.patternClasses {
            throw PatternError(
                tooLarge: "it has more than \(SchemaBounds.patternClasses) different characters and classes of them")
        }
        sets.append(set)
        setNumbers[set] = sets.count - 1
        return sets.count - 1
    }

    func side(of character: Int) -> Side {
        hasBoundaries && alphabet.contains(character, set: sets.count) ? .word : .other
    }

    /// What can be reached from `seeds` without reading a character.
    ///
    /// - Returns: the states that read one, and whether the pattern has matched.
    func closure(_ seeds: [Int], before: Side, after: Side, _ scratch: inout Scratch) -> (reading: [Int], matched: Bool)
    {
        scratch.begin(states.count)
        var reading: [Int] = []
        var stack = seeds
        while let state = stack.popLast() {
            guard scratch.visit(state) else { continue }
            switch states[state] {
            case .match: return ([], true)
            case .set: reading.append(state)
            case .split(let a, let b):
                stack.append(b)
                stack.append(a)
            case .assertion(let assertion, let next):
                if holds(assertion, before, after) { stack.append(next) }
            }
        }
        return (reading, false)
    }

    private func holds(_ assertion: PatternAssertion, _ before: Side, _ after: Side) -> Bool {
        switch assertion {
        case .start: before == .edge
        case .end: after == .edge
        case .boundary: (before == .word) != (after == .word)
        case .notBoundary: (before == .word) == (after == .word)
        }
    }

    /// Where the reading states lead with a character; the start again too, because a match may begin anywhere.
    func step(_ reading: [Int], _ character: Int) -> [Int] {
        var next = [start]
        for state in reading {
            if case .set(let set, let target) = states[state], alphabet.contains(character, set: set), target != start {
                next.append(target)
            }
        }
        return next
    }

    /// Marks of visited states that are cleared by counting up.
    struct Scratch {
        private var marks: [UInt32] = []
        private var generation: UInt32 = 0
        private(set) var work = 0

        mutating func begin(_ count: Int) {
            if marks.count < count { marks = [UInt32](repeating: 0, count: count) }
            if generation == .max {
                marks = [UInt32](repeating: 0, count: count)
                generation = 0
            }
            generation += 1
        }

        mutating func visit(_ state: Int) -> Bool {
            work += 1
            if marks[state] == generation { return false }
            marks[state] = generation
            return true
        }
    }
}
