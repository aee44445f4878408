// The time of day in the log, written digit by digit: a line of the log comes with every request.

import Glibc

/// RFC 3339, UTC, milliseconds: `2026-01-31T23:59:59.999Z`.
struct Timestamp: Sendable {
    private(set) var ascii = InlineArray<24, UInt8>(repeating: 0)

    static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// - Parameter seconds: since 1970-01-01T00:00:00Z, before the year 10000.
    init(seconds: Int, milliseconds: Int) {
        let date = CalendarTime(seconds)
        write(date.year, 0..<4, before: UInt8(ascii: "-"))
        write(date.month, 5..<7, before: UInt8(ascii: "-"))
        write(date.day, 8..<10, before: UInt8(ascii: "T"))
        write(date.hour, 11..<13, before: UInt8(ascii: ":"))
        write(date.minute, 14..<16, before: UInt8(ascii: ":"))
        write(date.second, 17..<19, before: UInt8(ascii: "."))
        write(milliseconds, 20..<23, before: UInt8(ascii: "Z"))
    }

    private mutating func write(_ number: Int, _ digits: Range<Int>, before separator: UInt8) {
        var rest = number
        for place in digits.reversed() {
            ascii[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        ascii[digits.upperBound] = separator
    }
}
