// The life of a call: whatever order events come in, one answer and one settlement.

import Testing
import ToolABI

@testable import HostCalls

@Suite struct CallStateTests {
    /// What may happen to a call, so that a test reads as the list of it.
    enum Event: Sendable {
        case enter
        case returnPending
        case settle
        case expire
        case cancel
    }

    /// What the state says of an event.
    enum Outcome: Sendable, Equatable {
        case entered(Bool)
        case noted
        case settled(CallState.Settlement)
        case abandoned(CallState.Effect)
    }

    private func outcomes(of events: [Event]) -> (outcomes: [Outcome], state: CallState) {
        var state = CallState()
        let outcomes = events.map { event -> Outcome in
            switch event {
            case .enter:
                return .entered(state.enter())
            case .returnPending:
                _ = state.returned(isPending: true)
                return .noted
            case .settle: return .settled(state.settle())
            case .expire: return .abandoned(state.abandon(.deadline))
            case .cancel: return .abandoned(state.abandon(.cancelled))
            }
        }
        return (outcomes, state)
    }

    @Test func aResultThatInvokeReturnsIsTheAnswer() {
        let (outcomes, state) = outcomes(of: [.enter, .settle])
        #expect(outcomes == [.entered(true), .settled(.answer)])
        #expect(state.phase == .settled)
    }

    @Test func completionMayComeBeforeInvokeReturns() {
        let (outcomes, state) = outcomes(of: [.enter, .settle, .returnPending, .settle])
        #expect(outcomes == [.entered(true), .settled(.answer), .noted, .settled(.twice)])
        #expect(state.phase == .settled)
    }

    @Test func aSecondCompletionIsThePacksFault() {
        let (outcomes, _) = outcomes(of: [.enter, .returnPending, .settle, .settle])
        #expect(outcomes == [.entered(true), .noted, .settled(.answer), .settled(.twice)])
    }

    @Test func aCallThatWasNeverInvokedCannotBeSettled() {
        let (outcomes, state) = outcomes(of: [.settle])
        #expect(outcomes == [.settled(.twice)])
        #expect(!state.isAnswered)
    }

    @Test func aCallThatExpiresInTheQueueNeverReachesThePack() {
        let (outcomes, state) = outcomes(of: [.expire, .enter])
        #expect(outcomes == [.abandoned(.answer), .entered(false)])
        #expect(state.phase == .settled)
    }

    @Test func anAbandonedCallIsToldToThePackOnceAndItsLateResultReachesNobody() {
        let (outcomes, state) = outcomes(of: [.enter, .returnPending, .expire, .cancel, .settle, .settle])
        #expect(
            outcomes == [
                .entered(true), .noted, .abandoned(.answerAndCancel), .abandoned(.none), .settled(.late),
                .settled(.twice),
            ])
        #expect(state.abandonment == .deadline)
    }

    @Test func aCallCanBeAbandonedInsideInvoke() {
        let (outcomes, state) = outcomes(of: [.enter, .cancel, .settle])
        #expect(outcomes == [.entered(true), .abandoned(.answerAndCancel), .settled(.late)])
        #expect(state.abandonment == .cancelled)
    }

    /// What is counted as lost is counted as found, once: a thread of the network was never one of the workers.
    @Test(arguments: [true, false], [true, false])
    func aWorkerIsLostWhileItIsInsideAndFoundWhenItReturns(isInline: Bool, isPending: Bool) {
        var state = CallState(isInline: isInline)
        _ = state.enter()
        let effect = state.abandon(.cancelled)
        #expect(effect == .answerAndCancel)
        #expect(state.hasLostWorker == !isInline)
        let found = [state.returned(isPending: isPending), state.returned(isPending: isPending)]
        #expect(found == [isInline ? .none : .lost, .none])
    }

    @Test(arguments: [true, false])
    func aWorkerThatIsInsideAtTheDeadlineIsOverdue(wasCancelled: Bool) {
        var state = CallState()
        _ = state.enter()
        if wasCancelled { _ = state.abandon(.cancelled) }
        _ = state.abandon(.deadline)
        let overran = [state.overran(), state.overran()]
        #expect(overran == [.lost, nil], "once")
        let found = [state.returned(isPending: false), state.returned(isPending: false)]
        #expect(found == [.overdue, .none])
    }

    @Test func aWorkerThatAnsweredAndStayedIsOverdueToo() {
        var state = CallState()
        _ = state.enter()
        let settlement = state.settle()
        #expect(settlement == .answer)
        _ = state.abandon(.deadline)
        let overran = state.overran()
        #expect(overran == CallState.Absence.none, "nobody counted it as lost before")
        let found = state.returned(isPending: true)
        #expect(found == .overdue)
    }

    @Test(arguments: [true, false])
    func whoeverIsNotInsideIsNotOverdue(isInline: Bool) {
        var state = CallState(isInline: isInline)
        let before = state.overran()
        _ = state.enter()
        if !isInline { _ = state.returned(isPending: true) }
        _ = state.abandon(.deadline)
        let after = state.overran()
        #expect(before == nil && after == nil)
    }

    @Test func onlyACallThatWaitsIsTurnedAway() {
        var (waiting, given, inside) = (CallState(), CallState(), CallState())
        _ = given.abandon(.deadline)
        _ = inside.enter()
        let answers = [waiting.turnAway(), given.turnAway(), inside.turnAway()]
        #expect(answers == [true, false, false])
        #expect(waiting.phase == .settled && given.phase == .settled && inside.phase == .invoking)
    }

    @Test func noWorkerIsLostBeforeAndAfter() {
        var (waiting, pending) = (CallState(), CallState())
        _ = waiting.abandon(.deadline)
        _ = pending.enter()
        _ = pending.returned(isPending: true)
        _ = pending.abandon(.deadline)
        #expect(!waiting.hasLostWorker && !pending.hasLostWorker)
    }

    @Test func nothingCanBeAbandonedAfterItsAnswer() {
        let (outcomes, _) = outcomes(of: [.enter, .settle, .expire])
        #expect(outcomes.last == .abandoned(.none))
    }

    @Test func reasonsAreTheStatusesThatPacksKnow() {
        #expect(CallState.Abandonment.deadline.status == TOOL_E_DEADLINE)
        #expect(CallState.Abandonment.cancelled.status == TOOL_E_CANCELLED)
    }
}
