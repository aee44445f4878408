// When a pack counts as ailing: not for one odd answer, not by a caller's doing, and not for good.

import NIOCore
import Testing

@testable import HostCalls

@Suite struct PackConditionTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test func oneFailureIsAnOddOne() {
        var condition = PackCondition()
        for _ in 0..<10 {
            #expect(condition.failed("a", start) == nil)
            #expect(condition.isTroubled && !condition.isAiling)
            #expect(condition.succeeded("a") == nil)
            #expect(!condition.isTroubled)
        }
    }

    @Test func twoInARowAreTold() {
        var condition = PackCondition()
        _ = condition.failed("a", start)
        #expect(condition.failed("a", start) == .ails(tool: "a"))
        #expect(condition.isAiling)
        #expect(condition.failed("a", start) == nil)
        #expect(condition.succeeded("a") == .recovered(tool: "a"))
        #expect(!condition.isAiling && !condition.isTroubled)
    }

    @Test func failuresOfSeveralToolsAddUp() {
        var condition = PackCondition()
        _ = condition.failed("a", start)
        #expect(condition.failed("b", start) == .ails(tool: "b"))
        #expect(condition.succeeded("c") == .recovered(tool: "c"))
        // Each of them has failed once.
        #expect(condition.isTroubled)
    }

    /// On a full disk what reads goes on.
    @Test func aToolThatWorksDoesNotHideOneThatDoesNot() {
        var condition = PackCondition()
        _ = condition.failed("write", start)
        #expect(condition.succeeded("read") == nil)
        #expect(condition.failed("write", start) == .ails(tool: "write"))
        #expect(condition.succeeded("read") == nil)
        #expect(condition.isAiling)
        #expect(condition.succeeded("write") == .recovered(tool: "write"))
    }

    /// Capitals: a call of that tool failed; small letters: one succeeded; `.`: a minute passes; `?`: somebody asks.
    @Test(arguments: [
        // Two successes, two failures beyond the threshold, questions where there is nothing to tell.
        ("?aaAa?", ""), ("AA", "!a"), ("AAAAaa", "!a+a"), ("AA??a?", "!a+a"),
        // What ails goes on ailing for whoever asks too early, and each failure counts from when it came.
        ("AA....?", "!a"), ("AA.....?", "!a~"), ("AA....A.?....?", "!a~"), ("AA.....??", "!a~"),
        // Forgotten, not well: a success then has nothing to end, and one failure is enough.
        ("AA.....?a", "!a~"), ("AA.....?A", "!a~!a"), ("AA.....?aA", "!a~"), ("AA.....?B", "!a~!b"),
        // Nobody asked in all that time: the failure after it finds it ailing, as it was told.
        ("AA.....Aa", "!a+a"), ("AA.....a", "!a+a"),
        // Two tools, each with its own: it is well when the last of them is.
        ("AABBab", "!a+b"), ("AABBba", "!a+a"), ("ABa", "!b+a"), ("ABaB", "!b+a!b"), ("ABcAc", "!b+c!a"),
        // A success of another tool ends only what no tool did by itself.
        ("AAb", "!a"), ("AbA", "!a"), ("ABAb", "!b"), ("ABAba", "!b+a"),
    ])
    func changes(_ events: String, _ told: String) {
        var condition = PackCondition()
        var now = start
        let changes = events.map { event -> String in
            let change: PackCondition.Change?
            switch event {
            case ".":
                now = now + .minutes(1)
                change = nil
            case "?": change = condition.asked(now)
            case let tool where tool.isUppercase: change = condition.failed(tool.lowercased(), now)
            case let tool: change = condition.succeeded(String(tool))
            }
            return switch change {
            case nil: ""
            case .ails(let tool): "!\(tool)"
            case .recovered(let tool): "+\(tool)"
            case .forgotten: "~"
            }
        }
        #expect(changes.joined() == told)
    }

    /// Two threads tell of their failures in another order than they looked at the clock.
    @Test func aFailureThatIsToldLateShortensNothing() {
        var condition = PackCondition()
        _ = condition.failed("a", start + .minutes(1))
        _ = condition.failed("a", start)
        let early = condition.asked(start + PackCondition.memory)
        let due = condition.asked(start + .minutes(1) + PackCondition.memory)
        #expect(early == nil && due == .forgotten)
    }

    @Test func aWhileWithoutFailuresEndsIt() {
        var condition = PackCondition()
        _ = condition.failed("a", start)
        _ = condition.failed("a", start)
        #expect(condition.asked(start + PackCondition.memory - .nanoseconds(1)) == nil)
        #expect(condition.isAiling)
        #expect(condition.asked(start + PackCondition.memory) == .forgotten)
        #expect(!condition.isAiling)
        #expect(condition.asked(start + PackCondition.memory) == nil)
        // It has not shown yet that it works again.
        #expect(condition.failed("a", start + PackCondition.memory) == .ails(tool: "a"))
    }
}
