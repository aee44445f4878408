// A header field of a kind that may stand in a head only once.

/// A header field that may stand in a head only once, with as much of it as shows that it did.
public struct SingleField: Sendable, ExpressibleByArrayLiteral {
    public private(set) var first: String?
    public private(set) var count = 0

    public var isEmpty: Bool { count == 0 }

    public init(first: String?, count: Int) {
        self.first = first
        self.count = count
    }

    init(_ values: [String]) {
        self.init(first: values.first, count: values.count)
    }

    public init(arrayLiteral values: String...) {
        self.init(values)
    }
}
