// Bytes to a file descriptor that others share: they may have made it non-blocking, and may have stopped reading.

import Glibc

/// Writes to one file descriptor, whichever mode it is in.
///
/// The mode of standard output and standard error belongs to all who have them, also to whoever started this process.
/// Where somebody made one non-blocking, the system takes as much as there is room for, and says `EAGAIN` where there
/// is none.
public struct DescriptorWriter: Sendable {
    /// How far it came.
    public struct End: Sendable {
        /// What is not written.
        public let rest: ArraySlice<UInt8>
        /// Why; 0 where everything is written. `ETIMEDOUT`: there was no room in time.
        public let error: Int32

        /// The system's words for the error.
        public var reason: String { DescriptorWriter.reason(of: error) }
    }

    /// What a pipe that has room takes without blocking (pipe(7), PIPE_BUF); and how much is written at once where time
    /// does not matter, so that it is soon known that the rest is not wanted.
    private static let piece = 4096, largePiece = 32 << 10
    /// How long to stay away from what says that there is room and then takes nothing, in microseconds.
    private static let pause: UInt32 = 10_000

    private let descriptor: Int32

    public init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes everything, or as much as can be written.
    ///
    /// - Parameters:
    ///   - patience: How long to wait for room in all; a blocking descriptor does not block for longer either. `nil`:
    ///     as long as it takes.
    ///   - isWanted: Asked before each step; where nobody wants the rest, the error is `ECANCELED`.
    ///   - wrote: Told of each piece that was written.
    public func write(
        _ bytes: ArraySlice<UInt8>, within patience: Duration? = nil, while isWanted: () -> Bool = { true },
        wrote: (ArraySlice<UInt8>) -> Void = { _ in }
    ) -> End {
        let deadline = patience.map { ContinuousClock.now + $0 }
        var rest = bytes
        var saidReady = false
        while !rest.isEmpty {
            if let deadline, !waitForRoom(until: deadline) { return End(rest: rest, error: ETIMEDOUT) }
            guard isWanted() else { return End(rest: rest, error: ECANCELED) }
            let piece = rest.prefix(deadline == nil ? Self.largePiece : Self.piece)
            let count = unsafe piece.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            let error = count < 0 ? errno : EIO
            if count > 0 {
                wrote(rest.prefix(count))
                rest = rest.dropFirst(count)
                saidReady = false
            } else if error == EAGAIN {
                if let deadline, deadline <= .now { return End(rest: rest, error: ETIMEDOUT) }
                if saidReady || deadline != nil { usleep(Self.pause) }
                saidReady = deadline == nil && waitForRoom(until: .now + .seconds(1))
            } else if error != EINTR {
                return End(rest: rest, error: error)
            }
        }
        return End(rest: rest, error: 0)
    }

    /// - Returns: whether a write would do something now: take bytes, or tell what is wrong.
    private func waitForRoom(until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let left = max(.zero, deadline - .now)
            var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            let count = unsafe poll(&room, 1, Int32(clamping: milliseconds))
            if count != 0 && !(count < 0 && errno == EINTR) { return true }
            if left == .zero { return false }
        }
    }

    static func reason(of error: Int32) -> String {
        error == ETIMEDOUT ? "nobody reads it" : unsafe String(cString: strerror(error))
    }
}
