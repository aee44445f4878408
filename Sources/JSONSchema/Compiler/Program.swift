// A compiled schema as flat tables of plain data, so that validating neither allocates nor chases pointers.

@_spi(Text) import JSON

/// One check. Indices are into the program's tables; `none` stands for an absent schema.
enum Instruction: BitwiseCopyable, Sendable {
    case never
    case types(TypeSet)
    case enumeration(first: Int32, end: Int32)
    case constant(Int32)
    case minimum(Int32)
    case exclusiveMinimum(Int32)
    case maximum(Int32)
    case exclusiveMaximum(Int32)
    case multipleOf(Int32)
    case minLength(Int)
    case maxLength(Int)
    case pattern(Int32)
    case format(Format)
    case minItems(Int)
    case maxItems(Int)
    case uniqueItems
    case items(first: Int32, end: Int32, rest: Int32)
    case contains(Int32, minimum: Int32, maximum: Int32)
    case minProperties(Int)
    case maxProperties(Int)
    case members(Int32)
    case required(first: Int32, end: Int32)
    case propertyNames(Int32)
    case dependentRequired(trigger: Int32, first: Int32, end: Int32)
    case dependentSchema(trigger: Int32, schema: Int32)
    case reference(Int32, isDynamic: Bool)
    case allOf(first: Int32, end: Int32)
    case anyOf(first: Int32, end: Int32)
    case oneOf(first: Int32, end: Int32)
    case not(Int32)
    case conditional(Int32, then: Int32, otherwise: Int32)
    case unevaluatedItems(Int32)
    case unevaluatedProperties(Int32)

    static let none: Int32 = -1
}

/// The types of JSON Schema: the six kinds and `integer`.
struct TypeSet: OptionSet, BitwiseCopyable, Sendable {
    let rawValue: UInt8
    static let integer = TypeSet(rawValue: 1 << 6)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    @inline(__always)
    init(_ kind: JSONKind) { rawValue = 1 &<< kind.rawValue }

    init?(named name: String) {
        switch name {
        case "null": self.init(.null)
        case "boolean": self.init(.bool)
        case "number": self.init(.number)
        case "string": self.init(.string)
        case "array": self.init(.array)
        case "object": self.init(.object)
        case "integer": self = .integer
        default: return nil
        }
    }

