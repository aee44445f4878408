// When a pack counts as ailing: not for one odd answer, not by a caller's doing, and not for good.

import NIOCore
import Testing

@testable import ToolHost

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
