// Checks of single values: type, constants, numbers, strings.

import JSON

extension SchemaRun {
    /// The second look at a type: whether a number will do as an integer.
    mutating func hasType(_ types: TypeSet, _ schema: Int32, _ node: Int) -> Bool {
        if types.contains(.integer), tape.entries[node].kind == .number, tape.isInteger(node) { return true }
        return fail(schema, "type", node) { tape, program in
            "expected \(types.description), found \(tape.describe(node))"
        }
    }

    mutating func isConstant(_ index: Int32, _ schema: Int32, _ node: Int) -> Bool {
        if tape.isEqual(node, program.constants[Int(index)].tape, 0) { return true }
        return fail(schema, "const", node) { tape, program in
            "expected \(program.constants[Int(index)].tape.excerpt(0)), found \(tape.excerpt(node))"
        }
    }

    mutating func isAmong(_ first: Int32, _ end: Int32, _ schema: Int32, _ node: Int) -> Bool {
        for index in first..<end where tape.isEqual(node, program.constants[Int(index)].tape, 0) { return true }
        return fail(schema, "enum", node) { tape, program in
            "expected one of \(program.list(first, end)), found \(tape.excerpt(node))"
        }
    }

    mutating func checkNumber(_ instruction: Instruction, _ schema: Int32, _ node: Int) -> Bool {
        switch instruction {
        case .minimum(let bound):
            return compare(node, bound) >= 0
                || fail(schema, "minimum", node) { tape, program in
                    "expected at least \(program.text(bound)), found \(tape.excerpt(node))"
                }
        case .exclusiveMinimum(let bound):
            return compare(node, bound) > 0
                || fail(schema, "exclusiveMinimum", node) { tape, program in
                    "expected more than \(program.text(bound)), found \(tape.excerpt(node))"
                }
        case .maximum(let bound):
            return compare(node, bound) <= 0
                || fail(schema, "maximum", node) { tape, program in
                    "expected at most \(program.text(bound)), found \(tape.excerpt(node))"
                }
        case .exclusiveMaximum(let bound):
            return compare(node, bound) < 0
                || fail(schema, "exclusiveMaximum", node) { tape, program in
                    "expected less than \(program.text(bound)), found \(tape.excerpt(node))"
                }
        case .multipleOf(let bound):
            return isMultiple(node, bound)
                || fail(schema, "multipleOf", node) { tape, program in
                    "expected a multiple of \(program.text(bound)), found \(tape.excerpt(node))"
                }
        default: return true
        }
    }

    private mutating func compare(_ node: Int, _ index: Int32) -> Int {
        let bound = program.bounds[Int(index)]
        if bound.isInteger, let value = tape.plainInteger(node) {
            return value < bound.integer ? -1 : value == bound.integer ? 0 : 1
        }
        return DecimalShape.compare(tape.shape(node), tape.bytes.span, bound.shape, text.span)
    }

    private func isMultiple(_ node: Int, _ index: Int32) -> Bool {
        let bound = program.bounds[Int(index)]
        // A divisor of -1 cannot occur, so the remainder never overflows.
        if bound.isInteger, let value = tape.plainInteger(node) { return value % bound.integer == 0 }
        return tape.shape(node).isMultiple(
            ofCoefficient: bound.coefficient, power: bound.shape.exponent, tape.bytes.span)
    }

    mutating func checkString(_ instruction: Instruction, _ schema: Int32, _ node: Int) -> Bool {
        let entry = tape.entries[node]
        switch instruction {
        case .minLength(let minimum):
            // A character takes one to four bytes, which often settles it.
            if Int(entry.length) >= minimum, entry.flags.contains(.isASCII) || Int(entry.length) / 4 >= minimum {
                return true
            }
            let length = tape.characterCount(node)
            return length >= minimum
                || fail(schema, "minLength", node) { tape, program in
                    "expected at least \(plural(minimum, "character")), found \(length)"
                }
        case .maxLength(let maximum):
            if Int(entry.length) <= maximum { return true }
            let length = tape.characterCount(node)
            return length <= maximum
                || fail(schema, "maxLength", node) { tape, program in
                    "expected at most \(plural(maximum, "character")), found \(length)"
                }
        case .pattern(let index):
            return matches(index, text: entry)
                || fail(schema, "pattern", node) { tape, program in
                    "expected text that matches \(program.patterns[Int(index)].excerpt), found \(tape.excerpt(node))"
                }
        case .format(let format):
            // As one text may be judged by many alternatives.
            guard spend(1 + Int(entry.length) / 16) else { return false }
            return format.accepts(tape.content(entry))
                || fail(schema, "format", node) { tape, program in
                    "expected \(format.expectation), found \(tape.excerpt(node))"
                }
        default: return true
        }
    }

    mutating func matches(_ pattern: Int32, text entry: TapeEntry) -> Bool {
        let pattern = program.patterns[Int(pattern)]
        guard spend(pattern.cost(ofBytes: Int(entry.length))) else { return false }
        return pattern.matches(tape.bytes.span, Int(entry.start), Int(entry.length))
    }
}

extension Tape {
    /// The content of a string without copying it.
    func content(_ entry: TapeEntry) -> ArraySlice<UInt8> { bytes[Int(entry.start)..<Int(entry.start + entry.length)] }

    func isInteger(_ node: Int) -> Bool {
        entries[node].flags.contains(.isPlainInteger) || shape(node).isInteger
    }

    /// Unicode code points of a string (validation section 6.3.1).
    func characterCount(_ node: Int) -> Int {
        let entry = entries[node]
        if entry.flags.contains(.isASCII) { return Int(entry.length) }
        let text = bytes.span
        var count = 0
        for index in Int(entry.start)..<Int(entry.start + entry.length) where text[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
