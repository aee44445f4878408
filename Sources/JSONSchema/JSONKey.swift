// A member's name on its way into many objects: quoted once, not each time.

/// The name of a member as `JSONWriter` writes it.
public struct JSONKey: Sendable {
    /// Quotation marks, escapes and the colon included.
    let bytes: [UInt8]

    public init(_ name: String) {
        var writer = JSONWriter(reservingCapacity: name.utf8.count + 3)
        writer.string(name)
        bytes = writer.finish() + [UInt8(ascii: ":")]
    }
}
