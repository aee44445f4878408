// Until when a connection waits for what it waits for, as a value: it has no clock and schedules nothing.

import NIOCore

/// The time by which the present phase of a connection must end.
///
/// A task that is scheduled too early looks again; only one that would look too late is replaced, so that a busy
/// connection schedules next to nothing.
struct ConnectionDeadline: Sendable {
    enum Wait: Sendable {
        /// Nothing of the client's: a call has a deadline of its own.
        case nothing
        /// The first head of the connection.
        case head
        case body
        /// The next request.
        case request
        /// The client takes what was written.
        case taking
        /// There has been nothing to write to a client that takes all.
        case sign
        /// What still comes in behind the last answer.
        case rest
        /// Something that a host which stops does not wait for as long as for others.
        case arrival
    }

    /// What to do about the task.
    enum Order: Sendable, Equatable {
        case nothing
        case schedule(NIODeadline)
        /// Cancel the one there is.
        case replace(NIODeadline)
    }

    /// What a task that fired has found.
    enum Finding: Sendable, Equatable {
        case nothing
        /// It was too early: look again then.
        case early(NIODeadline)
        case over
    }

    private let head, body, request, taking: TimeAmount
    private var limit: NIODeadline?
    /// When the task fires that there is.
    private var scheduled: NIODeadline?

    /// After this time without a piece a stream gives a sign of life, so that no proxy takes it for dead.
    static let heartbeat = TimeAmount.seconds(15)
    /// How long what comes behind the last answer is read and thrown away.
    static let lingering = TimeAmount.seconds(2)
    /// How long a host that is stopping, or crowded, waits for a request.
    static let arrival = TimeAmount.seconds(3)

    init(_ settings: HTTPSettings) {
        (head, body) = (settings.headerTimeout, settings.bodyTimeout)
        (request, taking) = (settings.idleTimeout, settings.writeTimeout)
    }

    /// - Parameter isHurried: whether clients get less time to send something.
    mutating func wait(for wait: Wait, isHurried: Bool, now: NIODeadline) -> Order {
        guard let time = time(for: wait, isHurried) else {
            limit = nil
            return .nothing
        }
        let limit = now + time
        self.limit = limit
        guard let scheduled else {
            self.scheduled = limit
            return .schedule(limit)
        }
        guard scheduled > limit else { return .nothing }
        self.scheduled = limit
        return .replace(limit)
    }

    /// The task fired.
    mutating func fired(now: NIODeadline) -> Finding {
        scheduled = nil
        guard let limit else { return .nothing }
        guard limit > now else { return .over }
        scheduled = limit
        return .early(limit)
    }

    private func time(for wait: Wait, _ isHurried: Bool) -> TimeAmount? {
        switch wait {
        case .nothing: nil
        case .head: isHurried ? min(Self.arrival, head) : head
        case .body: isHurried ? min(Self.arrival, body) : body
        case .request: request
        case .taking: taking
        case .sign: Self.heartbeat
        case .rest: Self.lingering
        case .arrival: Self.arrival
        }
    }
}
