// The groups of a pattern and what refers back to them: checked once the whole pattern is known.

struct PatternGroups {
    /// Groups that capture.
    var count = 0
    /// Names that a match may have given by now; two alternatives may use the same one.
    private var visible: Set<String> = []
    /// The names in `visible`, in the order in which they came, so that an alternative's own are the last ones.
    private var order: [String] = []
    /// Disjunctions that are open: where the names of the alternative begin, and what those before it have given. Only
    /// names of the disjunction itself are moved, however many there are around it.
    private var open: [(start: Int, given: [String])] = []
    /// How often a name was moved from alternative to disjunction, or back: what many names could multiply.
    private(set) var moves = 0
    private var declared: Set<String> = []
    private var mentionedNames: [String] = []
    private var highestMentioned = 0

    mutating func beginAlternatives() { open.append((order.count, [])) }

    mutating func nextAlternative() {
        let start = open[open.count - 1].start
        for name in order[start...] {
            moves += 1
            visible.remove(name)
            open[open.count - 1].given.append(name)
        }
        order.removeSubrange(start...)
    }

    mutating func endAlternatives() {
        let given = open.removeLast().given
        moves += given.count
        for name in given where visible.insert(name).inserted { order.append(name) }
    }

    /// False where the name is taken (ECMA-262 2025, section 22.2.1.1).
    mutating func declare(_ name: String) -> Bool {
        declared.insert(name)
        guard visible.insert(name).inserted else { return false }
        order.append(name)
        return true
    }

    mutating func mention(name: String) { mentionedNames.append(name) }

    mutating func mention(number: Int) { highestMentioned = max(highestMentioned, number) }

    /// What is referred to and not there.
    var missing: String? {
        if highestMentioned > count { return String(highestMentioned) }
        return mentionedNames.first { !declared.contains($0) }
    }
}
