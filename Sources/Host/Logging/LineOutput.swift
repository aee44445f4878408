// Where log lines go: a reader that stops reading must not stop the host.

import Dispatch
import Glibc
import Synchronization

/// Whole lines to one file descriptor.
///
/// At first each line is written where it is logged. Once `detach` was called, a thread of its own writes them, as many
/// at a time as gather in a few milliseconds, so that it is woken for a batch and not for every line; when they come
/// faster than they can be written they are dropped and counted.
final class LineOutput: Sendable {
    static let standardError = LineOutput(descriptor: STDERR_FILENO)

    private struct State {
        var gathered: [UInt8] = []
        var dropped = 0
        var isDetached = false
        var isWriting = false
    }

    /// The most that waits, in bytes.
    private static let limit = 1 << 20
    /// How long lines gather before they are written, in microseconds.
    private static let gathering: UInt32 = 2000

    private let descriptor: Int32
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes from a thread of its own from now on.
    func detach() {
        guard Thread.start("log", { self.loop() }) else { return }
        state.withLock { $0.isDetached = true }
    }

    func write(_ line: ArraySlice<UInt8>) {
        let (isDetached, wakes) = state.withLock { state in
            guard state.isDetached else { return (false, false) }
            guard state.gathered.count + line.count <= Self.limit else {
                state.dropped += 1
                return (true, false)
            }
            let wasEmpty = state.gathered.isEmpty
            state.gathered += line
            return (true, wasEmpty)
        }
        if !isDetached { put(line) }
        if wakes { work.signal() }
    }

    /// Waits until everything is written, but no longer than a second.
    func flush() {
        for _ in 0..<1000 {
            let isDone = state.withLock { !$0.isDetached || ($0.gathered.isEmpty && !$0.isWriting) }
            if isDone { return }
            usleep(1000)
        }
    }

    private func loop() {
        // Two buffers take turns, so that neither grows anew with every batch.
        var lines: [UInt8] = []
        while true {
            work.wait()
            usleep(Self.gathering)
            let dropped = state.withLock { state in
                swap(&state.gathered, &lines)
                defer { state.dropped = 0 }
                state.isWriting = true
                return state.dropped
            }
            put(lines[...])
            lines.removeAll(keepingCapacity: true)
            if dropped > 0 {
                put(Array("{\"level\":\"warning\",\"message\":\"\(dropped) log lines dropped\"}\n".utf8)[...])
            }
            state.withLock { $0.isWriting = false }
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
