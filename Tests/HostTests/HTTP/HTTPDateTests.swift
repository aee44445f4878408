// The date as it goes out and as it comes in.

import Testing

@testable import ToolHost

@Suite struct HTTPDateTests {
    @Test(arguments: [0, 784_111_777, 951_782_399, 951_782_400, 1_709_251_199, 1_709_251_200, 4_102_444_799])
    func whatIsWrittenIsRead(second: Int) {
        #expect(HTTPDate.seconds(HTTPDate.text(second)) == second)
    }

    @Test func theExampleOfTheSpecification() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    }

    @Test(arguments: [
        "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
    ])
    func somethingElseIsNoDate(text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }
}
