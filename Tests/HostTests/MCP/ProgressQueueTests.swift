// When an answer becomes a stream, and what a slow client misses.

import Testing
import ToolABI

@testable import HostCalls
@testable import HostHTTP
@testable import HostMCP

@Suite struct ProgressQueueTests {
    private typealias Report = ProgressQueue.Report
    private static let ending = ProgressQueue.Ending(body: [1], reason: nil)

    private func report(_ done: Double) -> Report { Report(done: done, total: 0, message: nil) }

    @Test func withoutAReportTheAnswerIsNoStream() {
        var queue = ProgressQueue()
        let isDue = queue.end(Self.ending)
        let steps = queue.take(canTake: true)
        #expect(isDue)
        #expect(steps == ProgressQueue.Steps(begins: false, reports: [], ending: Self.ending, isStream: false))
    }

    @Test func theFirstReportBeginsAStreamAndTheEndingEndsIt() {
        var queue = ProgressQueue()
        let first = queue.report(report(1))
        let begin = queue.take(canTake: true)
        let second = queue.report(report(2))
        let more = queue.take(canTake: true)
        let last = queue.end(Self.ending)
        let end = queue.take(canTake: true)
        #expect(first && second && last)
        #expect(begin == ProgressQueue.Steps(begins: true, reports: [report(1)], ending: nil, isStream: true))
        #expect(more == ProgressQueue.Steps(begins: false, reports: [report(2)], ending: nil, isStream: true))
        #expect(end == ProgressQueue.Steps(begins: false, reports: [], ending: Self.ending, isStream: true))
    }

    @Test func reportsThatWaitAreAskedForOnce() {
        var queue = ProgressQueue()
        let first = queue.report(report(1))
        let second = queue.report(report(2))
        let ending = queue.end(Self.ending)
        let steps = queue.take(canTake: true)
        #expect(first)
        #expect(!second && !ending)
        #expect(steps.begins && steps.isStream)
        #expect(steps.reports.map(\.done) == [1, 2])
        #expect(steps.ending == Self.ending)
    }

    @Test func progressOnlyIncreases() {
        var queue = ProgressQueue()
        for done in [1.0, 1, 0.5, -3, 2, 2, 1.5, 3] { _ = queue.report(report(done)) }
        #expect(queue.take(canTake: true).reports.map(\.done) == [1, 2, 3])
    }

    @Test func aSlowClientMissesTheOldest() {
        var queue = ProgressQueue()
        for done in 1...100 {
            _ = queue.report(report(Double(done)))
            #expect(queue.take(canTake: false) == ProgressQueue.Steps())
        }
        let steps = queue.take(canTake: true)
        #expect(steps.reports.map(\.done) == (85...100).map(Double.init))
        #expect(steps.reports.count == ProgressQueue.limit)
    }

    @Test func whatTheClientCouldNotTakeAfterAllWaitsForItsTurn() {
        var queue = ProgressQueue()
        for done in 1...3 { _ = queue.report(report(Double(done))) }
        let taken = queue.take(canTake: true)
        _ = queue.report(report(4))
        queue.giveBack(taken.reports[1...])
        let rest = queue.take(canTake: true)
        #expect(rest == ProgressQueue.Steps(begins: false, reports: [report(2), report(3), report(4)], isStream: true))
        for done in 5...30 { _ = queue.report(report(Double(done))) }
        queue.giveBack(rest.reports[...])
        #expect(queue.take(canTake: true).reports.map(\.done) == (15...30).map(Double.init))
        _ = queue.end(Self.ending)
        _ = queue.take(canTake: false)
        queue.giveBack(rest.reports[...])
        #expect(queue.take(canTake: true) == ProgressQueue.Steps())
    }

    @Test func theEndingDoesNotWaitForASlowClient() {
        var queue = ProgressQueue()
        _ = queue.report(report(1))
        _ = queue.end(Self.ending)
        let steps = queue.take(canTake: false)
        #expect(steps.begins)
        #expect(steps.ending == Self.ending)
    }

    @Test func nothingFollowsTheEnding() {
        var queue = ProgressQueue()
        _ = queue.end(Self.ending)
        _ = queue.take(canTake: true)
        let late = queue.report(report(9))
        let twice = queue.end(Self.ending)
        #expect(!late && !twice)
        #expect(queue.take(canTake: true) == ProgressQueue.Steps())
    }

    @Test func nothingIsKeptForAClientThatIsGone() {
        var queue = ProgressQueue()
        _ = queue.report(report(1))
        queue.close()
        let late = queue.end(Self.ending)
        #expect(!late)
        #expect(queue.take(canTake: true) == ProgressQueue.Steps())
    }

    @Test func anEventIsOneMessageWithoutLineBreaks() {
        let event = ServerSentEvent.message(Array("{\"a\":\n [1,\r\n2]}".utf8))
        #expect(String(decoding: event, as: UTF8.self) == "event: message\ndata: {\"a\":  [1,  2]}\n\n")
        #expect(ServerSentEvent.keepAlive.first == UInt8(ascii: ":"))
    }

    private final class Owner {}

    /// A result holds its call, and the call holds the queue.
    @Test(arguments: [true, false])
    func noEndingIsKept(isTaken: Bool) {
        var owner: Owner? = Owner()
        weak let kept = owner
        var queue = ProgressQueue()
        if let owner {
            let text = unsafe ResultText(tool_bytes(), keptBy: owner)
            let frame = FramedResult.Frame(start: "", beforeText: "", beforeValue: "", inPlaceOfValue: "", end: [])
            let message = FramedResult(frame: frame, label: .integer(1), content: text, hasValue: true)
            _ = queue.end(ProgressQueue.Ending(message: .result(message), reason: nil))
        }
        owner = nil
        #expect(kept != nil)
        if isTaken { _ = queue.take(canTake: true) } else { queue.close() }
        #expect(kept == nil)
    }
}
