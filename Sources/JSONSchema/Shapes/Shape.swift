// What of a schema can be decided while its document is still being read: all of it, for most of what tools exchange.

@_spi(Text) import JSON

/// What a ``ShapeReader`` asks of a value. Nothing in it refers to anything else about the value than its own text.
struct Shape: BitwiseCopyable, Sendable {
    /// The types a value may have; none where the schema says more than a shape can.
    var types: TypeSet
    /// In `ShapeTable.bounds`; `none` for the many that may be anything of their type.
    var bounds = Instruction.none
    /// The shape of an array's items.
    var item: Int32
    /// The members of an object in the order of the schema, in `ShapeTable.members`.
    var firstMember: Int32 = 0
    var endMember: Int32 = 0
    /// One bit for each required member.
    var required: UInt64 = 0
}

/// What else is asked of values of one type.
struct ShapeBounds: Sendable, Equatable {
    /// Characters of a string.
    var lengths = 0...Int.max
    /// The only strings there may be, in `ShapeTable.choices`; `nil` where any will do.
    var choices: Range<Int>?
    /// The range of a whole number; one with a fraction is left undecided.
    var values: ClosedRange<Int64>?
    /// Items of an array.
    var counts = 0...Int.max
}

/// A member that an object may have.
struct ShapeMember: BitwiseCopyable, Sendable {
    /// The name with its quotation marks and the colon, in `ShapeTable.text`.
    let start: Int32
    let length: Int32
    let shape: Int32
    let required: UInt64
    /// The first eight bytes of it, zeros behind a shorter one, and which of their bits there are.
    let head: UInt64
    let mask: UInt64
    /// The last eight bytes, where it has as many.
    let tail: UInt64

    /// - Parameter text: ends with the name.
    init(_ text: Span<UInt8>, from start: Int, shape: Int32, required: UInt64) {
        let length = text.count - start
        self.start = Int32(start)
        self.length = Int32(length)
        self.shape = shape
        self.required = required
        head = contentHead(text, start, length)
        mask = length >= 8 ? ~0 : 1 << UInt64(length * 8) - 1
        tail = length >= 8 ? word(text, text.count - 8) : 0
    }
}

/// The shapes of a program's schemas, under the same numbers.
final class ShapeTable: Sendable {
    let shapes: ContiguousArray<Shape>
    let bounds: ContiguousArray<ShapeBounds>
    let members: ContiguousArray<ShapeMember>
    let choices: ContiguousArray<Name>
    let text: [UInt8]

    init(_ program: Program) {
        var compiler = ShapeCompiler(program)
        compiler.compile()
        shapes = compiler.shapes
        bounds = compiler.bounds
        members = compiler.members
        choices = compiler.choices
        text = compiler.text
    }
}
