// The syntax of patterns: ECMA-262 regular expressions with the u flag, as far as they are regular.

struct PatternError: Error {
    let reason: String

    init(reason: String) { self.reason = reason }

    /// - Parameter reason: what is too much, how much there is, and how much there may be.
    init(tooLarge reason: String) {
        self.reason =
            "the pattern is too large: \(reason); say lengths with minLength and maxLength beside a simpler pattern"
    }
}

/// A pattern as a tree.
indirect enum PatternTree {
    case empty
    case set(ScalarSet)
    case assertion(PatternAssertion)
    case sequence([PatternTree])
    case alternatives([PatternTree])
    case repetition(PatternTree, minimum: Int, maximum: Int?)
}

enum PatternAssertion: Sendable { case start, end, boundary, notBoundary }

struct PatternParser {
    let scalars: [Unicode.Scalar]
    /// For `format: regex`: only whether it is a regular expression, not whether it can be matched here.
    let checksSyntaxOnly: Bool
    var position = 0
    var depth = 0
    var groups = PatternGroups()

    static func parse(_ source: String) throws(PatternError) -> PatternTree {
        try parse(source, checksSyntaxOnly: false)
    }

    /// Whether the text is a regular expression of ECMA-262 with the u flag. Beyond that flag, any punctuation may be
    /// escaped.
    static func isExpression(_ text: String) -> Bool {
        (try? parse(text, checksSyntaxOnly: true)) != nil
    }

    private static func parse(_ source: String, checksSyntaxOnly: Bool) throws(PatternError) -> PatternTree {
        var parser = PatternParser(scalars: Array(source.unicodeScalars), checksSyntaxOnly: checksSyntaxOnly)
        let tree = try parser.disjunction()
        if parser.position < parser.scalars.count { throw parser.error("there is an unmatched ')'") }
        if let missing = parser.groups.missing { throw parser.error("there is no group \(missing) to refer back to") }
        return tree
    }

