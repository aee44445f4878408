// Keeps what a call needs for the next one: making a record and a place for its answer takes longer than either is used.

import Synchronization

/// The records of calls that are over. Nobody waits for them: whoever finds them taken makes a record, or drops one.
final class SpareRecords: Sendable {
    private struct Spares {
        var first: CallRecord?
        var count = 0
        /// How long the latest answer was: the best guess for the next one.
        var latestAnswer = 512
        var isClosed = false
    }

    private let host: HostLink
    private let spares = Mutex(Spares())

    /// As many as calls run at the same time in most packs, so that at most a megabyte of answers is kept.
    static let limit = 16
    static let longestAnswer = 64 * 1024

    init(host: HostLink) {
        self.host = host
    }

    /// A record for a call that begins, which nobody else knows.
    func take() -> CallRecord {
        var room = 512
        let spare: CallRecord?? = spares.withLockIfAvailable { spares in
            guard let record = spares.first else {
                // A quarter more, since few answers are as long as the one before.
                room = spares.latestAnswer * 5 / 4
                return nil
            }
            spares.first = record.next
            spares.count -= 1
            record.next = nil
            return record
        }
        if case .some(.some(let record)) = spare { return record }
        return CallRecord(host: host, spares: self, room: room)
    }

    /// Takes a record back that this call is done with, unless somebody else still holds it.
    static func giveBack(_ record: consuming CallRecord) {
        guard isKnownUniquelyReferenced(&record), record.isReusable, let owner = record.spares else { return }
        let size = unsafe record.answer.count
        record.shrink(to: Self.longestAnswer)
        _ = owner.spares.withLockIfAvailable { spares in
            spares.latestAnswer = min(size, Self.longestAnswer)
            guard spares.count < Self.limit, !spares.isClosed else { return }
            record.next = spares.first
            spares.first = record
            spares.count += 1
        }
    }

    /// Lets go of all records, which refer to this.
    func close() {
        var record = spares.withLock { spares in
            spares.isClosed = true
            return spares.first.take()
        }
        // One after the other: a chain of releases is a recursion.
        while let next = record { record = next.next.take() }
    }
}
