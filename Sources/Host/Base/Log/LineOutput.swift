// Where log lines go: a reader that stops reading must not stop the host, and what it misses is told.

import Dispatch
import Glibc
import Synchronization

/// Whole lines to one file descriptor.
///
/// At first each line is written where it is logged. Once `detach` was called, a thread of its own writes them, as many
/// at a time as gather in a few milliseconds, so that it is woken for a batch and not for every line; when they come
/// faster than they can be written they are dropped and counted. So are lines that cannot be written, as on a full
/// disk. A line tells how many, in front of the first that can be written again.
///
/// Lines of one thread keep their order. Those of different threads may change places within a batch: each thread has a
/// buffer that it shares with few others or none, since where threads outnumber processors one lock for all is held
/// again and again by somebody who was interrupted, and everybody waits. With it, four times as many event loops as
/// processors answered 0.41 times as many searches.
public final class LineOutput: Sendable {
    public static let standardError = LineOutput(descriptor: STDERR_FILENO)

    private final class Buffer: Sendable {
        let lines = Mutex<[UInt8]>([])
    }

    /// What whoever writes keeps from one batch to the next.
    private struct Writing {
        var lost = LostLines()
        /// There was no room for the last line in time, so that the next one is not waited for.
        var isStuck = false
    }

    /// The most that waits, in bytes.
    private static let limit = 1 << 20
    /// The memory that a buffer keeps for later lines, in bytes.
    private static let kept = 64 << 10
    /// How long lines gather before they are written, in microseconds: usually, and where the last batch could not be
    /// written, so that a descriptor that always fails costs next to nothing.
    private static let gathering: UInt32 = 2000, gatheringWhileFailing: UInt32 = 100_000
    /// How often it is tried to tell of lines that were lost where nothing else is to be written.
    private static let retry = DispatchTimeInterval.seconds(1)
    /// How long a line is waited for before `detach`. Then the host starts, and its event loops have not begun to
    /// serve.
    private static let patience = Duration.seconds(1)
    /// How long the last line waits for room.
    private static let lastPatience = Duration.milliseconds(200)

    private let descriptor: Int32
    private let writer: DescriptorWriter
    private let isText: Atomic<Bool>
    private let buffers = (0..<64).map { _ in Buffer() }
    /// A bit for each buffer that ever had a line.
    private let used = Atomic<UInt64>(0)
    /// Bytes in the buffers or on their way there. Who makes it more than zero wakes the thread, which goes on until it
    /// is zero again.
    private let waiting = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let isDetached = Atomic<Bool>(false)
    /// Whether somebody has the descriptor for a batch, or for good.
    private let isTaken = Atomic<Bool>(false)
    /// What waits is not written any more, but told of.
    private let isGivenUp = Atomic<Bool>(false)
    /// Nothing is written any more but what the caller of `end` writes.
    private let isEnded = Atomic<Bool>(false)
    /// The last byte that was written is not the end of a line.
    private let isMidLine = Atomic<Bool>(false)
    /// The last batch could not be written.
    private let isFailing = Atomic<Bool>(false)
    /// How many batches were written.
    private let batches = Atomic<Int>(0)
    private let work = DispatchSemaphore(value: 0)
    private let writing = Mutex(Writing())

    init(descriptor: Int32, form: LogLine.Form = .json) {
        self.descriptor = descriptor
        writer = DescriptorWriter(descriptor)
        isText = Atomic(form == .text)
    }

    /// The form of the lines, for the one that it writes itself.
    func use(_ form: LogLine.Form) {
        isText.store(form == .text, ordering: .relaxed)
    }

    /// Writes from a thread of its own from now on.
    ///
    /// - Returns: whether the system had a thread; else each line is written where it is logged, as before.
    @discardableResult public func detach() -> Bool {
        guard Thread.start("log", { self.loop() }) else { return false }
        isDetached.store(true, ordering: .releasing)
        return true
    }

    func write(_ line: ArraySlice<UInt8>) {
        guard isDetached.load(ordering: .relaxed) else { return writeHere(line) }
        let before = waiting.add(line.count, ordering: .relaxed).oldValue
        if before + line.count <= Self.limit {
            append(line)
        } else {
            dropped.add(1, ordering: .relaxed)
            waiting.subtract(line.count, ordering: .relaxed)
        }
        if before == 0 { work.signal() }
    }

    private func append(_ line: ArraySlice<UInt8>) {
        // The highest six bits, which all bits of an address have their part in.
        let index = (UInt64(pthread_self()) &* 0x9E37_79B9_7F4A_7C15) >> 58
        if used.load(ordering: .relaxed) & 1 << index == 0 { used.bitwiseOr(1 << index, ordering: .relaxed) }
        buffers[Int(index)].lines.withLock { $0 += line }
    }

    /// Writes on the thread that logs, one at a time.
    private func writeHere(_ line: ArraySlice<UInt8>) {
        // Not waiting for the lock: the thread may have taken it meanwhile, and keeps it while nobody reads.
        while !isDetached.load(ordering: .acquiring) {
            let isDone: Void? = writing.withLockIfAvailable { state in
                let isWhole = put(line, &state, within: state.isStuck ? .zero : Self.patience)
                state.isStuck = !isWhole
            }
            if isDone != nil { return }
            usleep(100)
        }
        write(line)
    }

