// The walk that finds nulls which a schema refuses: as far as it is sure which schema applies to a value.

import JSON

/// What a search has found. Positions are entries of member names; one may be there more than once.
struct NullSearch {
    var refused: [Int] = []
    /// Names of members that some schema of their object requires.
    var required: Set<Int> = []
    fileprivate var depth = 0
    /// The only alternative that may take a value, if there is one alone: by where the list of alternatives begins and
    /// the kind of value. Arguments repeat a list as often as they like; it is looked through once.
    fileprivate var alternatives: [Choice: Int32?] = [:]
    /// Whether a schema may take a value of a kind.
    fileprivate var possible: [Choice: Bool] = [:]

    fileprivate struct Choice: Hashable {
        var number: Int32
        var kind: JSONKind
    }

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
                if let only = onlyAlternative(first, end, kind, &search) { searchNulls(only, node, &search) }
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

    /// The one alternative that may take a value of this kind. Of several nobody knows which one is meant.
    private mutating func onlyAlternative(
        _ first: Int32, _ end: Int32, _ kind: JSONKind, _ search: inout NullSearch
    ) -> Int32? {
        let choice = NullSearch.Choice(number: first, kind: kind)
        if let known = search.alternatives[choice] { return known }
        var only: Int32?
        for child in first..<end where mayTake(program.children[Int(child)], kind, &search) {
            guard only == nil else {
                only = nil
                break
            }
            only = program.children[Int(child)]
        }
        search.alternatives[choice] = .some(only)
        return only
    }

    /// Whether a schema may take a value of this kind, as far as its types and constants tell. Goes no deeper than
    /// schemas may apply to one value, and never in a circle.
    private mutating func mayTake(_ schema: Int32, _ kind: JSONKind, _ search: inout NullSearch) -> Bool {
        let choice = NullSearch.Choice(number: schema, kind: kind)
        if let known = search.possible[choice] { return known }
        let isPossible = looksPossible(schema, kind, &search)
        search.possible[choice] = isPossible
        return isPossible
    }

    private mutating func looksPossible(_ schema: Int32, _ kind: JSONKind, _ search: inout NullSearch) -> Bool {
        let subschema = program.schemas[Int(schema)]
        for pc in Int(subschema.first)..<Int(subschema.end) {
            // Whatever is found then, counts for nothing.
            guard spend(1) else { return false }
            switch program.code[pc] {
            case .never: return false
            case .types(let types) where !types.contains(TypeSet(kind)): return false
            case .constant(let index) where program.constants[Int(index)].root.kind != kind: return false
            case .enumeration(let first, let end):
                guard spend(Int(end - first)) else { return false }
                if !program.constants[Int(first)..<Int(end)].contains(where: { $0.root.kind == kind }) { return false }
            case .reference(let target, _):
                if !mayTake(target, kind, &search) { return false }
            default: break
            }
        }
        return true
    }
}
