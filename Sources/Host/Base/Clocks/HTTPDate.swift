// The Date field, made once a second.

import Glibc
import Synchronization

/// IMF-fixdate (RFC 9110 section 5.6.7).
public enum HTTPDate {
    private static let cached = Mutex<(second: Int, text: String)>((0, ""))

    public static func now() -> String {
        let second = time(nil)
        // Nobody waits for somebody who was interrupted while holding the lock: a date is made sooner.
        let found = cached.withLockIfAvailable { cached in
            if cached.second != second { cached = (second, text(second)) }
            return cached.text
        }
        return found ?? text(second)
    }

    /// Seconds since 1970 of any of the three forms that RFC 9110 section 5.6.7 wants to be read: IMF-fixdate, and the
    /// obsolete ones of RFC 850 and of `asctime`. `nil` for all else.
    ///
    /// - Parameter now: says which century the two digits of RFC 850 are of.
    public static func seconds(_ text: String, now: Int = time(nil)) -> Int? {
        let parts = text.split { $0 == " " || $0 == "," || $0 == ":" || $0 == "-" }.map(String.init)
        let form: (day: String, month: String, year: Int?, time: ArraySlice<String>)
        switch (parts.count, text.count(where: { $0 == "-" })) {
        case (8, 0) where parts[7] == "GMT" && parts[3].utf8.count == 4:
            form = (parts[1], parts[2], number(parts[3]), parts[4..<7])
        case (8, 2) where parts[7] == "GMT" && parts[3].utf8.count == 2:
            form = (parts[1], parts[2], number(parts[3]).map { year(ofTwoDigits: $0, now: now) }, parts[4..<7])
        case (7, 0) where parts[6].utf8.count == 4:
            form = (parts[2], parts[1], number(parts[6]), parts[3..<6])
        default: return nil
        }
        let time = form.time.compactMap(number)
        guard time.count == 3, let month = months.firstIndex(of: form.month), let day = number(form.day),
            let year = form.year, (1...9999).contains(year), (1...31).contains(day),
            (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2])
        else { return nil }
        // Years that begin in March: the leap day comes last.
        let shifted = month >= 2 ? year : year - 1
        let dayOfYear = (153 * (month >= 2 ? month - 2 : month + 10) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return days * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]
    }

    /// Digits alone.
    private static func number(_ text: String) -> Int? {
        text.isASCIIDigits && text.utf8.count <= 4 ? Int(text) : nil
    }

    /// More than fifty years ahead is the last century.
    private static func year(ofTwoDigits digits: Int, now: Int) -> Int {
        let current = CalendarTime(now).year
        let year = current / 100 * 100 + digits
        return year > current + 50 ? year - 100 : year
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ second: Int) -> String {
        let date = CalendarTime(second)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[date.weekday]), \(two(date.day)) \(months[date.month - 1]) \(date.year) "
            + "\(two(date.hour)):\(two(date.minute)):\(two(date.second)) GMT"
    }
}