    /// For messages: "a string or null".
    var description: String {
        let names: [(TypeSet, String)] = [
            (TypeSet(.object), "an object"), (TypeSet(.array), "an array"), (TypeSet(.string), "a string"),
            (TypeSet(.number), "a number"), (.integer, "an integer"), (TypeSet(.bool), "a boolean"),
            (TypeSet(.null), "null"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
    }
}

/// A schema: a run of instructions.
struct Subschema: BitwiseCopyable, Sendable {
    var first: Int32 = 0
    var end: Int32 = 0
    /// Has an `unevaluated…` keyword, so it must know what its other keywords have looked at.
    var tracks = false
    /// The types that are valid without a further look; empty where there is more to check than the type.
    var soleTypes = TypeSet()
}

/// A text in `Program.text`.
struct Name: BitwiseCopyable, Sendable {
    let start: Int32
    let length: Int32
    let mark: UInt16
}

/// A number in `Program.text`.
struct Bound: BitwiseCopyable, Sendable {
    let name: Name
    let shape: DecimalShape
    /// The value, when it is whole and in range.
    let integer: Int64
    let isInteger: Bool
    /// For `multipleOf`: the significant digits.
    let coefficient: UInt64
}

/// `properties`, `patternProperties`, `additionalProperties` and `required` of one schema.
struct MemberTable: BitwiseCopyable, Sendable {
    /// Open addressing over `Program.slots`; `mask` is a power of two less one.
    var firstSlot: Int32 = 0
    var mask: Int32 = 0
    /// The slot of the member that is declared first.
    var firstDeclared: Int32 = 0
    var firstPattern: Int32 = 0
    var endPattern: Int32 = 0
    var additional: Int32 = Instruction.none
    var refusesAdditional = false
    /// One bit for each required name.
    var required: UInt64 = 0
}

struct MemberSlot: BitwiseCopyable, Sendable {
    var name = Name(start: 0, length: -1, mark: 0)
    /// The first eight bytes of the name.
    var head: UInt64 = 0
    var schema: Int32 = Instruction.none
    var required: UInt64 = 0
    /// The slot of the member that is declared behind this one: documents tend to keep to the order.
    var nextDeclared: Int32 = 0
    /// As in the member's `Subschema`.
    var soleTypes = TypeSet()
}

struct MemberPattern: BitwiseCopyable, Sendable {
    let pattern: Int32
    let schema: Int32
}

/// The tables while the compiler fills them.
struct ProgramTables: Sendable {
    var schemas = ContiguousArray<Subschema>()
    var code = ContiguousArray<Instruction>()
    var children = ContiguousArray<Int32>()
    var names = ContiguousArray<Name>()
    var text: [UInt8] = []
    var bounds = ContiguousArray<Bound>()
    var tables = ContiguousArray<MemberTable>()
    var slots = ContiguousArray<MemberSlot>()
    var memberPatterns = ContiguousArray<MemberPattern>()
    var constants: [JSONDocument] = []
    var patterns: [Pattern] = []
    /// Where each schema is written, for violations.
    var places: [String] = []

    mutating func name(_ string: String) -> Name {
        let start = text.count
        text.append(contentsOf: string.utf8)
        let length = text.count - start
        return Name(start: Int32(start), length: Int32(length), mark: contentMark(text.span, start, length))
    }
}

/// The finished tables; shared by every validation that uses the schema.
final class Program: Sendable {
    let schemas: ContiguousArray<Subschema>
    let code: ContiguousArray<Instruction>
    let children: ContiguousArray<Int32>
    let names: ContiguousArray<Name>
    let text: [UInt8]
    let bounds: ContiguousArray<Bound>
    let tables: ContiguousArray<MemberTable>
    let slots: ContiguousArray<MemberSlot>
    let memberPatterns: ContiguousArray<MemberPattern>
    let constants: [JSONDocument]
    let patterns: [Pattern]
    let places: [String]

    init(_ tables: ProgramTables) {
        let schemas = ContiguousArray(tables.schemas.map { Self.withSoleTypes($0, tables.code) })
        self.schemas = schemas
        code = tables.code
        children = tables.children
        names = tables.names
        text = tables.text
        bounds = tables.bounds
        self.tables = tables.tables
        slots = ContiguousArray(
            tables.slots.map { slot in
                var slot = slot
                if slot.schema != Instruction.none { slot.soleTypes = schemas[Int(slot.schema)].soleTypes }
                return slot
            })
        memberPatterns = tables.memberPatterns
        constants = tables.constants
        patterns = tables.patterns
        places = tables.places
    }

    private static func withSoleTypes(_ schema: Subschema, _ code: ContiguousArray<Instruction>) -> Subschema {
        var schema = schema
        if schema.end - schema.first == 1, !schema.tracks, case .types(let types) = code[Int(schema.first)] {
            schema.soleTypes = types
        }
        return schema
    }

    /// Where in `slots` a member of a document is; `nil` when the table does not name it.
    ///
    /// - Parameter expected: The slot to try first.
    func slot(of name: TapeEntry, _ bytes: Span<UInt8>, in table: MemberTable, _ expected: Int32) -> Int? {
        let content = bytes.extracting(Int(name.start)..<Int(name.start) &+ Int(name.length))
        let head = contentHead(content, 0, content.count)
        if isNamed(slots[Int(expected)], content, head) { return Int(expected) }
        var offset = Int32(name.mark) & table.mask
        while true {
            let place = Int(table.firstSlot &+ offset)
            if isNamed(slots[place], content, head) { return place }
            if slots[place].name.length < 0 { return nil }
            offset = (offset &+ 1) & table.mask
        }
    }

    @inline(__always)
    private func isNamed(_ slot: MemberSlot, _ content: Span<UInt8>, _ head: UInt64) -> Bool {
        guard slot.head == head, Int(slot.name.length) == content.count else { return false }
        if content.count <= 8 { return true }
        let text = text
        return sameBytes(content, 0, text.span, Int(slot.name.start), content.count)
    }

    func string(_ name: Name) -> String {
        String(decoding: text[Int(name.start)..<Int(name.start + name.length)], as: UTF8.self)
    }
}
