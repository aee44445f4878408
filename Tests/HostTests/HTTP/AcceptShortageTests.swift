// When a server that ran out of descriptors stops, goes on and says so.

import NIOCore
import Testing

@testable import HostHTTP

@Suite struct AcceptShortageTests {
    private func at(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(1_000_000_000_000) + .milliseconds(milliseconds)
    }

    @Test func itPausesUntilThereIsRoom() {
        var shortage = AcceptShortage()
        #expect(!shortage.isPaused)
        let begins = shortage.failed(at(0))
        #expect(begins && shortage.isPaused)
        let steps = [100, 200].map { shortage.looked(hasRoom: false, at($0)) }
        #expect(steps == [.wait, .wait] && shortage.isPaused)
        let step = shortage.looked(hasRoom: true, at(300))
        #expect(step == .resume && !shortage.isPaused)
    }

    @Test func itIsOverWhenNothingFailsForAWhile() {
        var shortage = AcceptShortage()
        _ = shortage.failed(at(0))
        _ = shortage.looked(hasRoom: true, at(100))
        // Room or not, nothing failed.
        let early = [shortage.looked(hasRoom: true, at(200)), shortage.looked(hasRoom: false, at(5099))]
        #expect(early == [.wait, .wait])
        let end = shortage.looked(hasRoom: false, at(5100))
        #expect(end == .end(.milliseconds(5100)))
        let after = shortage.looked(hasRoom: true, at(9000))
        #expect(after == .wait)
        let begins = shortage.failed(at(9100))
        #expect(begins)
    }

    @Test func whatComesBackOnTrialIsTheSame() {
        var shortage = AcceptShortage()
        var told = 0
        for round in 0..<100 {
            if shortage.failed(at(Int64(round) * 300)) { told += 1 }
            let step = shortage.looked(hasRoom: true, at(Int64(round) * 300 + 100))
            #expect(step == .resume)
        }
        #expect(told == 1)
        // Counted from the first failure.
        let end = shortage.looked(hasRoom: true, at(99 * 300 + 5100))
        #expect(end == .end(.milliseconds(99 * 300 + 5100)))
    }

    /// `f`: one could not be accepted; `y`, `n`: a look finds room, or none; each event one second after the one
    /// before.
    @Test(arguments: [
        // Looks that come late, after the end or before any failure.
        ("yn", "..", false), ("fyyyyyyy", "F>....E.", false), ("fyyyyyyf", "F>....EF", true),
        // The look and the failure of the same moment, in both orders: whoever comes last decides.
        ("fyf", "F>-", true), ("ffy", "F->", false), ("fyfy", "F>->", false), ("fyfn", "F>-.", true),
        // On trial nobody asks for room; the trial begins anew with each pause.
        ("fynnnnn", "F>....E", false), ("fyyyyyfyyyyyy", "F>....->....E", false),
        ("fnnnnnnnnn", "F.........", true),
    ])
    func table(_ events: String, _ expected: String, isPaused: Bool) {
        var shortage = AcceptShortage()
        let steps = events.enumerated().map { index, event -> String in
            let now = at(Int64(index) * 1000)
            if event == "f" { return shortage.failed(now) ? "F" : "-" }
            return switch shortage.looked(hasRoom: event == "y", now) {
            case .wait: "."
            case .resume: ">"
            case .end: "E"
            }
        }
        #expect(steps.joined() == expected)
        #expect(shortage.isPaused == isPaused)
    }

    @Test func moreFailuresWhilePausedChangeNothing() {
        var shortage = AcceptShortage()
        let told = [0, 10, 20].map { shortage.failed(at($0)) }
        #expect(told == [true, false, false])
        #expect(shortage.isPaused)
    }
}
