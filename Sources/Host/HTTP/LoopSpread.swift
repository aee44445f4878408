// On which processors the event loops run: of two that are busy on the same one, one moves.

import NIOCore
import Synchronization

/// Where the event loops of a server were last seen at work.
///
/// The system likes to wake a thread on the processor of whoever sent it something, so that two loops may come to share
/// one processor while another has room. The one that runs goes on for as long as it finds something to read, mostly
/// until the next tick of the system's clock up to ten milliseconds later, and meanwhile all clients of the other wait.
/// So a loop that finds itself beside another moves to where none is, which halves the p99 of a search at full load. It
/// is not tied to that place: the system may move it on, and the threads that it starts, which inherit where it may
/// run, run anywhere.
final class LoopSpread: Sendable {
    /// Where a loop was, and when.
    struct Sighting: Equatable, Sendable {
        /// Below 4,096.
        var processor: Int
        /// In whole microseconds.
        var time: NIODeadline

        init(processor: Int, time: NIODeadline) {
            (self.processor, self.time) = (processor, time)
        }

        // One word, so that both belong together whoever reads them when.
        init(_ word: UInt64) {
            self.init(processor: Int(word & 0xfff), time: .uptimeNanoseconds((word >> 12) * 1000))
        }

        var word: UInt64 { (time.uptimeNanoseconds / 1000) << 12 | UInt64(processor & 0xfff) }
    }

    private final class Seen: Sendable {
        let sighting = Atomic<UInt64>(0)
    }

    private let seen: [Seen]

    /// How long a loop counts as being at work where it was seen.
    static let memory = TimeAmount.milliseconds(10)

    init(loops: Int) {
        seen = (0..<loops).map { _ in Seen() }
    }

    /// Notes where a loop is, on its own thread, and moves it when another one is there, too.
    ///
    /// - Returns: whether the system lets it; where it does not, there is no use in looking again.
    func look(_ loop: Int, at now: NIODeadline) -> Bool {
        let processor = ProcessorSet.current
        guard processor >= 0 else { return false }
        note(loop, Sighting(processor: processor, time: now))
        let others = seen.indices.lazy.filter { $0 != loop }
            .map { Sighting(self.seen[$0].sighting.load(ordering: .relaxed)) }
        guard others.contains(where: { $0.processor == processor }) else { return true }
        guard let allowed = ProcessorSet.ofThisThread else { return false }
        guard let free = Self.refuge(from: processor, others, allowed, at: now) else { return true }
        guard ProcessorSet([free]).adopt() else { return false }
        note(loop, Sighting(processor: free, time: now))
        return allowed.adopt()
    }

    private func note(_ loop: Int, _ sighting: Sighting) {
        seen[loop].sighting.store(sighting.word, ordering: .relaxed)
    }

    /// Where a loop moves from a processor on which another one is at work: the next one on which none is.
    static func refuge(
        from processor: Int, _ others: some Sequence<Sighting>, _ allowed: ProcessorSet, at now: NIODeadline
    ) -> Int? {
        let taken = others.filter { now - $0.time < memory }.map(\.processor)
        guard taken.contains(processor) else { return nil }
        return allowed.next(after: processor) { !taken.contains($0) }
    }
}

/// One loop on its processor, which only its own thread knows.
final class LoopStation {
    private let spread: LoopSpread
    private let loop: Int
    private var looked: NIODeadline
    private var isWatched: Bool

    /// How long a loop does not look.
    static let interval = TimeAmount.microseconds(500)

    /// - Parameter isWatched: `false` where there is nothing to share.
    init(_ loop: Int, of spread: LoopSpread, isWatched: Bool, now: NIODeadline) {
        (self.loop, self.spread, self.isWatched, looked) = (loop, spread, isWatched, now)
    }

    /// The loop has work. It looks around once it has handled all that it read, if it has not done so for a while: in
    /// the middle of it, a move would make clients wait whose requests are read already.
    ///
    /// - Parameter now: any moment at which it had something to do; the clock need not be read for every request.
    func works(at now: NIODeadline, on eventLoop: any EventLoop) {
        guard isWatched, now - looked >= Self.interval else { return }
        looked = now
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute {
            let station = bound.value
            station.isWatched = station.spread.look(station.loop, at: .now())
        }
    }
}
