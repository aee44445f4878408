// Where a failure of the store is told: to the caller what became of the call, to the operator which file and what to
// do.

import Synchronization
import ToolSDK

/// What a transaction that failed has left behind.
enum StoreOutcome: Sendable {
    /// It only read.
    case read
    /// All it wrote is undone.
    case undone
    /// Its last step failed: perhaps it is on disk all the same.
    ///
    /// - Parameter isKeyed: It is kept under an idempotency key, so that asking with that key again cannot do it again.
    case unknown(isKeyed: Bool)
}

extension StoreError {
    /// What the caller is told; `nil` for a fault of the pack, which is for the log alone.
    func toolError(_ outcome: StoreOutcome) -> ToolError? {
        if self == .busy {
            return .busy("The shop is busy. Nothing was changed; try again.", retryAfter: .seconds(1))
        }
        guard let cause else { return nil }
        let what = cause == .noRoom ? "The shop's store is full." : "The shop's store cannot be used at the moment."
        switch outcome {
        case .read:
            return .unavailable("\(what) Try again later.", retryAfter: Self.pause)
        case .undone:
            return .unavailable("\(what) Nothing was changed; try again later.", retryAfter: Self.pause)
        case .unknown(let isKeyed):
            // Nobody is told when to come again: clients obey that without reading.
            let wayOut =
                isKeyed
                ? ". The same call with the same Idempotency-Key tells, and does it at most once."
                : ": look before asking again."
            return .unavailable("\(what) Whether it was done is not known\(wayOut)")
        }
    }

    /// When to try again, at the earliest.
    private static let pause = Duration.seconds(30)
}

/// Tells the operator that the store cannot be used, and that it can be again: once, however many calls fail.
package final class StoreTrouble: Sendable {
    /// Writes a line to the host's log.
    package typealias Log = @Sendable (LogLevel, _ message: String, _ metadata: [String: String]) -> Void

    private struct Told {
        var cause: StoreError.Cause
        /// A success of a reader says nothing about writing.
        var ofWriting: Bool
        var at: ContinuousClock.Instant
    }

    /// How often the same is told.
    private static let interval = Duration.seconds(60)

    private let file: String
    private let log: Log
    private let isThere = Atomic<Bool>(false)
    private let told = Mutex<Told?>(nil)
    private let toldOfLoss = Mutex<ContinuousClock.Instant?>(nil)

    init(file: String, log: @escaping Log) {
        self.file = file
        self.log = log
    }

    func failed(_ error: StoreError, writing: Bool) {
        guard let cause = error.cause else { return }
        let isNews = told.withLock { told in
            isThere.store(true, ordering: .relaxed)
            if let told, told.cause == cause, told.at.duration(to: .now) < Self.interval { return false }
            told = Told(cause: cause, ofWriting: writing && told?.ofWriting != false, at: .now)
            return true
        }
        guard isNews else { return }
        log(.error, "The store cannot be used.", ["file": file, "reason": "\(error)"])
    }

    /// One thing in the store cannot be read, and all else can.
    func lost(_ what: String) {
        let isNews = toldOfLoss.withLock { last in
            if let last, last.duration(to: .now) < Self.interval { return false }
            last = .now
            return true
        }
        if isNews { log(.error, "Something in the store cannot be read.", ["file": file, "what": what]) }
    }

    func succeeded(writing: Bool) {
        guard isThere.load(ordering: .relaxed) else { return }
        let isOver = told.withLock { told in
            guard let known = told, writing || !known.ofWriting else { return false }
            told = nil
            isThere.store(false, ordering: .relaxed)
            return true
        }
        if isOver { log(.info, "The store can be used again.", ["file": file]) }
    }
}
