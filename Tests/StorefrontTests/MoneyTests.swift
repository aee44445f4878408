// Amounts, percentages and days: nothing drifts and every rounding is the stated one.

import Testing

@testable import Storefront

struct MoneyTests {
    @Test(arguments: [
        ("0", 0), ("3", 300), ("3.5", 350), ("3.49", 349), ("12.50", 1250), ("0.05", 5), ("1234567.89", 123_456_789),
    ])
    func readsDecimals(text: String, cents: Int) {
        #expect(Money(decimal: text)?.minorUnits == cents)
    }

    @Test(arguments: ["", ".", "3.", ".5", "3.499", "-1", "+1", "1e2", "1,5", " 1", "12345678901", "٣", "1.2.3"])
    func refusesWhatIsNotExact(text: String) {
        #expect(Money(decimal: text) == nil)
    }

    @Test(arguments: [
        (0, "$0.00"), (5, "$0.05"), (99, "$0.99"), (100, "$1.00"), (1250, "$12.50"), (123_456, "$1234.56"),
        (-50, "-$0.50"), (-123, "-$1.23"), (Int.max, "$92233720368547758.07"), (Int.min, "-$92233720368547758.08"),
    ])
    func showsCents(cents: Int, text: String) {
        #expect(Money(minorUnits: cents).text == text)
    }

    /// Half a cent rounds up, less than half down.
    @Test(arguments: [(50, 5, 3), (49, 5, 2), (30, 5, 2), (29, 5, 1), (349, 10, 35), (344, 10, 34), (999, 100, 999)])
    func percentagesRoundHalfUp(cents: Int, percent: Int, expected: Int) {
        #expect(Money(minorUnits: cents).percent(percent).minorUnits == expected)
    }
}

struct CalendarDayTests {
    @Test(arguments: [("1970-01-01", 0), ("1970-02-01", 31), ("2000-03-01", 11_017), ("2024-02-29", 19_782)])
    func countsDays(text: String, number: Int) {
        #expect(CalendarDay(text)?.number == number)
    }

    @Test(arguments: ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "24-01-01", "2024-1-1", ""])
    func refusesDaysThatAreNone(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func changesAtMidnight() {
        #expect(CalendarDay(secondsSince1970: 86_399) == CalendarDay("1970-01-01"))
        #expect(CalendarDay(secondsSince1970: 86_400) == CalendarDay("1970-01-02"))
    }
}
