// What is sent again, and when.

import NIOCore
import Testing

@testable import HostOutbound
@testable import HostTools

@Suite struct RetryPolicyTests {
    private static func hints(readOnly: Bool, idempotent: Bool) -> ToolHints {
        ToolHints(isReadOnly: readOnly, isDestructive: false, isIdempotent: idempotent, isOpenWorld: true)
    }

    private static let reading = RetryPolicy(hints: hints(readOnly: true, idempotent: false), isKeyed: false)
    private static let writing = RetryPolicy(hints: hints(readOnly: false, idempotent: false), isKeyed: false)

    @Test func whatMayBeRepeated() {
        #expect(Self.reading.mayRepeat)
        #expect(RetryPolicy(hints: Self.hints(readOnly: false, idempotent: true), isKeyed: false).mayRepeat)
        #expect(!Self.writing.mayRepeat)
        #expect(RetryPolicy(hints: Self.hints(readOnly: false, idempotent: false), isKeyed: true).mayRepeat)
        #expect(
            ["GET", "HEAD", "POST", "get"].map { RetryPolicy(method: $0).mayRepeat } == [true, true, false, false])
    }

    @Test(arguments: [
        AttemptFailure.brokenOff, .status(429, retryAfter: nil), .status(502, retryAfter: nil),
        .status(503, retryAfter: nil), .status(504, retryAfter: nil),
    ])
    func whatWasSentIsRepeatedOnlyWhereThatDoesNoHarm(failure: AttemptFailure) {
        let pause = Self.reading.pause(after: failure, attempt: 1, remaining: .seconds(10), random: 1)
        #expect(pause == .milliseconds(200))
        #expect(Self.writing.pause(after: failure, attempt: 1, remaining: .seconds(10), random: 1) == nil)
    }

    @Test func whatNeverLeftIsRepeatedForAnyTool() {
        for policy in [Self.reading, Self.writing] {
            let pauses = (1...3).map { attempt in
                policy.pause(after: .neverSent, attempt: attempt, remaining: .seconds(10), random: 1)
            }
            #expect(pauses == [.milliseconds(200), .milliseconds(400), nil])
        }
    }

    @Test func pausesAreSpread() {
        let pauses = [0, 0.5, 1].map { random in
            Self.reading.pause(after: .brokenOff, attempt: 2, remaining: .seconds(10), random: random)
        }
        #expect(pauses == [.milliseconds(200), .milliseconds(300), .milliseconds(400)])
    }

    @Test(arguments: [200, 301, 400, 401, 403, 404, 408, 409, 422, 500, 501, 505])
    func otherStatusesAreAnswers(status: Int) {
        let failure = AttemptFailure.status(status, retryAfter: nil)
        #expect(Self.reading.pause(after: failure, attempt: 1, remaining: .seconds(10), random: 1) == nil)
    }

    @Test func theDeadlineIsKept() {
        #expect(Self.reading.pause(after: .neverSent, attempt: 1, remaining: .milliseconds(200), random: 1) == nil)
        #expect(Self.reading.pause(after: .neverSent, attempt: 1, remaining: .milliseconds(201), random: 1) != nil)
        #expect(Self.reading.pause(after: .neverSent, attempt: 1, remaining: .seconds(-1), random: 0) == nil)
    }

    @Test func retryAfterIsHonouredOrTheCallerIsTold() {
        func pause(_ seconds: Int64, remaining: Int64 = 30) -> TimeAmount? {
            Self.reading.pause(
                after: .status(503, retryAfter: .seconds(seconds)), attempt: 1, remaining: .seconds(remaining),
                random: 1)
        }
        #expect(pause(2) == .milliseconds(2200))
        #expect(pause(0) == .milliseconds(200))
        #expect(pause(2, remaining: 2) == nil)
        #expect(pause(5) == .milliseconds(5200))
        #expect(pause(6) == nil)
    }

    @Test func retryAfterIsSecondsOrADate() {
        func read(_ field: String?, now: Int = 784_111_777) -> TimeAmount? { RetryPolicy.retryAfter(field, now: now) }
        #expect(read("7") == .seconds(7))
        #expect(read(" 7 ") == .seconds(7))
        #expect(read("0") == .zero)
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(read(date, now: 784_111_770) == .seconds(7))
        #expect(read(" \(date) ") == .zero)
        #expect(read(date, now: 784_111_778) == .zero, "it is over")
        #expect(read("Sunday, 06-Nov-94 08:49:37 GMT", now: 784_111_770) == .seconds(7))
        #expect(read("Sun Nov  6 08:49:37 1994", now: 784_111_770) == .seconds(7))
        let others = [nil, "", " ", "-1", "+1", "1.5", "Sun, 06 Nov 1994", "soon", "0x10", "1 2"]
        #expect(others.allSatisfy { read($0) == nil })
    }

    /// A backend that wants to be left alone for long is left alone, and its caller told so.
    @Test(arguments: [
        "86401", "99999999999999999999", String(repeating: "9", count: 1000), "Tue, 19 Jan 2038 03:14:08 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ])
    func aLongTimeIsADay(field: String) {
        let time = RetryPolicy.retryAfter(field, now: 1_780_000_000)
        #expect(time == .seconds(86_400))
        #expect(
            Self.reading.pause(
                after: .status(503, retryAfter: time), attempt: 1, remaining: .hours(48), random: 1) == nil)
    }
}
