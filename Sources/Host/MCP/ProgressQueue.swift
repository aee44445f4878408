// What a call has told of its progress and not yet been sent: a value, so that threads and streams stay out of its
// rules.

import HostHTTP
import HostObservation

/// Decides what goes to the client of one call, and when an answer becomes a stream.
///
/// A tool may report as often as it likes. What the client cannot take in time is left out, the oldest first, so that
/// neither memory nor the event loop is at the tool's mercy.
struct ProgressQueue: Sendable {
    struct Report: Sendable, Equatable {
        var done: Double
        /// 0: unknown.
        var total: Double
        var message: String?
    }

    /// How a call ended.
    struct Ending: Sendable, Equatable {
        /// The response.
        enum Message: Sendable, Equatable {
            case bytes([UInt8])
            case result(FramedResult)
        }

        /// `nil` when no response is due, because the client has cancelled.
        var message: Message?
        /// For the log.
        var reason: String?
        /// What is reported of the call that this answers.
        var report: CallEnding?

        /// The bytes of the response.
        var body: [UInt8]? {
            switch message {
            case .bytes(let bytes): bytes
            case .result(let message): message.bytes
            case nil: nil
            }
        }
    }

    /// What to do now, in this order.
    struct Steps: Sendable, Equatable {
        var begins = false
        var reports: [Report] = []
        var ending: Ending?
        /// Whether the ending is one of a stream.
        var isStream = false
    }

    static let limit = 16

    private var waiting: [Report] = []
    private var last = -Double.infinity
    private var ending: Ending?
    private var isScheduled = false
    private var hasBegun = false
    /// Nothing more will ever go to the client.
    private(set) var isOver = false

    /// - Returns: whether somebody has to come and take.
    mutating func report(_ report: Report) -> Bool {
        // Progress has to increase with each report (progress, "Progress Notifications").
        guard ending == nil, !isOver, report.done > last else { return false }
        last = report.done
        waiting.append(report)
        if waiting.count > Self.limit { waiting.removeFirst() }
        return schedule()
    }

    mutating func end(_ ending: Ending) -> Bool {
        guard self.ending == nil, !isOver else { return false }
        self.ending = ending
        return schedule()
    }

    /// - Parameter canTake: whether the client keeps up.
    mutating func take(canTake: Bool) -> Steps {
        isScheduled = false
        guard !isOver, canTake || ending != nil else { return Steps() }
        var steps = Steps(reports: waiting, ending: ending)
        waiting = []
        steps.begins = !hasBegun && !steps.reports.isEmpty
        hasBegun = hasBegun || steps.begins
        steps.isStream = hasBegun
        isOver = ending != nil
        // It holds the call, which holds what this is a part of.
        ending = nil
        return steps
    }

    /// What the client could not take after all. It is older than what was reported meanwhile.
    mutating func giveBack(_ reports: ArraySlice<Report>) {
        guard !isOver else { return }
        waiting = Array((reports + waiting).suffix(Self.limit))
    }

    /// The client is gone.
    mutating func close() {
        isOver = true
        waiting = []
        ending = nil
    }

    private mutating func schedule() -> Bool {
        defer { isScheduled = true }
        return !isScheduled
    }
}