    private init(scalars: [Unicode.Scalar], checksSyntaxOnly: Bool) {
        self.scalars = scalars
        self.checksSyntaxOnly = checksSyntaxOnly
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func error(_ reason: String) -> PatternError {
        PatternError(reason: "not a usable pattern: \(reason) (at character \(position + 1))")
    }

    mutating func skip(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    private mutating func disjunction() throws(PatternError) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        // The pattern as a whole is none.
        if depth > SchemaBounds.patternGroups + 1 {
            throw error("groups are nested more than \(SchemaBounds.patternGroups) deep")
        }
        groups.beginAlternatives()
        var alternatives = [try sequence()]
        while skip("|") {
            groups.nextAlternative()
            alternatives.append(try sequence())
        }
        groups.endAlternatives()
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func sequence() throws(PatternError) -> PatternTree {
        var terms: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" { terms.append(try term()) }
        return terms.count == 1 ? terms[0] : .sequence(terms)
    }

    private mutating func term() throws(PatternError) -> PatternTree {
        let atom = try atom()
        guard let range = try quantifier() else { return atom }
        if case .assertion = atom { throw error("an assertion cannot be repeated") }
        // A lazy quantifier prefers a shorter match, which matters for where it ends, not for whether there is one.
        _ = skip("?")
        return .repetition(atom, minimum: range.minimum, maximum: range.maximum)
    }

    private mutating func quantifier() throws(PatternError) -> (minimum: Int, maximum: Int?)? {
        if skip("*") { return (0, nil) }
        if skip("+") { return (1, nil) }
        if skip("?") { return (0, 1) }
        guard skip("{") else { return nil }
        guard let minimum = try number() else { throw error("'{' must be escaped or start a repetition like {1,3}") }
        if skip("}") { return (minimum, minimum) }
        guard skip(",") else { throw error("'{' must be escaped or start a repetition like {1,3}") }
        if skip("}") { return (minimum, nil) }
        guard let maximum = try number(), skip("}") else { throw error("expected '}' behind the repetition") }
        if maximum < minimum { throw error("a repetition has its numbers in the wrong order") }
        return (minimum, maximum)
    }

    private mutating func number() throws(PatternError) -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1 << 32)
            if !checksSyntaxOnly, value ?? 0 > SchemaBounds.repetition {
                throw error("a repetition goes beyond \(SchemaBounds.repetition); say such lengths with maxLength")
            }
            position += 1
        }
        return value
    }

    private mutating func atom() throws(PatternError) -> PatternTree {
        guard let scalar = next else { return .empty }
        switch scalar {
        case "^":
            position += 1
            return .assertion(.start)
        case "$":
            position += 1
            return .assertion(.end)
        case ".":
            position += 1
            return .set(ScalarSet.lineTerminators.inverted)
        case "(": return try group()
        case "[":
            position += 1
            return .set(try characterClass())
        case "\\": return try escapedAtom()
        case "*", "+", "?": throw error("there is nothing to repeat")
        case "{", "}", "]": throw error("'\(scalar)' must be escaped")
        default:
            position += 1
            return .set(ScalarSet(scalar))
        }
    }

    private mutating func group() throws(PatternError) -> PatternTree {
        var isLookaround = false
        for lookaround in ["(?=", "(?!", "(?<=", "(?<!"] where skip(lookaround) {
            guard checksSyntaxOnly else {
                throw error("lookaround cannot be matched in linear time; write what may stand there instead")
            }
            isLookaround = true
            break
        }
        if isLookaround {
            // Nothing is captured by its parenthesis.
        } else if skip("(?<") {
            try name()
        } else if !skip("(?:") {
            position += 1
            if next == "?" { try modifiers() } else { groups.count += 1 }
        }
        let tree = try disjunction()
        guard skip(")") else { throw error("a group is not closed") }
        // It cannot be repeated, as no assertion can.
        return isLookaround ? .assertion(.boundary) : tree
    }

    /// `i`, `m` and `s`, each once, and some of them behind a hyphen (ECMA-262 2025, section 22.2.1).
    private mutating func modifiers() throws(PatternError) {
        guard checksSyntaxOnly else {
            throw error(
                "groups are (…), (?:…) and (?<name>…) here; in place of a flag such as (?i) write out what it means, as in "
                    + "[Aa]")
        }
        position += 1
        var seen: Set<Unicode.Scalar> = []
        var hasHyphen = false
        while let scalar = next, scalar != ":" {
            if scalar == "-", !hasHyphen {
                hasHyphen = true
            } else if !"ims".unicodeScalars.contains(scalar) || !seen.insert(scalar).inserted {
                throw error("unknown kind of group")
            }
            position += 1
        }
        guard skip(":"), !seen.isEmpty else { throw error("unknown kind of group") }
    }

    /// The rest of `(?<name>`.
    private mutating func name() throws(PatternError) {
        let text = try groupName()
        groups.count += 1
        guard groups.declare(text) else { throw error("two groups have the same name") }
    }

    private mutating func groupName() throws(PatternError) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = next, scalar != ">" {
            position += 1
            var named = scalar
            if scalar == "\\" {
                guard skip("u") else { throw error("not a valid group name") }
                named = try unicodeEscape()
            }
            let isFitting = text.isEmpty ? named.properties.isIDStart : named.properties.isIDContinue
            guard
                isFitting || named == "_" || named == "$"
                    || (!text.isEmpty && ["\u{200C}", "\u{200D}"].contains(named))
            else { throw error("not a valid group name") }
            text.append(named)
        }
        guard !text.isEmpty, skip(">") else { throw error("a group needs a name that ends with '>'") }
        return String(text)
    }

    private mutating func escapedAtom() throws(PatternError) -> PatternTree {
        if skip("\\b") { return .assertion(.boundary) }
        if skip("\\B") { return .assertion(.notBoundary) }
        if position + 1 < scalars.count, ("1"..."9").contains(scalars[position + 1]) || scalars[position + 1] == "k" {
            guard checksSyntaxOnly else { throw error("backreferences cannot be matched in linear time") }
            position += 1
            if skip("k") {
                guard skip("<") else { throw error("\\k needs the name of a group, like \\k<name>") }
                groups.mention(name: try groupName())
            } else if let number = try number() {
                groups.mention(number: number)
            }
            return .empty
        }
        return .set(try escape(inClass: false).set)
    }
}
