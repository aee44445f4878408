// Collects violations and words them for the person who has to mend the document.

import JSON

struct ViolationReport {
    let limit: Int
    var violations: [SchemaViolation] = []

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { violations.count >= limit }
}

extension SchemaRun {
    /// Records a violation when somebody asked for them. Always false, so that a check can return it.
    mutating func fail(
        _ schema: Int32, _ keyword: String, _ node: Int, _ message: (Tape, Program) -> String
    ) -> Bool {
        guard let isFull = report?.isFull, !isFull else { return false }
        let message = message(tape, program)
        let place = program.places[Int(schema)]
        let violation = SchemaViolation(
            instancePointer: tape.pointer(to: node).description,
            schemaPointer: keyword.isEmpty ? place : place + "/" + keyword,
            keyword: keyword.isEmpty ? "false" : keyword, message: message)
        report?.violations.append(violation)
        return false
    }

    /// The violations, or what there is to say when the document was too much work.
    func finishedReport() -> [SchemaViolation] {
        let violations = report?.violations ?? []
        guard isExhausted || violations.isEmpty else { return violations }
        let exhausted = SchemaViolation(
            instancePointer: "", schemaPointer: "", keyword: "",
            message: "the document is too complex to be checked against this schema")
        return [exhausted] + violations.dropLast(violations.count == report?.limit ? 1 : 0)
    }

    /// Fails `anyOf` or `oneOf` because no alternative matches.
    mutating func failAlternatives(
        _ schema: Int32, _ keyword: String, _ node: Int, _ first: Int32, _ end: Int32
    ) -> Bool {
        if report == nil { return false }
        let message = closest(first, end, node)
        return fail(schema, keyword, node) { _, _ in message }
    }

    /// Says which alternative the value nearly is: the one whose first violation is deepest, then with the fewest.
    private mutating func closest(_ first: Int32, _ end: Int32, _ node: Int) -> String {
        let outer = report
        defer { report = outer }
        let depthHere = tape.pointer(to: node).description.utf8.count
        var best: (score: Int, alternative: Int, violation: SchemaViolation)?
        // More alternatives than this are told apart by nothing that fits in a sentence.
        for child in first..<min(end, first + 16) {
            report = ViolationReport(limit: 4)
            _ = check(program.children[Int(child)], node)
            guard let violations = report?.violations, let violation = violations.first else { continue }
            let isElsewhere = violation.instancePointer.utf8.count > depthHere
            let isWrongKind = !isElsewhere && ["type", "const", "enum", "false"].contains(violation.keyword)
            let score = (isElsewhere ? 100 : 0) - (isWrongKind ? 50 : 0) - violations.count
            if best.map({ score > $0.score }) ?? true { best = (score, Int(child - first) + 1, violation) }
        }
        let count = "none of the \(end - first) alternatives matches"
        guard let best else { return count }
        let place = best.violation.instancePointer.utf8.count > depthHere ? " at \(best.violation.instancePointer)" : ""
        return "\(count); the closest is number \(best.alternative), which says\(place): \(best.violation.message)"
    }
}

extension Tape {
    func describe(_ node: Int) -> String {
        switch entries[node].kind {
        case .null: "null"
        case .bool: "a boolean"
        case .number: isInteger(node) ? "an integer" : "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The beginning of a value for a message: at most 40 characters of it.
    func excerpt(_ node: Int) -> String {
        switch entries[node].kind {
        case .array, .object: return describe(node)
        case .null: return "null"
        case .bool: return entries[node].flags.contains(.isTrue) ? "true" : "false"
        case .number, .string: break
        }
        let bytes = content(entries[node])
        let isString = entries[node].kind == .string
        var scalars = String.UnicodeScalarView()
        for scalar in String(decoding: bytes.prefix(200), as: UTF8.self).unicodeScalars.prefix(40) {
            // Control characters could forge lines in a log.
            scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        let text = String(scalars) + (scalars.count < bytes.count && scalars.count == 40 ? "…" : "")
        return isString ? "\"\(text)\"" : text
    }
}

extension Program {
    func text(_ bound: Int32) -> String { string(bounds[Int(bound)].name) }

    func isNever(_ schema: Int32) -> Bool {
        let subschema = schemas[Int(schema)]
        guard subschema.first < subschema.end, case .never = code[Int(subschema.first)] else { return false }
        return true
    }

    /// Constants for a message, as many as are readable.
    func list(_ first: Int32, _ end: Int32) -> String {
        let shown = constants[Int(first)..<min(Int(end), Int(first) + 10)].map { $0.tape.excerpt(0) }
        return shown.joined(separator: ", ") + (end - first > 10 ? ", …" : "")
    }

    /// The names an object may have, when they are few enough to say.
    func expectedMembers(_ table: MemberTable) -> String {
        let names = slots[Int(table.firstSlot)...Int(table.firstSlot + table.mask)]
            .filter { $0.schema != Instruction.none }
        guard table.firstPattern == table.endPattern, names.count <= 12 else { return "" }
        if names.isEmpty { return "; expected none, as in {}" }
        let sorted = names.sorted { $0.name.start < $1.name.start }.map { quoted(string($0.name)) }
        return "; expected only " + sorted.joined(separator: ", ")
    }
}

func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
