// The date as it goes out and as it comes in.

import Testing

@testable import HostBase

@Suite struct HTTPDateTests {
    @Test(arguments: [0, 784_111_777, 951_782_399, 951_782_400, 1_709_251_199, 1_709_251_200, 4_102_444_799])
    func whatIsWrittenIsRead(second: Int) {
        #expect(HTTPDate.seconds(HTTPDate.text(second)) == second)
    }

    @Test func theExampleOfTheSpecification() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun Nov 06 08:49:37 1994",
    ])
    func allThreeFormsAreRead(text: String) {
        #expect(HTTPDate.seconds(text, now: 784_111_000) == 784_111_777)
    }

    /// Section 5.6.7: more than fifty years ahead is the most recent year in the past with the same digits.
    @Test func twoDigitsAreOfTheCenturyThatIsNear() {
        let in2026 = 1_780_000_000
        func year(_ digits: String) -> Int? {
            HTTPDate.seconds("Friday, 01-Jan-\(digits) 00:00:00 GMT", now: in2026).map { CalendarTime($0).year }
        }
        #expect(year("26") == 2026 && year("37") == 2037 && year("76") == 2076)
        #expect(year("77") == 1977 && year("94") == 1994 && year("99") == 1999 && year("00") == 2000)
    }

    @Test func farDatesAreDates() {
        #expect(HTTPDate.seconds("Tue, 19 Jan 2038 03:14:08 GMT") == 2_147_483_648)
        #expect(HTTPDate.seconds("Fri, 31 Dec 9999 23:59:59 GMT") == 253_402_300_799)
        #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(HTTPDate.seconds("Wed, 31 Dec 1969 23:59:59 GMT") == -1)
    }

    @Test(arguments: [
        "", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37", "Sun Nov  6 08:49:37 94",
        "Sun Nov  6 08:49:37 1994 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 +8:49:37 GMT", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun Nov  6 08:49 1994", "1994-11-06T08:49:37Z",
    ])
    func somethingElseIsNoDate(text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }
}
