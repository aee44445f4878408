// From the request to the end of a stream that listens: a value, so that threads, timers and connections stay out of
// its rules.

/// Decides when a client is told of changes, and what ends with its stream.
///
/// A change may come at any time, also before the stream is open and after it is over; so may the end.
struct SubscriptionLife<Timer: Sendable>: Sendable {
    struct End: Sendable {
        /// To be cancelled, where there is one.
        var timer: Timer?
    }

    private let hearsOfChanges: Bool
    private var isOver = false
    /// Something changed, and the client has not been told.
    private var hasChange = false
    private var timer: Timer?

    init(hearsOfChanges: Bool) {
        self.hearsOfChanges = hearsOfChanges
    }

    /// - Returns: whether there is something to tell that there was not.
    mutating func change() -> Bool {
        guard hearsOfChanges, !isOver, !hasChange else { return false }
        hasChange = true
        return true
    }

    /// The head and the acknowledgement are on their way.
    ///
    /// - Parameter timer: that of the end.
    /// - Returns: the timer, where the stream is over already and nothing waits for it any more.
    mutating func opened(until timer: Timer) -> Timer? {
        guard !isOver else { return timer }
        self.timer = timer
        return nil
    }

    /// - Parameter canTake: whether the client keeps up; else it is told later, once of all changes.
    /// - Returns: whether it is told now.
    mutating func tell(canTake: Bool) -> Bool {
        guard canTake, hasChange, !isOver else { return false }
        hasChange = false
        return true
    }

    /// - Returns: `nil` where it was over already.
    mutating func end() -> End? {
        guard !isOver else { return nil }
        isOver = true
        defer { timer = nil }
        return End(timer: timer)
    }
}
