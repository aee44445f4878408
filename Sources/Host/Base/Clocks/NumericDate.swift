// Points in time as tokens spell them.

import JSON

/// Seconds since 1970-01-01T00:00:00Z (RFC 7519 section 2): may have a fraction, be negative, or be absurdly far away.
/// A `Double` compares all of them without trapping.
public struct NumericDate: Sendable, Hashable, Comparable {
    public var seconds: Double

    public init(seconds: Double) {
        self.seconds = seconds
    }

    /// `nil` unless `value` is a number. One beyond a `Double` is infinitely far away.
    public init?(_ value: JSONNode) {
        if let whole = value.int64 {
            seconds = Double(whole)
        } else {
            guard let number = value.number, !number.double.isNaN else { return nil }
            seconds = number.double
        }
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.seconds < right.seconds
    }

    public static func + (date: Self, seconds: Double) -> Self {
        Self(seconds: date.seconds + seconds)
    }

    public static func - (date: Self, seconds: Double) -> Self {
        Self(seconds: date.seconds - seconds)
    }

    public static func - (later: Self, earlier: Self) -> Double {
        later.seconds - earlier.seconds
    }
}
