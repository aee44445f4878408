// When the process of a pack is started again after it ended, and what calls do meanwhile; a value.

import HostBase
import NIOCore

/// The starts of one pack in a process of its own, the first one included: `begins`, and then `becameHealthy` or
/// `ended`.
///
/// A failure is an end that nobody asked for, be it of a start or of a process that had served. After each one in a row
/// the next start waits longer; a minute of health ends the row.
public struct RestartPolicy: Sendable {
    public enum Phase: Sendable, Equatable {
        /// It is to be started anew, and calls that it has are waited for, until then at the latest.
        case emptying(until: NIODeadline)
        /// A call of it is stuck, and the others that it has are waited for, until then at the latest.
        case replacing(until: NIODeadline, since: NIODeadline)
        /// A start is due then, or as soon as it can be made.
        case waiting(until: NIODeadline)
        case starting
        /// Takes calls.
        case running(since: NIODeadline)
        /// Failed too often in a row: somebody has to restart it by hand.
        case failed
        /// The host stops.
        case stopped
    }

    public enum Decision: Sendable, Equatable {
        case start(at: NIODeadline)
        case never
    }

    /// What a call is to do.
    public enum Admission: Sendable, Equatable {
        case enter
        /// Asks again when the pack is healthy, and at this time in any case.
        case wait(until: NIODeadline)
        /// Is refused; the next start is due after this time.
        case refuse(retryAfter: TimeAmount)
        /// Is refused: there is no next start.
        case failed
        /// Is refused: the host stops.
        case stopped
    }

    /// Why it was not running any more, or was started anew.
    public struct Event: Sendable, Equatable {
        public let date: NumericDate
        public let reason: String
    }

    /// As long as this without an end, and the next failure is the first one again.
    static let health = TimeAmount.seconds(60)
    /// How long a call waits.
    static let patience = TimeAmount.seconds(1)
    /// So many starts may fail in a row before there is a second between them at least.
    static let quickStarts = 3
    /// How many events are remembered.
    static let memory = 10

    public private(set) var phase: Phase
    /// The latest ten, the latest last.
    public private(set) var events: [Event] = []
    /// Starts after the first one, whatever they came to.
    public private(set) var restarts = 0
    private var hasBegun = false
    /// Failures since it was healthy for long enough.
    private var failures = 0
    private let settings: RestartSettings

    /// - Parameter now: when the first start is due.
    public init(_ settings: RestartSettings, at now: NIODeadline) {
        self.settings = settings
        phase = .waiting(until: now)
    }

    /// When the next start is due; `nil` where none is to come, or the pack runs.
    public var nextStart: NIODeadline? {
        if case .waiting(let due) = phase { due } else { nil }
    }

    /// A start is due, and the process before it is gone.
    ///
    /// - Returns: whether to start: nothing has come between.
    public mutating func begins() -> Bool {
        guard case .waiting = phase else { return false }
        phase = .starting
        restarts += hasBegun ? 1 : 0
        hasBegun = true
        return true
    }

    /// The start succeeded, and calls are let in.
    public mutating func becameHealthy(at now: NIODeadline) {
        if phase == .starting { phase = .running(since: now) }
    }

    /// The process ended, or its start came to nothing, and nobody had asked for that.
    ///
    /// - Parameters:
    ///   - reason: as `RunnerEnd` puts it.
    ///   - date: the time of day.
    public mutating func ended(because reason: String, at now: NIODeadline, on date: NumericDate) -> Decision {
        var isStart = false
        switch phase {
        case .failed, .stopped: return .never
        // Told twice.
        case .waiting(let due): return .start(at: due)
        // Of the process in whose place somebody wants another one.
        case .emptying: return start(at: now)
        case .starting: isStart = true
        case .running(let since), .replacing(_, let since): if now - since >= Self.health { failures = 0 }
        }
        remember(reason, date)
        failures += 1
        if let limit = settings.limit, failures >= limit {
            phase = .failed
            return .never
        }
        let delay = settings.delays[min(failures, settings.delays.count) - 1]
        // One that never gets so far is not tried without end as fast as there are processes.
        return start(at: now + (isStart && failures > Self.quickStarts ? max(delay, Self.patience) : delay))
    }

    /// The host had not what a start takes: that is no failure of the pack's.
    public mutating func lacked(because reason: String, at now: NIODeadline, on date: NumericDate) -> Decision {
        guard phase == .starting else { return ended(because: reason, at: now, on: date) }
        remember(reason, date)
        return start(at: now + Self.patience)
    }

    /// Somebody wants it started anew: the row of failures is over.
    ///
    /// - Parameter time: when what runs has no call any more at the latest; `nil` where nothing runs.
    /// - Returns: of what runs the time that it may take; ``hasEmptied(at:)`` says more.
    public mutating func restartedByHand(
        at now: NIODeadline, on date: NumericDate, emptyBy time: NIODeadline? = nil
    ) -> Decision {
        guard phase != .stopped else { return .never }
        remember("restarted by hand", date)
        failures = 0
        guard let time else { return start(at: now) }
        phase = .emptying(until: time)
        return .start(at: time)
    }

    /// The process ended in whose place somebody wants another one.
    ///
    /// - Returns: `nil` where nobody wants one.
    public mutating func hasEmptied(at now: NIODeadline) -> Decision? {
        switch phase {
        case .emptying: start(at: now)
        case .waiting(let due): .start(at: due)
        case .starting, .running, .replacing, .failed, .stopped: nil
        }
    }

    /// What runs takes no calls any more, and is ended then at the latest, which will be a failure.
    public mutating func replaces(until time: NIODeadline) {
        if case .running(let since) = phase { phase = .replacing(until: time, since: since) }
    }

    /// Nothing is started from now on.
    public mutating func hostStops() {
        phase = .stopped
    }

    /// - Parameters:
    ///   - arrival: when the call came: one that asks again after it has waited is not kept for longer.
    ///   - isThere: whether there is a process that takes calls. Where it runs and there is none it has just ended.
    public func admission(at now: NIODeadline, since arrival: NIODeadline, isThere: Bool = true) -> Admission {
        let end = arrival + Self.patience
        switch phase {
        case .running where isThere: return .enter
        case .failed: return .failed
        case .stopped: return .stopped
        case .starting, .running: return now < end ? .wait(until: end) : .refuse(retryAfter: Self.patience)
        // Most calls are over long before their time is.
        case .emptying(let time), .replacing(let time, _):
            return now < end ? .wait(until: end) : .refuse(retryAfter: max(time - now, Self.patience))
        case .waiting(let due):
            // One that is overdue comes at any moment.
            if now < end, due <= end { return .wait(until: end) }
            return .refuse(retryAfter: max(due - now, Self.patience))
        }
    }

    private mutating func start(at due: NIODeadline) -> Decision {
        phase = .waiting(until: due)
        return .start(at: due)
    }

    private mutating func remember(_ reason: String, _ date: NumericDate) {
        if events.count == Self.memory { events.removeFirst() }
        events.append(Event(date: date, reason: reason))
    }
}
