// When to leave a failing origin alone, so that callers hear it at once and the backend can recover; a value.

import NIOCore

/// A circuit breaker for one origin.
///
/// Closed until a number of attempts in a row failed. Then open: nothing passes for a while. After that one attempt
/// passes; if it goes well the circuit is closed again, else it opens for twice as long, up to a minute.
public struct Circuit: Sendable {
    enum Admission: Sendable, Equatable {
        /// With the number that its end is told by.
        case pass(Int)
        /// Not before this time has passed.
        case refuse(TimeAmount)
    }

    private enum State: Sendable {
        case closed(failures: Int)
        case open(until: NIODeadline, pause: TimeAmount)
        /// One attempt is on its way; whoever else comes waits for its end.
        case probing(since: NIODeadline, pause: TimeAmount)
    }

    /// What changed, for the log.
    enum Change: Sendable, Equatable {
        case opened(TimeAmount)
        case closed
    }

    public static let longestPause = TimeAmount.seconds(60)
    /// A probe that has not ended by then is not waited for: its call may have been given up without a verdict.
    private static let patience = TimeAmount.seconds(10)

    /// Failures in a row that open it.
    let threshold: Int
    let firstPause: TimeAmount
    private var state = State.closed(failures: 0)
    /// The number of the last probe. Attempts that began before it say nothing about how it goes.
    private var number = 0

    init(threshold: Int, firstPause: TimeAmount) {
        self.threshold = threshold
        self.firstPause = firstPause
    }

    var isOpen: Bool {
        if case .closed = state { return false }
        return true
    }

    /// Whether an attempt may begin now. One that passes is followed by `succeeded`, `failed` or `withdrawn`.
    mutating func admit(_ now: NIODeadline) -> Admission {
        switch state {
        case .closed: return .pass(number)
        case .open(let until, let pause):
            guard now >= until else { return .refuse(until - now) }
            return probe(pause, now)
        case .probing(let since, let pause):
            guard now >= since + Self.patience else { return .refuse(.seconds(1)) }
            return probe(pause, now)
        }
    }

    private mutating func probe(_ pause: TimeAmount, _ now: NIODeadline) -> Admission {
        number += 1
        state = .probing(since: now, pause: pause)
        return .pass(number)
    }

    /// The backend answered.
    mutating func succeeded() -> Change? {
        defer { state = .closed(failures: 0) }
        return isOpen ? .closed : nil
    }

    /// The backend could not be reached, broke off, did not answer in time or said that it cannot (502, 503, 504).
    mutating func failed(_ admission: Int, _ now: NIODeadline) -> Change? {
        switch state {
        case .closed(let failures):
            guard failures + 1 >= threshold else {
                state = .closed(failures: failures + 1)
                return nil
            }
            return open(for: firstPause, now)
        case .probing(_, let pause):
            guard admission == number else { return nil }
            return open(for: min(pause * 2, Self.longestPause), now)
        case .open:
            // Begun before it opened: says nothing new.
            return nil
        }
    }

    /// The attempt ended without saying anything about the backend: its caller went away.
    mutating func withdrawn(_ admission: Int, _ now: NIODeadline) {
        if case .probing(_, let pause) = state, admission == number { state = .open(until: now, pause: pause) }
    }

    private mutating func open(for pause: TimeAmount, _ now: NIODeadline) -> Change {
        state = .open(until: now + pause, pause: pause)
        return .opened(pause)
    }
}
