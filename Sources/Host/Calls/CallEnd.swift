// How one call ended and what it took: all that whoever asked for it is told.

import HostObservation
import NIOCore

/// The end of a call, told once.
public struct CallEnd: Sendable {
    public var outcome: CallOutcome
    /// How long it waited for a place in its pack.
    var queued: TimeAmount
    /// From there until its caller was answered; zero where the pack has never heard of it.
    var ran: TimeAmount
    /// As the tool was given them.
    var argumentBytes: Int
    /// How often something was sent to another service for it: repetitions and redirections count.
    var outboundAttempts = 0

    /// Bytes of the content alone; 0 where there is none.
    var resultBytes: Int {
        switch outcome {
        case .success(let text): text.count
        case .failure(let failure): failure.details?.bytes.count ?? 0
        }
    }

    /// The end of a call for which there was no place.
    init(refusing failure: CallFailure, argumentBytes: Int) {
        outcome = .failure(failure)
        (queued, ran) = (.zero, .zero)
        self.argumentBytes = argumentBytes
    }

    /// - Parameters:
    ///   - entered: when it was given to its pack; `nil` where it was not.
    ///   - end: when it was answered.
    init(_ outcome: CallOutcome, of call: Call, entered: NIODeadline?, at end: NIODeadline) {
        self.outcome = outcome
        queued = (entered ?? end) - call.begun
        ran = entered.map { end - $0 } ?? .zero
        argumentBytes = call.argumentBytes
        outboundAttempts = call.outboundAttempts
    }
}

extension CallEnding {
    public init(_ outcome: Outcome, _ end: CallEnd) {
        self.init(outcome)
        queued = end.queued
        ran = end.ran
        argumentBytes = end.argumentBytes
        resultBytes = end.resultBytes
        outboundAttempts = end.outboundAttempts
    }
}
