// The syntax of patterns: ECMA-262 regular expressions with the u flag, as far as they are regular.

struct PatternError: Error {
    let reason: String
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
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    private static let maximumRepetition = 10_000
    private static let maximumDepth = 100

    static func parse(_ source: String) throws(PatternError) -> PatternTree {
        var parser = PatternParser(scalars: Array(source.unicodeScalars))
        let tree = try parser.disjunction()
        if parser.position < parser.scalars.count { throw parser.error("there is an unmatched ')'") }
        return tree
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func error(_ reason: String) -> PatternError {
        PatternError(reason: "not a usable pattern: \(reason) (at character \(position + 1))")
    }

    private mutating func skip(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    private mutating func disjunction() throws(PatternError) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw error("groups are nested too deeply") }
        var alternatives = [try sequence()]
        while skip("|") { alternatives.append(try sequence()) }
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
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            if value ?? 0 > Self.maximumRepetition { throw error("a repetition is too large") }
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
        for lookaround in ["(?=", "(?!", "(?<=", "(?<!"] where skip(lookaround) {
            throw error("lookaround cannot be matched in linear time")
        }
        if skip("(?<") {
            while let scalar = next, scalar != ">" {
                guard scalar == "_" || scalar == "$" || scalar.properties.isIDContinue else {
                    throw error("not a valid group name")
                }
                position += 1
            }
            guard skip(">") else { throw error("a group name must end with '>'") }
        } else if !skip("(?:") {
            position += 1
            if next == "?" { throw error("unknown kind of group") }
        }
        let tree = try disjunction()
        guard skip(")") else { throw error("a group is not closed") }
        return tree
    }

    private mutating func escapedAtom() throws(PatternError) -> PatternTree {
        if skip("\\b") { return .assertion(.boundary) }
        if skip("\\B") { return .assertion(.notBoundary) }
        if position + 1 < scalars.count, ("1"..."9").contains(scalars[position + 1]) || scalars[position + 1] == "k" {
            throw error("backreferences cannot be matched in linear time")
        }
        return .set(try escape(inClass: false).set)
    }

    private mutating func characterClass() throws(PatternError) -> ScalarSet {
        let isInverted = skip("^")
        var ranges: [ClosedRange<UInt32>] = []
        while !skip("]") {
            let low = try classAtom()
            guard position + 1 < scalars.count, next == "-", scalars[position + 1] != "]" else {
                ranges += low.set.ranges
                continue
            }
            position += 1
            let high = try classAtom()
            guard let first = low.scalar, let last = high.scalar else {
                throw error("a range needs a single character on both sides")
            }
            guard first <= last else { throw error("a range has its ends in the wrong order") }
            ranges.append(first.value...last.value)
        }
        let set = ScalarSet(ranges)
        return isInverted ? set.inverted : set
    }

    private typealias Atom = (set: ScalarSet, scalar: Unicode.Scalar?)

    private mutating func classAtom() throws(PatternError) -> Atom {
        guard let scalar = next else { throw error("a character class is not closed") }
        if scalar == "\\" { return try escape(inClass: true) }
        position += 1
        return (ScalarSet(scalar), scalar)
    }

    private mutating func escape(inClass: Bool) throws(PatternError) -> Atom {
        position += 1
        guard let scalar = next else { throw error("a backslash needs something behind it") }
        position += 1
        switch scalar {
        case "d": return (.digits, nil)
        case "D": return (ScalarSet.digits.inverted, nil)
        case "w": return (.word, nil)
        case "W": return (ScalarSet.word.inverted, nil)
        case "s": return (.space, nil)
        case "S": return (ScalarSet.space.inverted, nil)
        case "p", "P": return (try property(isInverted: scalar == "P"), nil)
        case "t": return single("\t")
        case "n": return single("\n")
        case "r": return single("\r")
        case "v": return single("\u{0B}")
        case "f": return single("\u{0C}")
        case "b" where inClass: return single("\u{08}")
        case "0":
            if let digit = next, ("0"..."9").contains(digit) { throw error("octal escapes are not allowed") }
            return single("\0")
        case "c":
            guard let letter = next, letter.isASCII, letter.properties.isAlphabetic,
                let control = Unicode.Scalar(letter.value & 31)
            else { throw error("\\c needs a letter") }
            position += 1
            return single(control)
        case "x": return single(try hexadecimal(2))
        case "u": return single(try unicodeEscape())
        default:
            // The u flag only allows syntax characters here; other punctuation has no second meaning to confuse.
            guard scalar.isASCII, !ScalarSet.word.contains(scalar.value) else {
                throw error("unknown escape '\\\(scalar)'")
            }
            return single(scalar)
        }
    }

    private func single(_ scalar: Unicode.Scalar) -> Atom { (ScalarSet(scalar), scalar) }

    private mutating func property(isInverted: Bool) throws(PatternError) -> ScalarSet {
        guard skip("{"), let end = scalars[position...].firstIndex(of: "}") else {
            throw error("\\p needs a property in braces")
        }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: scalars[position..<end])
        guard let set = UnicodeProperty.set(named: String(name)) else { throw error("unknown Unicode property") }
        position = end + 1
        return isInverted ? set.inverted : set
    }

    private mutating func hexadecimalValue(_ count: Int) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let scalar = next, scalar.isASCII, let digit = hexadecimalDigit(UInt8(scalar.value)) else {
                throw error("expected \(count) hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func hexadecimal(_ count: Int) throws(PatternError) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(try hexadecimalValue(count)) else { throw error("not a Unicode character") }
        return scalar
    }

    private mutating func unicodeEscape() throws(PatternError) -> Unicode.Scalar {
        if skip("{") {
            var value: UInt32 = 0
            var digits = 0
            while let scalar = next, scalar.isASCII, let digit = hexadecimalDigit(UInt8(scalar.value)), digits < 8 {
                value = value << 4 | UInt32(digit)
                digits += 1
                position += 1
            }
            guard digits > 0, skip("}"), let scalar = Unicode.Scalar(value) else {
                throw error("not a Unicode character")
            }
            return scalar
        }
        let unit = try hexadecimalValue(4)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, skip("\\u") else { throw error("a surrogate has no partner") }
        let low = try hexadecimalValue(4)
        guard low &- 0xDC00 < 0x400, let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("a surrogate has no partner") }
        return scalar
    }
}
