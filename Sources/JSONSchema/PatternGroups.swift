// The groups of a pattern and what refers back to them: checked once the whole pattern is known.

struct PatternGroups {
    /// Groups that capture.
    var count = 0
    /// Names that a match may have given by now; two alternatives may use the same one.
    private var visible: Set<String> = []
    /// All alternatives of each disjunction that is open.
    private var united: [Set<String>] = []
    private var declared: Set<String> = []
    private var mentionedNames: [String] = []
    private var highestMentioned = 0

    /// - Returns: what each alternative begins with.
    mutating func beginAlternatives() -> Set<String> {
        united.append([])
        return visible
    }

    mutating func nextAlternative(_ outer: Set<String>) {
        united[united.count - 1].formUnion(visible)
        visible = outer
    }

    mutating func endAlternatives() {
        visible.formUnion(united.removeLast())
    }

    /// False where the name is taken (ECMA-262 2025, section 22.2.1.1).
    mutating func declare(_ name: String) -> Bool {
        declared.insert(name)
        return visible.insert(name).inserted
    }

    mutating func mention(name: String) { mentionedNames.append(name) }

    mutating func mention(number: Int) { highestMentioned = max(highestMentioned, number) }

    /// What is referred to and not there.
    var missing: String? {
        if highestMentioned > count { return String(highestMentioned) }
        return mentionedNames.first { !declared.contains($0) }
    }
}
