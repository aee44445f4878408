// What whoever restarts a pack reads: of a host that does it at once, that waits, and that was at it already.

import JSON
import Testing

@testable import HostControl

@Suite struct PackRestartTests {
    private static let answers: [(JSONValue, String)] = [
        (PackRestart.answer("cart", calls: 0, isUnderWay: false), "is started again by host 2"),
        (
            PackRestart.answer("cart", calls: 1, isUnderWay: false),
            "is started again by host 2 once its open call is over"
        ),
        (
            PackRestart.answer("cart", calls: 3, isUnderWay: false),
            "is started again by host 2 once its 3 open calls are over"
        ),
        (PackRestart.answer("cart", calls: 3, isUnderWay: true), "is being restarted already by host 2"),
        // Of a host that says no more.
        (["pack": "cart"], "is started again by host 2"),
    ]

    @Test(arguments: answers)
    func words(answer: JSONValue, text: String) {
        #expect(
            PackRestart.text(of: answer, "cart", host: 2)
                == "the pack cart \(text); toolhost status says when it runs")
    }
}
