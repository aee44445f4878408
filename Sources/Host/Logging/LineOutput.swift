// Where log lines go: a reader that stops reading must not stop the host.

import Dispatch
import Glibc
import Synchronization

/// Whole lines to one file descriptor.
///
/// At first each line is written where it is logged. Once `detach` was called, a thread of its own writes them, as many
/// at a time as gather in a few milliseconds, so that it is woken for a batch and not for every line; when they come
/// faster than they can be written they are dropped and counted.
///
/// Lines of one thread keep their order. Those of different threads may change places within a batch: each thread has a
/// buffer that it shares with few others or none, since where threads outnumber processors one lock for all is held again
/// and again by somebody who was interrupted, and everybody waits.
final class LineOutput: Sendable {
    static let standardError = LineOutput(descriptor: STDERR_FILENO)

    private final class Buffer: Sendable {
        let lines = Mutex<[UInt8]>([])
    }

    /// The most that waits, in bytes.
    private static let limit = 1 << 20
    /// The memory that a buffer keeps for later lines, in bytes.
    private static let kept = 64 << 10
    /// How long lines gather before they are written, in microseconds.
    private static let gathering: UInt32 = 2000

    private let descriptor: Int32
    private let buffers = (0..<64).map { _ in Buffer() }
    /// A bit for each buffer that ever had a line.
    private let used = Atomic<UInt64>(0)
    /// Bytes in the buffers or on their way there. Who makes it more than zero wakes the thread, which goes on until it is
    /// zero again.
    private let waiting = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let isDetached = Atomic<Bool>(false)
    /// Whether somebody has the descriptor for a batch, or for good.
    private let isTaken = Atomic<Bool>(false)
    /// How many batches were written.
    private let batches = Atomic<Int>(0)
    private let work = DispatchSemaphore(value: 0)

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes from a thread of its own from now on.
    ///
    /// - Returns: whether the system had a thread; else each line is written where it is logged, as before.
    @discardableResult func detach() -> Bool {
        guard Thread.start("log", { self.loop() }) else { return false }
        isDetached.store(true, ordering: .releasing)
        return true
    }

    func write(_ line: ArraySlice<UInt8>) {
        guard isDetached.load(ordering: .relaxed) else { return put(line) }
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

    /// Waits until everything is written, but no longer than a second.
    func flush() {
        for _ in 0..<1000 {
            if waiting.load(ordering: .acquiring) == 0, !isTaken.load(ordering: .acquiring) { return }
            usleep(1000)
        }
    }

    /// Waits until the lines there are have been written, but no longer than a second, and keeps later ones from being
    /// written: what its caller then writes is the last line.
    ///
    /// For the end of the process, on any thread and in a signal handler too: it allocates nothing and takes no lock. Only
    /// lines that are logged meanwhile can be lost.
    func end() {
        let before = batches.load(ordering: .acquiring)
        for _ in 0..<1000 {
            // Under load something always waits, but what was there when the first of two batches ended is in the second.
            let isWritten = waiting.load(ordering: .acquiring) == 0 || batches.load(ordering: .acquiring) > before + 1
            if isWritten && take() { return }
            usleep(1000)
        }
    }

    private func take() -> Bool {
        isTaken.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    }

    private func loop() {
        // Each buffer gets the memory of the one before it, so that none grows anew with every batch.
        var (batch, lines): ([UInt8], [UInt8]) = ([], [])
        while true {
            work.wait()
            repeat {
                repeat { usleep(Self.gathering) } while !take()
                // Who uses a buffer for the first time just now is seen the next time.
                var rest = used.load(ordering: .relaxed)
                while rest != 0 {
                    buffers[rest.trailingZeroBitCount].lines.withLock { swap(&$0, &lines) }
                    rest &= rest - 1
                    batch += lines
                    lines.removeAll(keepingCapacity: true)
                }
                waiting.subtract(batch.count, ordering: .releasing)
                put(batch[...])
                batch.removeAll(keepingCapacity: true)
                // What a burst needed once is not kept in every buffer.
                if lines.capacity > Self.kept { lines = [] }
                let count = dropped.exchange(0, ordering: .relaxed)
                if count > 0 {
                    put(Array("{\"level\":\"warning\",\"message\":\"\(count) log lines dropped\"}\n".utf8)[...])
                }
                batches.add(1, ordering: .relaxed)
                isTaken.store(false, ordering: .releasing)
                // Whoever added to something that waited did not wake anybody.
            } while waiting.load(ordering: .relaxed) > 0 || dropped.load(ordering: .relaxed) > 0
        }
    }

    private func put(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = unsafe Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                if count < 0 && errno == EINTR { continue }
                // A log that cannot be written must not stop the host.
                if count <= 0 { return }
                written += count
            }
        }
    }
}
