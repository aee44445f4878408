// Dates, times and durations (RFC 3339).

@_spi(Text) import JSON

enum TimeFormat {
    static func isDateTime(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count > 10 else { return false }
        let separator = text[text.startIndex + 10]
        return separator | 0x20 == UInt8(ascii: "t") && isDate(text.prefix(10)) && isTime(text.dropFirst(11))
    }

    static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count == 10, at(text, 4) == UInt8(ascii: "-"), at(text, 7) == UInt8(ascii: "-"),
            let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2)
        else { return false }
        guard (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return day <= (isLeap ? 29 : 28)
        case 4, 6, 9, 11: return day <= 30
        default: return day <= 31
        }
    }

    /// A full-time: the offset is not optional. A leap second must be one in UTC.
    static func isTime(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 9, at(text, 2) == UInt8(ascii: ":"), at(text, 5) == UInt8(ascii: ":"),
            let hour = number(text, 0, 2), let minute = number(text, 3, 2), let second = number(text, 6, 2),
            hour < 24, minute < 60, second <= 60
        else { return false }
        var rest = text.dropFirst(8)
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix(while: isDigit)
            if digits.isEmpty { return false }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let offset = offset(rest) else { return false }
        guard second == 60 else { return true }
        return ((hour * 60 + minute - offset) % 1440 + 1440) % 1440 == 1439
    }

    /// Minutes east of UTC.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        guard let sign = text.first else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return text.count == 1 ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count == 6, at(text, 3) == UInt8(ascii: ":"),
            let hour = number(text, 1, 2), let minute = number(text, 4, 2), hour < 24, minute < 60
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hour * 60 + minute)
    }

    /// RFC 3339 appendix A: weeks alone, or units in order without gaps inside the date and the time part.
    static func isDuration(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "P"), text.count > 2 else { return false }
        var rest = text.dropFirst()
        if rest.last == UInt8(ascii: "W") { return units(&rest, "W") == 1 && rest.isEmpty }
        let dates = units(&rest, "YMD")
        guard let dates else { return false }
        if rest.isEmpty { return dates > 0 }
        guard rest.first == UInt8(ascii: "T") else { return false }
        rest = rest.dropFirst()
        guard let times = units(&rest, "HMS") else { return false }
        return times > 0 && rest.isEmpty
    }

    /// Reads amounts with units in order; nil when one is skipped between two.
    private static func units(_ text: inout ArraySlice<UInt8>, _ order: String) -> Int? {
        var count = 0
        var isOver = false
        for unit in order.utf8 {
            let digits = text.prefix(while: isDigit)
            let rest = text.dropFirst(digits.count)
            if !digits.isEmpty, rest.first == unit {
                if isOver { return nil }
                count += 1
                text = rest.dropFirst()
            } else if count > 0 {
                isOver = true
            }
        }
        return count
    }

    private static func at(_ text: ArraySlice<UInt8>, _ position: Int) -> UInt8 { text[text.startIndex + position] }

    private static func number(_ text: ArraySlice<UInt8>, _ position: Int, _ count: Int) -> Int? {
        var value = 0
        for byte in text.dropFirst(position).prefix(count) {
            guard isDigit(byte) else { return nil }
            value = value * 10 + Int(byte & 15)
        }
        return value
    }
}
