// Answers that one worker has posted and nobody was woken for yet: one wake-up for several of them.

/// The lanes on which a worker has answers that the host has not been told of. They are told as soon as the worker has
/// nothing more to do or takes up what may block, and before there are too many.
struct HeldAnswers {
    /// With more, the host would have nothing to do while this worker has. One wake-up in eight calls is little beside
    /// what they take.
    private static let most = 8

    /// At most ``most`` of them.
    private var lanes: [Int] = []
    private var count = 0

    /// - Returns: whether the host is to be told now.
    mutating func add(lane: Int) -> Bool {
        if !lanes.contains(lane) { lanes.append(lane) }
        count += 1
        return count >= Self.most
    }

    /// The lanes to be told, once.
    mutating func takeLanes() -> [Int] {
        guard count > 0 else { return [] }
        count = 0
        defer { lanes.removeAll(keepingCapacity: true) }
        return lanes
    }
}
