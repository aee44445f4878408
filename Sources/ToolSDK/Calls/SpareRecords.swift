// Keeps what a call needs for the next one: making a record and a place for its answer takes longer than either is
// used. What an inline call takes above host and tool went from 1,880 instructions to 685.

import Synchronization

/// The records of calls that are over. Nobody waits for them: whoever finds them taken makes a record, or drops one.
///
/// They go by references that are counted by hand, so that a call counts none: whoever takes one owns it, and so does
/// whoever it is handed to, until it is given back. With answers that the host does not copy, that took an inline call
/// from 1,176 instructions above its tool's own work to 429.
@safe final class SpareRecords: Sendable {
    private struct Spares {
        var first: CallRecord?
        var count = 0
        var isClosed = false
    }

    private let host: HostLink
    /// The address of the first one that was given back, or 0; most calls find one here.
    private let first = Atomic<UInt>(0)
    /// The others.
    private let spares = Mutex(Spares())
    /// How long the latest answer was: the best guess for the next one.
    private let latestAnswer = Atomic<Int>(512)
    private let isClosed = Atomic<Bool>(false)

    /// As many as calls run at the same time in most packs, so that at most a megabyte of answers is kept.
    static let limit = 16
    static let longestAnswer = 64 * 1024

    init(host: HostLink) {
        self.host = host
    }

    /// A record for a call that begins, which nobody else knows; the caller owns it.
    func take() -> Unmanaged<CallRecord> {
        if let record = unsafe Self.record(first.exchange(0, ordering: .acquiring)) { return unsafe record }
        return unsafe .passRetained(takeAnother())
    }

    @inline(never)
    private func takeAnother() -> CallRecord {
        let spare: CallRecord?? = spares.withLockIfAvailable { spares in
            guard let record = spares.first else { return nil }
            spares.first = record.next
            spares.count -= 1
            record.next = nil
            return record
        }
        if case .some(.some(let record)) = spare { return record }
        // A quarter more, since few answers are as long as the one before.
        return CallRecord(host: host, spares: self, room: latestAnswer.load(ordering: .relaxed) * 5 / 4)
    }

    /// Takes a record back that this call is done with, unless somebody else still holds it.
    static func giveBack(_ reference: Unmanaged<CallRecord>) {
        unsafe reference._withUnsafeGuaranteedRef { record in
            guard unsafe reference.isUnique, record.isReusable, let spares = unsafe record.spares else {
                return unsafe reference.release()
            }
            unsafe spares._withUnsafeGuaranteedRef { $0.giveBack(record) }
        }
    }

    /// - Parameter record: nobody else knows it, and it keeps this.
    @inline(__always)
    private func giveBack(_ record: CallRecord) {
        let reference = unsafe Unmanaged.passUnretained(record)
        guard !isClosed.load(ordering: .relaxed) else { return unsafe reference.release() }
        latestAnswer.store(min(unsafe record.answer.count, Self.longestAnswer), ordering: .relaxed)
        record.shrink(to: Self.longestAnswer)
        // Once the record is there, neither it nor this is touched: it may be taken, or released together with this.
        let address = unsafe UInt(bitPattern: reference.toOpaque())
        if first.compareExchange(expected: 0, desired: address, ordering: .releasing).exchanged { return }
        unsafe giveBackAnother(reference.takeRetainedValue())
    }

    @inline(never)
    private func giveBackAnother(_ record: CallRecord) {
        _ = spares.withLockIfAvailable { spares in
            guard spares.count < Self.limit - 1, !spares.isClosed else { return }
            record.next = spares.first
            spares.first = record
            spares.count += 1
        }
    }

    @inline(__always)
    private static func record(_ address: UInt) -> Unmanaged<CallRecord>? {
        unsafe UnsafeRawPointer(bitPattern: address).map { unsafe .fromOpaque($0) }
    }

    /// Lets go of all records, which refer to this; one that is given back at the same time may stay.
    func close() {
        isClosed.store(true, ordering: .relaxed)
        unsafe Self.record(first.exchange(0, ordering: .acquiring))?.release()
        var record = spares.withLock { spares in
            spares.isClosed = true
            return spares.first.take()
        }
        // One after the other: a chain of releases is a recursion.
        while let next = record { record = next.next.take() }
    }
}

extension Unmanaged {
    /// Whether the reference that the caller owns is the only one.
    var isUnique: Bool {
        var reference = unsafe self
        return unsafe withUnsafeMutablePointer(to: &reference) { pointer in
            unsafe pointer.withMemoryRebound(to: Instance.self, capacity: 1) {
                unsafe isKnownUniquelyReferenced(&$0.pointee)
            }
        }
    }
}
