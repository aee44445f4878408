// Checks of objects: one pass over the members, each looked up once.

import JSON

extension SchemaRun {
    mutating func checkMembers(
        _ index: Int32, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        let table = program.tables[Int(index)]
        let end = Int(tape.entries[node].next)
        var key = node + 1
        var position = 0
        var present: UInt64 = 0
        var isValid = true
        var expected = table.firstDeclared
        while key < end {
            var isKnown = false
            var isFine = true
            if let place = program.slot(of: tape.entries[key], tape.bytes.span, in: table, expected) {
                let slot = program.slots[place]
                expected = slot.nextDeclared
                present |= slot.required
                if slot.schema != Instruction.none {
                    isKnown = true
                    // Most members only have to be of a type.
                    if slot.soleTypes.contains(TypeSet(tape.entries[key + 1].kind)) {
                        isFine = spend(1)
                    } else {
                        isFine = check(slot.schema, key + 1)
                    }
                }
            }
            for index in table.firstPattern..<table.endPattern {
                let pattern = program.memberPatterns[Int(index)]
                guard matches(pattern.pattern, text: tape.entries[key]) else { continue }
                isKnown = true
                if !check(pattern.schema, key + 1) { isFine = false }
            }
            if !isKnown, table.additional != Instruction.none {
                isKnown = true
                if !checkAdditional(table, schema, key) { isFine = false }
            }
            if !isFine {
                isValid = false
                if isDone || isExhausted { return false }
            }
            if isKnown, evaluated.tracks { mark(position, &evaluated) }
            key = Int(tape.entries[key + 1].next)
            position += 1
        }
        if present == table.required { return isValid }
        return failMissing(table, present, schema, node)
    }

    private mutating func checkAdditional(_ table: MemberTable, _ schema: Int32, _ key: Int) -> Bool {
        guard table.refusesAdditional else { return check(table.additional, key + 1) }
        return fail(schema, "additionalProperties", key + 1) { tape, program in
            "unexpected member \(tape.excerpt(key))\(program.expectedMembers(table))"
        }
    }

    private mutating func failMissing(_ table: MemberTable, _ present: UInt64, _ schema: Int32, _ node: Int) -> Bool {
        if report == nil { return false }
        for bit in 0..<64 where table.required & ~present & 1 << UInt64(bit) != 0 {
            let slot = program.slots[Int(table.firstSlot)...Int(table.firstSlot + table.mask)]
                .first { $0.required == 1 << UInt64(bit) }
            guard let slot else { continue }
            _ = fail(schema, "required", node) { tape, program in
                "the member \(quoted(program.string(slot.name))) is missing"
            }
        }
        return false
    }

    mutating func checkObject(
        _ instruction: Instruction, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        let entry = tape.entries[node]
        switch instruction {
        case .minProperties(let minimum):
            return entry.length >= minimum
                || fail(schema, "minProperties", node) { tape, program in
                    "expected at least \(plural(minimum, "member")), found \(entry.length)"
                }
        case .maxProperties(let maximum):
            return entry.length <= maximum
                || fail(schema, "maxProperties", node) { tape, program in
                    "expected at most \(plural(maximum, "member")), found \(entry.length)"
                }
        case .required(let first, let end):
            return requires(first, end, schema, "required", node, because: nil)
        case .dependentRequired(let trigger, let first, let end):
            guard member(trigger, node) != nil else { return true }
            return requires(first, end, schema, "dependentRequired", node, because: trigger)
        case .dependentSchema(let trigger, let target):
            return member(trigger, node) == nil || check(target, node, &evaluated)
        case .propertyNames(let target):
            return checkEach(node) { run, key, _ in run.check(target, key) }
        case .unevaluatedProperties(let target):
            return checkUnevaluatedProperties(target, schema, node, &evaluated)
        default: return true
        }
    }

    private func member(_ name: Int32, _ node: Int) -> Int? {
        let name = program.names[Int(name)]
        return tape.member(node, text.span, Int(name.start), Int(name.length), name.mark)
    }

    private mutating func requires(
        _ first: Int32, _ end: Int32, _ schema: Int32, _ keyword: String, _ node: Int,
        because trigger: Int32?
    ) -> Bool {
        var isValid = true
        for name in first..<end {
            guard spend(1 + Int(tape.entries[node].length) / 16) else { return false }
            if member(name, node) != nil { continue }
            isValid = fail(schema, keyword, node) { _, program in
                let missing = "the member \(quoted(program.string(program.names[Int(name)]))) is missing"
                guard let trigger else { return missing }
                return "\(missing) when \(quoted(program.string(program.names[Int(trigger)]))) is present"
            }
            if isDone { return false }
        }
        return isValid
    }

    private mutating func checkEach(
        _ node: Int, _ body: (inout SchemaRun, _ key: Int, _ position: Int) -> Bool
    ) -> Bool {
        let end = Int(tape.entries[node].next)
        var key = node + 1
        var position = 0
        var isValid = true
        while key < end {
            if !body(&self, key, position) {
                isValid = false
                if isDone || isExhausted { return false }
            }
            key = Int(tape.entries[key + 1].next)
            position += 1
        }
        return isValid
    }

    private mutating func checkUnevaluatedProperties(
        _ target: Int32, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        let done = evaluated
        evaluated.insertAll()
        return checkEach(node) { run, key, position in
            if run.isMarked(position, done) { return true }
            if run.program.isNever(target) {
                return run.fail(schema, "unevaluatedProperties", key + 1) { tape, program in
                    "unexpected member \(tape.excerpt(key))"
                }
            }
            return run.check(target, key + 1)
        }
    }
}
