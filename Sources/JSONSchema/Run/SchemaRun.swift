// One validation: walks the program over the tape, silently, or collecting violations when asked to.

import JSON

struct SchemaRun: ~Copyable {
    let program: Program
    let tape: Tape
    /// The program's texts, held here so that comparing names needs no reference counting.
    let text: [UInt8]
    /// Nil while only the verdict counts; then the first failure ends the work.
    var report: ViolationReport?
    /// What is left of the work this document may cause: branches multiply, and hostile input knows how.
    private(set) var budget: Int
    private var depth = 0
    /// Bit sets of `Evaluated` positions from 64 on.
    var overflow: [[UInt64]] = []
    private(set) var isExhausted = false

    /// Nested applications of schemas; a bound on stack use, far above what a document of 64 levels needs.
    private static let maximumDepth = 1_000

    @inline(__always)
    init(_ program: Program, _ tape: Tape, report: ViolationReport?) {
        let (text, count) = (program.text, tape.entries.count)
        self.program = program
        self.tape = tape
        self.text = text
        self.report = report
        budget = SchemaBounds.work + count * 64
    }

    /// The verdict of the whole schema on a value.
    mutating func accepts(_ node: Int) -> Bool {
        guard check(0, node) else { return false }
        return !isExhausted
    }

    mutating func check(_ schema: Int32, _ node: Int) -> Bool {
        var evaluated = Evaluated()
        return check(schema, node, &evaluated)
    }

    mutating func check(_ schema: Int32, _ node: Int, _ evaluated: inout Evaluated) -> Bool {
        let subschema = program.schemas[Int(schema)]
        if subschema.first == subschema.end { return true }
        guard spend(1), depth < Self.maximumDepth else {
            isExhausted = true
            return false
        }
        if subschema.soleTypes.contains(TypeSet(tape.entries[node].kind)) { return true }
        depth += 1
        defer { depth -= 1 }
        guard subschema.tracks else { return run(subschema, schema, node, &evaluated) }
        var own = Evaluated(tracks: true)
        let isValid = run(subschema, schema, node, &own)
        if isValid, evaluated.tracks { merge(own, into: &evaluated) }
        return isValid
    }

    /// Accounts for work; false once there was too much.
    @inline(__always)
    mutating func spend(_ steps: Int) -> Bool {
        budget -= steps
        if budget < 0 { isExhausted = true }
        return budget >= 0
    }

    /// Whether nothing more needs to be found out after a failure.
    var isDone: Bool { report.map(\.isFull) ?? true }

    @inline(never)
    private mutating func run(
        _ subschema: Subschema, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        var isValid = true
        var pc = Int(subschema.first)
        while pc < Int(subschema.end) {
            if !execute(pc, schema, node, &evaluated) {
                isValid = false
                if isDone || isExhausted { return false }
            }
            pc += 1
        }
        return isValid
    }

    @inline(__always)
    private mutating func execute(_ pc: Int, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated) -> Bool {
        let instruction = program.code[pc]
        let kind = tape.entries[node].kind
        switch instruction {
        case .never:
            return fail(schema, "", node) { tape, program in
                "no value is allowed here"
            }
        case .types(let types): return types.contains(TypeSet(kind)) || hasType(types, schema, node)
        case .enumeration(let first, let end): return isAmong(first, end, schema, node)
        case .constant(let index): return isConstant(index, schema, node)
        case .minimum, .exclusiveMinimum, .maximum, .exclusiveMaximum, .multipleOf:
            return kind != .number || checkNumber(instruction, schema, node)
        case .minLength, .maxLength, .pattern, .format:
            return kind != .string || checkString(instruction, schema, node)
        case .minItems, .maxItems, .uniqueItems, .items, .contains, .unevaluatedItems:
            return kind != .array || checkArray(instruction, schema, node, &evaluated)
        case .members(let table): return kind != .object || checkMembers(table, schema, node, &evaluated)
        case .minProperties, .maxProperties, .required, .propertyNames, .dependentRequired, .dependentSchema,
            .unevaluatedProperties:
            return kind != .object || checkObject(instruction, schema, node, &evaluated)
        case .reference(let target, _): return check(target, node, &evaluated)
        case .allOf(let first, let end):
            var isValid = true
            for child in first..<end where !check(program.children[Int(child)], node, &evaluated) {
                isValid = false
                if isDone { break }
            }
            return isValid
        case .anyOf, .oneOf, .not, .conditional:
            return checkLogic(instruction, schema, node, &evaluated)
        }
    }

    private mutating func checkLogic(
        _ instruction: Instruction, _ schema: Int32, _ node: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        switch instruction {
        case .anyOf(let first, let end):
            var isValid = false
            for child in first..<end where matches(program.children[Int(child)], node, &evaluated) {
                isValid = true
                // Later branches only matter for what they look at.
                if !evaluated.tracks { break }
            }
            return isValid || failAlternatives(schema, "anyOf", node, first, end)
        case .oneOf(let first, let end):
            var count = 0
            var only = Evaluated(tracks: evaluated.tracks)
            for child in first..<end {
                var branch = Evaluated(tracks: evaluated.tracks)
                if matches(program.children[Int(child)], node, &branch) {
                    count += 1
                    only = branch
                    if count > 1 { break }
                }
            }
            if count > 1 {
                return fail(schema, "oneOf", node) { tape, program in
                    "expected exactly one alternative to match, but several do"
                }
            }
            if evaluated.tracks { merge(only, into: &evaluated) }
            return count == 1 || failAlternatives(schema, "oneOf", node, first, end)
        case .not(let target):
            var none = Evaluated()
            return !matches(target, node, &none)
                || fail(schema, "not", node) { tape, program in
                    "the value is one that is excluded"
                }
        case .conditional(let condition, let then, let otherwise):
            let branch = matches(condition, node, &evaluated) ? then : otherwise
            return branch == Instruction.none || check(branch, node, &evaluated)
        default: return true
        }
    }

    /// A verdict without a report; what a failing branch looked at does not count.
    mutating func matches(_ schema: Int32, _ node: Int, _ evaluated: inout Evaluated) -> Bool {
        let outer = report
        report = nil
        defer { report = outer }
        guard evaluated.tracks else { return check(schema, node, &evaluated) }
        var branch = Evaluated(tracks: true)
        let isValid = check(schema, node, &branch)
        if isValid { merge(branch, into: &evaluated) }
        return isValid
    }
}
