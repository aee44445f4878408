// Places the names of one object schema in a hash table, so that validating looks each member up once.

@_spi(Text) import JSON

struct MemberTableBuilder {
    private var order: [ExactText] = []
    private var schemas: [ExactText: Int32] = [:]
    private var declared: [ExactText] = []
    private var required: [ExactText: UInt64] = [:]
    var patterns: [MemberPattern] = []
    var additional = Instruction.none
    var refusesAdditional = false

    var isEmpty: Bool { order.isEmpty && patterns.isEmpty && additional == Instruction.none }

    mutating func add(_ name: String, _ schema: Int32) {
        let key = ExactText(name)
        if required[key] == nil, schemas[key] == nil { order.append(key) }
        if schemas[key] == nil { declared.append(key) }
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
        var places: [ExactText: Int] = [:]
        var table = MemberTable()
        for key in order {
            let name = tables.name(key.text)
            var index = Int(name.mark) & (size - 1)
            while slots[index].name.length >= 0 { index = (index + 1) & (size - 1) }
            slots[index] = MemberSlot(
                name: name, head: contentHead(tables.text.span, Int(name.start), Int(name.length)),
                schema: schemas[key] ?? Instruction.none, required: required[key] ?? 0)
            places[key] = index
            table.required |= slots[index].required
        }
        table.firstSlot = Int32(tables.slots.count)
        table.mask = Int32(size - 1)
        let inOrder = declared.map { places[$0] ?? 0 }
        table.firstDeclared = table.firstSlot + Int32(inOrder.first ?? 0)
        for (place, next) in zip(inOrder, inOrder.dropFirst() + inOrder.prefix(1)) {
            slots[place].nextDeclared = table.firstSlot + Int32(next)
        }
        // Behind a name that is only required, the first one is as good a guess as any.
        for place in slots.indices where slots[place].schema == Instruction.none {
            slots[place].nextDeclared = table.firstDeclared
        }
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
