// Where the time comes from, so that tests can bring their own.

import Glibc

/// A clock that can be asked from anywhere.
public struct TimeSource: Sendable {
    public let now: @Sendable () -> NumericDate

    /// The time of day, to the kernel's tick of a few milliseconds: dates in tokens are whole seconds.
    public static let wall = TimeSource { read(CLOCK_REALTIME_COARSE) }

    /// Seconds since the machine started: for intervals, since nobody sets it.
    public static let steady = TimeSource { read(CLOCK_MONOTONIC_COARSE) }

    private static func read(_ clock: clockid_t) -> NumericDate {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return NumericDate(seconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000)
    }
}
