// A header field of a kind that may stand in a head only once.

/// A header field that may stand in a head only once, with as much of it as shows that it did.
package struct SingleField: Sendable, ExpressibleByArrayLiteral {
    package private(set) var first: String?
    package private(set) var count = 0

    package var isEmpty: Bool { count == 0 }

    package init(first: String?, count: Int) {
        self.first = first
        self.count = count
    }

    init(_ values: [String]) {
        self.init(first: values.first, count: values.count)
    }

    package init(arrayLiteral values: String...) {
        self.init(values)
    }
}
