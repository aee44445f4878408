// Checks of arrays: one pass over the items for each keyword.

import JSON

extension SchemaRun {
    mutating func checkArray(
        _ instruction: Instruction, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        let entry = tape.entries[node]
        switch instruction {
        case .minItems(let minimum):
            return entry.length >= minimum
                || fail(schema, "minItems", node) { tape, program in
                    "expected at least \(plural(minimum, "item")), found \(entry.length)"
                }
        case .maxItems(let maximum):
            return entry.length <= maximum
                || fail(schema, "maxItems", node) { tape, program in
                    "expected at most \(plural(maximum, "item")), found \(entry.length)"
                }
        case .uniqueItems:
            guard let (first, second) = tape.equalItems(node) else { return true }
            return fail(schema, "uniqueItems", node) { tape, program in
                "items \(first) and \(second) are equal, but all must be different"
            }
        case .items(let first, let end, let rest):
            return checkItems(first, end, rest, node, &evaluated)
        case .contains(let target, let minimum, let maximum):
            return checkContains(target, minimum, maximum, schema, node, &evaluated)
        case .unevaluatedItems(let target):
            return checkUnevaluatedItems(target, schema, node, &evaluated)
        default: return true
        }
    }

    private mutating func checkItems(
        _ first: Int32, _ end: Int32, _ rest: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        let last = Int(tape.entries[node].next)
        var item = node + 1
        var position = 0
        var isValid = true
        while item < last {
            let isPrefix = position < Int(end - first)
            let target = isPrefix ? program.children[Int(first) + position] : rest
            if target == Instruction.none { break }
            if !check(target, item) {
                isValid = false
                if isDone || isExhausted { return false }
            }
            if evaluated.tracks { mark(position, &evaluated) }
            item = Int(tape.entries[item].next)
            position += 1
        }
        return isValid
    }

    private mutating func checkContains(
        _ target: Int32, _ minimum: Int32, _ maximum: Int32, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        let last = Int(tape.entries[node].next)
        var item = node + 1
        var position = 0
        var count = 0
        while item < last {
            var none = Evaluated()
            if matches(target, item, &none) {
                count += 1
                if evaluated.tracks { mark(position, &evaluated) }
            }
            if isExhausted { return false }
            if count >= minimum, maximum == .max, !evaluated.tracks { return true }
            item = Int(tape.entries[item].next)
            position += 1
        }
        if count < minimum {
            let keyword = minimum == 1 ? "contains" : "minContains"
            return fail(schema, keyword, node) { tape, program in
                "expected at least \(plural(Int(minimum), "item")) of the kind that contains asks for, found \(count)"
            }
        }
        return count <= maximum
            || fail(schema, "maxContains", node) { tape, program in
                "expected at most \(plural(Int(maximum), "item")) of the kind that contains asks for, found \(count)"
            }
    }

    private mutating func checkUnevaluatedItems(
        _ target: Int32, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        let last = Int(tape.entries[node].next)
        var item = node + 1
        var position = 0
        var isValid = true
        while item < last {
            if !isMarked(position, evaluated) {
                let isFine =
                    program.isNever(target)
                    ? fail(schema, "unevaluatedItems", item) { tape, program in
                        "unexpected item \(position)"
                    } : check(target, item)
                if !isFine {
                    isValid = false
                    if isDone || isExhausted { return false }
                }
            }
            item = Int(tape.entries[item].next)
            position += 1
        }
        evaluated.insertAll()
        return isValid
    }
}
