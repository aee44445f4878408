// Days of the calendar, for deals that start and end, without Foundation.

import Glibc

/// A day of the proleptic Gregorian calendar, in UTC.
package struct CalendarDay: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    let number: Int

    /// Reads `YYYY-MM-DD` (RFC 3339, full-date); `nil` when there is no such day.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1...12).contains(month), day >= 1
        else { return nil }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        // Years from March on, so that the leap day is the last of its year.
        let shifted = month > 2 ? year : year - 1
        let days = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        number = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + days - 719_468
    }

    init(secondsSince1970 seconds: Int) {
        number = seconds / 86_400
    }

    package static var today: CalendarDay { CalendarDay(secondsSince1970: UnixTime.now) }

    package static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }
}

/// The wall clock.
enum UnixTime {
    /// Seconds since 1970-01-01 UTC.
    static var now: Int { Glibc.time(nil) }
}
