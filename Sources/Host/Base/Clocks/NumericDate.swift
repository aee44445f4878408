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

extension NumericDate {
    /// As RFC 3339 has it, in UTC with milliseconds, such as `2026-01-31T23:59:59.999Z`; dates beyond the years 1970 to
    /// 9999 as the nearest of those.
    public var timestamp: String {
        let milliseconds = Int(min(max(seconds, 0), 253_402_300_799) * 1000)
        let stamp = Timestamp(seconds: milliseconds / 1000, milliseconds: milliseconds % 1000)
        return String(decoding: stamp.ascii.indices.map { stamp.ascii[$0] }, as: UTF8.self)
    }
}