    /// Waits until everything is written, but no longer than a second.
    func flush() {
        for _ in 0..<1000 {
            let isTold = dropped.load(ordering: .acquiring) == 0 || isFailing.load(ordering: .acquiring)
            if waiting.load(ordering: .acquiring) == 0, isTold, !isTaken.load(ordering: .acquiring) { return }
            usleep(1000)
        }
    }

    /// The last that is done before the process ends in order: waits as `flush` does, and has what nobody has read by
    /// then told of in a last line.
    func finish() {
        flush()
        guard isTaken.load(ordering: .acquiring) || waiting.load(ordering: .acquiring) > 0 else { return }
        isGivenUp.store(true, ordering: .releasing)
        for _ in 0..<300 {
            if waiting.load(ordering: .acquiring) == 0, !isTaken.load(ordering: .acquiring) { return }
            usleep(1000)
        }
    }

    /// Waits until the lines there are have been written, but no longer than a second, and keeps later ones from being
    /// written: what its caller then writes is the last line, and begins on one of its own.
    ///
    /// For the end of the process, on any thread and in a signal handler too: it allocates nothing and takes no lock.
    /// Only lines that are logged meanwhile can be lost, and those that nobody reads.
    public func end() {
        let before = batches.load(ordering: .acquiring)
        for _ in 0..<1000 {
            // Under load something always waits, but what was there when the first of two batches ended is in the
            // second.
            let isWritten = waiting.load(ordering: .acquiring) == 0 || batches.load(ordering: .acquiring) > before + 1
            if isWritten && take() { break }
            usleep(1000)
        }
        isEnded.store(true, ordering: .releasing)
        guard isMidLine.load(ordering: .acquiring) else { return }
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        var newline = UInt8(ascii: "\n")
        if unsafe poll(&room, 1, 0) > 0 { _ = unsafe Glibc.write(descriptor, &newline, 1) }
    }

    private func take() -> Bool {
        isTaken.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    }

    private func loop() {
        // Each buffer gets the memory of the one before it, so that none grows anew with every batch.
        var (batch, lines): ([UInt8], [UInt8]) = ([], [])
        var isFailing = false
        while true {
            // Where lines were lost somebody is told as soon as that is possible, whether or not more is logged.
            _ = work.wait(timeout: isFailing ? .now() + Self.retry : .distantFuture)
            repeat {
                repeat { usleep(isFailing ? Self.gatheringWhileFailing : Self.gathering) } while !take()
                // Who uses a buffer for the first time just now is seen the next time.
                var rest = used.load(ordering: .relaxed)
                while rest != 0 {
                    buffers[rest.trailingZeroBitCount].lines.withLock { swap(&$0, &lines) }
                    rest &= rest - 1
                    batch += lines
                    lines.removeAll(keepingCapacity: true)
                }
                waiting.subtract(batch.count, ordering: .releasing)
                isFailing = writing.withLock { state in
                    state.lost.add(dropped: dropped.exchange(0, ordering: .relaxed))
                    var isWhole = put(batch[...], &state, within: nil)
                    if isGivenUp.load(ordering: .acquiring) { isWhole = put([], &state, within: Self.lastPatience) }
                    return !isWhole
                }
                self.isFailing.store(isFailing, ordering: .releasing)
                batch.removeAll(keepingCapacity: true)
                // What a burst needed once is not kept in every buffer.
                if lines.capacity > Self.kept { lines = [] }
                batches.add(1, ordering: .releasing)
                isTaken.store(false, ordering: .releasing)
                // Whoever added to something that waited did not wake anybody.
            } while waiting.load(ordering: .relaxed) > 0 || dropped.load(ordering: .relaxed) > 0 && !isFailing
        }
    }

    /// Writes what is to be told of lost lines, then these.
    ///
    /// - Returns: whether all of it is written.
    private func put(_ lines: ArraySlice<UInt8>, _ state: inout Writing, within patience: Duration?) -> Bool {
        // A line that was cut is never continued.
        var heading: [UInt8] = isMidLine.load(ordering: .relaxed) ? [UInt8(ascii: "\n")] : []
        if state.lost.count > 0 { heading += state.lost.note(isText.load(ordering: .relaxed) ? .text : .json) }
        let told = put(heading[...], within: patience)
        if told.error == 0 { state.lost = LostLines() }
        let end = told.error == 0 ? put(lines, within: patience) : DescriptorWriter.End(rest: lines, error: told.error)
        if end.error != 0 { state.lost.add(unwritten: end.rest, by: end.error) }
        return end.error == 0
    }

    private func put(_ bytes: ArraySlice<UInt8>, within patience: Duration?) -> DescriptorWriter.End {
        writer.write(
            bytes, within: patience,
            while: {
                !isEnded.load(ordering: .acquiring) && (patience != nil || !isGivenUp.load(ordering: .acquiring))
            },
            wrote: { isMidLine.store($0.last != UInt8(ascii: "\n"), ordering: .releasing) })
    }
}
