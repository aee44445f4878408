// Character classes and escapes of patterns.

import JSON

extension PatternParser {
    mutating func characterClass() throws(PatternError) -> ScalarSet {
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
                throw error(
                    "a range needs a single character on both sides; write \\- for a hyphen, or put it last in the class"
                )
            }
            guard first <= last else { throw error("a range has its ends in the wrong order") }
            ranges.append(first.value...last.value)
        }
        let set = ScalarSet(ranges)
        return isInverted ? set.inverted : set
    }

    typealias Atom = (set: ScalarSet, scalar: Unicode.Scalar?)

    private mutating func classAtom() throws(PatternError) -> Atom {
        guard let scalar = next else { throw error("a character class is not closed") }
        if scalar == "\\" { return try escape(inClass: true) }
        position += 1
        return (ScalarSet(scalar), scalar)
    }

    mutating func escape(inClass: Bool) throws(PatternError) -> Atom {
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
        if checksSyntaxOnly {
            guard UnicodeProperty.isKnown(String(name)) else { throw error("unknown Unicode property") }
            position = end + 1
            return .all
        }
        guard let set = UnicodeProperty.set(named: String(name)) else {
            throw error(
                UnicodeProperty.isKnown(String(name))
                    ? "this Unicode property is not supported here; name general categories, as in \\p{L}"
                    : "unknown Unicode property")
        }
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

    mutating func unicodeEscape() throws(PatternError) -> Unicode.Scalar {
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
