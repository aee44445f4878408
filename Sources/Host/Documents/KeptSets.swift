// What is made for each set of tools that some callers may see, and kept for the next who asks for the same: a value,
// so that its limit has a test.

/// No more of them than a limit says.
public struct KeptSets<Key: Hashable & Sendable, Made: Sendable>: Sendable {
    /// As many as there are kinds of clients, and more.
    static var usualLimit: Int { 64 }

    private let limit: Int
    private var sets: [Key: Made] = [:]

    /// - Parameter limit: at least 1.
    package init(limit: Int = usualLimit) {
        self.limit = limit
    }

    public subscript(_ key: Key) -> Made? { sets[key] }

    /// Any one of the others goes where there are too many: whoever asks for many in turn drives out no more than as
    /// many.
    public mutating func keep(_ made: Made, for key: Key) {
        if sets[key] == nil, sets.count >= limit { sets.remove(at: sets.startIndex) }
        sets[key] = made
    }
}
