// `pattern` and `patternProperties`: whether a text contains a match, in time linear in the text.

/// A compiled pattern: a table-driven automaton, or, for the rare pattern whose table would be too large, a set of
/// states simulated along the text. Neither ever goes back.
struct Pattern: Sendable {
    let source: String
    private let automaton: PatternAutomaton
    private let table: PatternTable?

    /// - Throws: `PatternError` for bad syntax, backreferences, lookaround and patterns that are too large.
    init(_ source: String) throws(PatternError) {
        self.source = source
        automaton = try PatternAutomaton(try PatternParser.parse(source))
        table = PatternTable(automaton)
        // They would cost too much a character.
        if table == nil, automaton.steps > SchemaBounds.patternStepsWithoutTable {
            // Where a match may begin at any character, all that have begun are followed at once.
            let isAnchored = source.utf8.first == UInt8(ascii: "^")
            throw PatternError(
                tooLarge:
                    "it takes \(automaton.steps) steps, and of the kind that cannot be made into one table "
                    + "at most \(SchemaBounds.patternStepsWithoutTable) are possible"
                    + (isAnchored ? "" : "; begin it with ^ where it is meant for the text from its start"))
        }
    }

    /// The pattern for a message.
    var excerpt: String { quoted(source) }

    /// Steps that matching a text of so many bytes takes.
    func cost(ofBytes count: Int) -> Int { table == nil ? count * automaton.states.count / 8 : 1 + count / 16 }

    func matches(_ text: String) -> Bool { matches(text.utf8.span, 0, text.utf8.count) }

    /// The text must be valid UTF-8, which the parser has made sure of.
    func matches(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> Bool {
        guard let table else { return simulate(text, start, length) }
        var index = start
        var state = PatternTable.start
        while index < start + length {
            state = table.next(state, automaton.alphabet.number(of: decode(text, &index)))
            if state == PatternTable.matched { return true }
        }
        return table.matchesAtEnd(state)
    }

    private func simulate(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> Bool {
        var scratch = PatternAutomaton.Scratch()
        var current = [automaton.start]
        var before = PatternAutomaton.Side.edge
        var index = start
        while index < start + length {
            let character = automaton.alphabet.number(of: decode(text, &index))
            let side = automaton.side(of: character)
            let (reading, matched) = automaton.closure(current, before: before, after: side, &scratch)
            if matched { return true }
            current = automaton.step(reading, character)
            before = side
        }
        return automaton.closure(current, before: before, after: .edge, &scratch).matched
    }
}

/// The scalar at `index` of valid UTF-8, and the index behind it.
@inline(__always)
private func decode(_ text: Span<UInt8>, _ index: inout Int) -> UInt32 {
    let lead = UInt32(text[index])
    index += 1
    if lead < 0x80 { return lead }
    let count = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3
    var scalar = lead & (0x3F >> UInt32(count))
    for _ in 0..<count {
        scalar = scalar << 6 | UInt32(text[index] & 0x3F)
        index += 1
    }
    return scalar
}
