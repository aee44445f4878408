// From a program to shapes: every instruction either becomes part of a shape, or takes away the types it is about.

@_spi(Text) import JSON

struct ShapeCompiler {
    private let program: Program
    private(set) var shapes = ContiguousArray<Shape>()
    private(set) var bounds = ContiguousArray<ShapeBounds>()
    private(set) var members = ContiguousArray<ShapeMember>()
    private(set) var choices = ContiguousArray<Name>()
    private(set) var text: [UInt8] = []

    /// The shape of what is not described, behind all others.
    private var anything: Int32 { Int32(program.schemas.count) }

    init(_ program: Program) {
        self.program = program
    }

    mutating func compile() {
        for schema in program.schemas { shapes.append(shape(of: schema)) }
        // A schema that is nothing but a reference, or a choice, has the shape of what it refers to, or of what comes
        // first.
        for index in program.schemas.indices { shapes[index] = shapes[aim(of: index)] }
        shapes.append(Shape(types: .all, item: anything))
    }

    /// Where references lead, and the first of alternatives: what fits it fits, and what does not is looked at closer
    /// anyway. Beside them there may be a type, of those that the other asks for. Circles were refused when the schema
    /// was compiled.
    private func aim(of index: Int) -> Int {
        let schema = program.schemas[index]
        guard !schema.tracks else { return index }
        var types = TypeSet.all
        var target: Int32?
        for instruction in program.code[Int(schema.first)..<Int(schema.end)] {
            switch instruction {
            case .types(let some): types = some.contains(.number) ? some.union(.integer) : some
            case .reference(let other, _) where target == nil: target = other
            case .anyOf(let first, let end) where target == nil && first < end: target = program.children[Int(first)]
            default: return index
            }
        }
        guard let target else { return index }
        let found = aim(of: Int(target))
        return shapes[found].types.isSubset(of: types) ? found : index
    }

    private mutating func shape(of schema: Subschema) -> Shape {
        var shape = Shape(types: .all, item: anything)
        var bounds = ShapeBounds()
        if schema.tracks { shape.types = [] }
        for index in schema.first..<schema.end { add(program.code[Int(index)], to: &shape, &bounds) }
        if bounds != ShapeBounds() {
            shape.bounds = Int32(self.bounds.count)
            self.bounds.append(bounds)
        }
        return shape
    }

    private mutating func add(_ instruction: Instruction, to shape: inout Shape, _ bounds: inout ShapeBounds) {
        switch instruction {
        case .types(let types): shape.types.formIntersection(types.contains(.number) ? types.union(.integer) : types)
        case .enumeration(let first, let end): restrict(&shape, &bounds, to: first..<end)
        case .constant(let index): restrict(&shape, &bounds, to: index..<index + 1)
        case .minimum(let bound): limit(&shape, &bounds, bound) { $0...Int64.max }
        case .exclusiveMinimum(let bound): limit(&shape, &bounds, bound) { $0 < .max ? $0 + 1...Int64.max : nil }
        case .maximum(let bound): limit(&shape, &bounds, bound) { Int64.min...$0 }
        case .exclusiveMaximum(let bound): limit(&shape, &bounds, bound) { $0 > .min ? Int64.min...$0 - 1 : nil }
        case .multipleOf: shape.types.subtract([.number, .integer])
        case .minLength(let count): narrow(&bounds.lengths, to: count...Int.max, of: .string, &shape)
        case .maxLength(let count): narrow(&bounds.lengths, to: 0...count, of: .string, &shape)
        case .pattern, .format: shape.types.subtract(.string)
        case .minItems(let count): narrow(&bounds.counts, to: count...Int.max, of: .array, &shape)
        case .maxItems(let count): narrow(&bounds.counts, to: 0...count, of: .array, &shape)
        case .items(let first, let end, let rest) where first == end: shape.item = rest
        case .items, .uniqueItems, .contains: shape.types.subtract(.array)
        case .members(let table): addMembers(program.tables[Int(table)], to: &shape)
        case .minProperties, .maxProperties, .required, .propertyNames, .dependentRequired, .dependentSchema:
            shape.types.subtract(.object)
        case .never, .reference, .allOf, .anyOf, .oneOf, .not, .conditional, .unevaluatedItems, .unevaluatedProperties:
            shape.types = []
        }
    }

    /// Only strings: they are what nearly all enumerations are made of.
    private mutating func restrict(_ shape: inout Shape, _ bounds: inout ShapeBounds, to constants: Range<Int32>) {
        // Comparing with very many is the work of a table, not of a reader.
        guard bounds.choices == nil, constants.count <= 32 else {
            shape.types = []
            return
        }
        shape.types.formIntersection(.string)
        let first = choices.count
        for index in constants {
            let tape = program.constants[Int(index)].tape
            guard tape.entries[0].kind == .string else { continue }
            let content = tape.content(tape.entries[0])
            choices.append(Name(start: Int32(text.count), length: Int32(content.count), mark: 0))
            text.append(contentsOf: content)
        }
        bounds.choices = first..<choices.count
    }

    private func limit(
        _ shape: inout Shape, _ bounds: inout ShapeBounds, _ bound: Int32, _ range: (Int64) -> ClosedRange<Int64>?
    ) {
        let bound = program.bounds[Int(bound)]
        let values = bounds.values ?? Int64.min...Int64.max
        guard bound.isInteger, let range = range(bound.integer), values.overlaps(range) else {
            return shape.types.subtract([.number, .integer])
        }
        bounds.values = values.clamped(to: range)
    }

    private func narrow(
        _ counts: inout ClosedRange<Int>, to range: ClosedRange<Int>, of type: TypeSet, _ shape: inout Shape
    ) {
        guard counts.overlaps(range) else { return shape.types.subtract(type) }
        counts = counts.clamped(to: range)
    }

    private mutating func addMembers(_ table: MemberTable, to shape: inout Shape) {
        guard table.firstPattern == table.endPattern else { return shape.types.subtract(.object) }
        let first = Int32(members.count)
        shape.required = table.required
        var place = table.firstDeclared
        repeat {
            let slot = program.slots[Int(place)]
            place = slot.nextDeclared
            // A name that is written with escapes is not found by its bytes.
            let name = program.text[Int(slot.name.start)..<Int(slot.name.start + max(slot.name.length, 0))]
            guard slot.schema != Instruction.none, endOfPlainText(name.span, from: 0, asciiOnly: false) == name.count
            else { continue }
            let start = text.count
            text.append(UInt8(ascii: "\""))
            text.append(contentsOf: name)
            text.append(contentsOf: "\":".utf8)
            members.append(ShapeMember(text.span, from: start, shape: slot.schema, required: slot.required))
        } while place != table.firstDeclared
        (shape.firstMember, shape.endMember) = (first, Int32(members.count))
    }
}

extension TypeSet {
    static let string = TypeSet(.string)
    static let number = TypeSet(.number)
    static let array = TypeSet(.array)
    static let object = TypeSet(.object)
    static let all: TypeSet = [
        TypeSet(.null), TypeSet(.bool), .number, .integer, .string, .array, .object,
    ]
}
