// Refuses schemas that would apply themselves to the same value for ever (core section 9.4.1).

enum SchemaLoops {
    static func refuse(_ tables: ProgramTables) throws(SchemaError) {
        var heights = [Int](repeating: 0, count: tables.schemas.count)
        // 0 not seen, 1 on the current path, 2 done. An explicit stack: chains may be long.
        var state = [UInt8](repeating: 0, count: tables.schemas.count)
        for start in tables.schemas.indices where state[start] == 0 {
            var stack: [(schema: Int, next: [Int])] = [(start, applied(to: start, tables))]
            state[start] = 1
            while var top = stack.popLast() {
                if let next = top.next.popLast() {
                    stack.append(top)
                    if state[next] == 1 {
                        throw SchemaError(tables.places[top.schema], "the schema refers to itself for the same value")
                    }
                    if state[next] == 0 {
                        state[next] = 1
                        stack.append((next, applied(to: next, tables)))
                    }
                } else {
                    heights[top.schema] = 1 + (applied(to: top.schema, tables).map { heights[$0] }.max() ?? 0)
                    state[top.schema] = 2
                    // Recursion while a document is checked is bounded by it.
                    if heights[top.schema] > SchemaBounds.chain {
                        throw SchemaError(
                            tables.places[top.schema],
                            "more than \(SchemaBounds.chain) schemas apply to the same value, one because of the other")
                    }
                }
            }
        }
    }

    /// The schemas that a schema applies to the very value it is given.
    private static func applied(to schema: Int, _ tables: ProgramTables) -> [Int] {
        var found: [Int32] = []
        for pc in tables.schemas[schema].first..<tables.schemas[schema].end {
            switch tables.code[Int(pc)] {
            case .reference(let target, _), .not(let target), .dependentSchema(_, let target): found.append(target)
            case .allOf(let first, let end), .anyOf(let first, let end), .oneOf(let first, let end):
                found += tables.children[Int(first)..<Int(end)]
            case .conditional(let condition, let then, let otherwise): found += [condition, then, otherwise]
            default: break
            }
        }
        return found.filter { $0 != Instruction.none }.map(Int.init)
    }
}
