// Places the names of one object schema in a hash table, so that validating looks each member up once.

struct MemberTableBuilder {
    private var order: [ExactText] = []
    private var schemas: [ExactText: Int32] = [:]
    private var required: [ExactText: UInt64] = [:]
    var patterns: [MemberPattern] = []
    var additional = Instruction.none
    var refusesAdditional = false

    var isEmpty: Bool { order.isEmpty && patterns.isEmpty && additional == Instruction.none }

    mutating func add(_ name: String, _ schema: Int32) {
        let key = ExactText(name)
        if required[key] == nil, schemas[key] == nil { order.append(key) }
        schemas[key] = schema
    }

    /// At most 64 different names, before any `add`.
    mutating func require(_ name: String) {
        let key = ExactText(name)
        required[key] = 1 << UInt64(order.count)
        order.append(key)
    }

    /// Appends the table and returns its number.
    func finish(_ tables: inout ProgramTables) -> Int32 {
        var size = 2
        while size < order.count * 2 { size *= 2 }
        var slots = [MemberSlot](repeating: MemberSlot(), count: size)
        var table = MemberTable()
        for key in order {
            let name = tables.name(key.text)
            var index = Int(name.mark) & (size - 1)
            while slots[index].name.length >= 0 { index = (index + 1) & (size - 1) }
            slots[index] = MemberSlot(
                name: name, schema: schemas[key] ?? Instruction.none, required: required[key] ?? 0)
            table.required |= slots[index].required
        }
        table.firstSlot = Int32(tables.slots.count)
        table.mask = Int32(size - 1)
        tables.slots.append(contentsOf: slots)
        table.firstPattern = Int32(tables.memberPatterns.count)
        tables.memberPatterns.append(contentsOf: patterns)
        table.endPattern = Int32(tables.memberPatterns.count)
        table.additional = additional
        table.refusesAdditional = refusesAdditional
        tables.tables.append(table)
        return Int32(tables.tables.count - 1)
    }
}
