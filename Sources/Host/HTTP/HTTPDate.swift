// The Date field, made once a second.

import Glibc
import Synchronization

/// IMF-fixdate (RFC 9110 section 5.6.7).
enum HTTPDate {
    private static let cached = Mutex<(second: Int, text: String)>((0, ""))

    static func now() -> String {
        let second = time(nil)
        // Nobody waits for somebody who was interrupted while holding the lock: a date is made sooner.
        let found = cached.withLockIfAvailable { cached in
            if cached.second != second { cached = (second, text(second)) }
            return cached.text
        }
        return found ?? text(second)
    }

    /// Seconds since 1970 of an IMF-fixdate; `nil` for the two obsolete forms, which nobody sends any more.
    static func seconds(_ text: String) -> Int? {
        let parts = text.split { $0 == " " || $0 == "," || $0 == ":" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 8, parts[7] == "GMT", let month = months.firstIndex(of: String(parts[2])),
            let day = Int(parts[1]), let year = Int(parts[3]), (1970...9999).contains(year), (1...31).contains(day),
            let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Int(parts[6]),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        // Years that begin in March: the leap day comes last.
        let shifted = month >= 2 ? year : year - 1
        let dayOfYear = (153 * (month >= 2 ? month - 2 : month + 10) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    static func text(_ second: Int) -> String {
        let date = CalendarTime(second)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[date.weekday]), \(two(date.day)) \(months[date.month - 1]) \(date.year) "
            + "\(two(date.hour)):\(two(date.minute)):\(two(date.second)) GMT"
    }
}
