// Lists that are made when somebody asks, and kept for the next who asks for the same: a value, so that its limit has a test.

/// No more lists than a limit says.
struct KeptLists<Key: Hashable & Sendable, List: Sendable>: Sendable {
    private let limit: Int
    private var lists: [Key: List] = [:]

    /// - Parameter limit: at least 1.
    init(limit: Int) {
        self.limit = limit
    }

    subscript(_ key: Key) -> List? { lists[key] }

    /// Any one of the others goes where there are too many: whoever asks for many in turn drives out no more than as many.
    mutating func keep(_ list: List, for key: Key) {
        if lists[key] == nil, lists.count >= limit { lists.remove(at: lists.startIndex) }
        lists[key] = list
    }
}
