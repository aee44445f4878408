// Points in time are shown as RFC 3339 has them, whatever a number says.

import Testing

@testable import HostBase

@Suite struct NumericDateTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_772_442_904.12, "2026-03-02T09:15:04.120Z"),
        (-1, "1970-01-01T00:00:00.000Z"), (1e300, "9999-12-31T23:59:59.000Z"),
    ])
    func timestamps(seconds: Double, text: String) {
        #expect(NumericDate(seconds: seconds).timestamp == text)
    }
}
