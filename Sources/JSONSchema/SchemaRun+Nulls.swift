// The walk that finds nulls which a schema refuses: as far as it is sure which schema applies to a value.

/// What a search has found. Positions are entries of member names; one may be there more than once.
struct NullSearch {
    var refused: [Int] = []
    /// Names of members that some schema of their object requires.
    var required: Set<Int> = []
    fileprivate var depth = 0

    /// A bound on stack use, as in a validation.
    fileprivate static let maximumDepth = 1_000
}

extension SchemaRun {
    mutating func searchNulls(_ schema: Int32, _ node: Int, _ search: inout NullSearch) {
        let kind = tape.entries[node].kind
        guard kind == .object || kind == .array, search.depth < NullSearch.maximumDepth else { return }
        search.depth += 1
        defer { search.depth -= 1 }
        let subschema = program.schemas[Int(schema)]
        for pc in Int(subschema.first)..<Int(subschema.end) {
            guard spend(1) else { return }
            switch program.code[pc] {
            case .members(let table) where kind == .object: searchMembers(program.tables[Int(table)], node, &search)
            case .required(let first, let end) where kind == .object: noteRequired(first..<end, node, &search)
            case .items(let first, let end, let rest) where kind == .array:
                searchItems(first, end, rest, node, &search)
            case .reference(let target, _): searchNulls(target, node, &search)
            case .allOf(let first, let end):
                for child in first..<end { searchNulls(program.children[Int(child)], node, &search) }
            case .anyOf(let first, let end), .oneOf(let first, let end):
                let fitting = (first..<end).map { program.children[Int($0)] }.filter { mayTake($0, kind, depth: 0) }
                // Of several alternatives nobody knows which one is meant.
                if fitting.count == 1 { searchNulls(fitting[0], node, &search) }
            default: break
            }
        }
    }

    private mutating func searchMembers(_ table: MemberTable, _ node: Int, _ search: inout NullSearch) {
        let end = Int(tape.entries[node].next)
        var key = node + 1
        var expected = table.firstDeclared
        while key < end, spend(1) {
            if let place = program.slot(of: tape.entries[key], tape.bytes.span, in: table, expected) {
                let slot = program.slots[place]
                expected = slot.nextDeclared
                if slot.required != 0 { search.required.insert(key) }
                if slot.schema != Instruction.none {
                    if tape.entries[key + 1].kind != .null {
                        searchNulls(slot.schema, key + 1, &search)
                    } else if !check(slot.schema, key + 1) {
                        search.refused.append(key)
                    }
                }
            }
            key = Int(tape.entries[key + 1].next)
        }
    }

    private mutating func noteRequired(_ names: Range<Int32>, _ node: Int, _ search: inout NullSearch) {
        for name in names {
            guard spend(1 + Int(tape.entries[node].length) / 16) else { return }
            let name = program.names[Int(name)]
            if let value = tape.member(node, text.span, Int(name.start), Int(name.length), name.mark) {
                search.required.insert(value - 1)
            }
        }
    }

    private mutating func searchItems(
        _ first: Int32, _ end: Int32, _ rest: Int32, _ node: Int, _ search: inout NullSearch
    ) {
        let last = Int(tape.entries[node].next)
        var item = node + 1
        var position = 0
        while item < last, spend(1) {
            let target = position < Int(end - first) ? program.children[Int(first) + position] : rest
            if target == Instruction.none { return }
            searchNulls(target, item, &search)
            item = Int(tape.entries[item].next)
            position += 1
        }
    }

    /// Whether a schema may take a value of this kind, as far as its types and constants tell.
    private func mayTake(_ schema: Int32, _ kind: JSONKind, depth: Int) -> Bool {
        let subschema = program.schemas[Int(schema)]
        for pc in Int(subschema.first)..<Int(subschema.end) {
            switch program.code[pc] {
            case .never: return false
            case .types(let types) where !types.contains(TypeSet(kind)): return false
            case .constant(let index) where program.constants[Int(index)].root.kind != kind: return false
            case .enumeration(let first, let end)
            where !program.constants[Int(first)..<Int(end)].contains { $0.root.kind == kind }:
                return false
            case .reference(let target, _) where depth < 64:
                if !mayTake(target, kind, depth: depth + 1) { return false }
            default: break
            }
        }
        return true
    }
}
