// The events of a call in every order that there is: late, twice, while it begins and while it ends.

import Testing
import ToolABI

@testable import HostCalls

@Suite struct CallStateOrderTests {
    enum Event: CaseIterable, Sendable {
        case enter, turnAway, complete, returnPending, returnResult, cancel, expire
    }

    /// A call, and what was told to whom by its events.
    private struct History {
        var state: CallState
        var events: [Event] = []
        var entries = 0
        var answers = 0
        var settlements = 0
        var notes = 0
        /// Workers that the pool counts as lost, and places that the gate counts as kept.
        var lost = 0
        var overdue = 0

        init(isInline: Bool) {
            state = CallState(isInline: isInline)
        }

        /// As the desk acts on it.
        mutating func happen(_ event: Event) {
            events.append(event)
            switch event {
            case .enter: if state.enter() { entries += 1 }
            case .turnAway: if state.turnAway() { answers += 1 }
            case .complete: settle()
            case .returnPending: comeBack(isPending: true)
            case .returnResult:
                comeBack(isPending: false)
                settle()
            case .cancel: abandon(.cancelled)
            case .expire:
                abandon(.deadline)
                guard let counted = state.overran() else { return }
                if counted == .none { lost += 1 }
                overdue += 1
            }
        }

        private mutating func settle() {
            switch state.settle() {
            case .answer:
                answers += 1
                settlements += 1
            case .late: settlements += 1
            case .twice: break
            }
        }

        private mutating func comeBack(isPending: Bool) {
            let absence = state.returned(isPending: isPending)
            if absence != .none { lost -= 1 }
            if absence == .overdue { overdue -= 1 }
        }

        private mutating func abandon(_ reason: CallState.Abandonment) {
            let effect = state.abandon(reason)
            guard effect != .none else { return }
            answers += 1
            guard effect == .answerAndCancel else { return }
            notes += 1
            if state.hasLostWorker { lost += 1 }
        }

        /// What is wrong now.
        var fault: String? {
            if entries > 1 { return "given to the pack twice" }
            if answers > 1 { return "answered twice" }
            if settlements > 1 { return "settled twice" }
            if (answers > 0) != state.isAnswered { return "who is answered is not known" }
            if entries == 0, settlements + notes > 0 { return "the pack hears of what it was never given" }
            if state.isInside, entries == 0 || state.isInline { return "nobody is inside" }
            if !(0...1).contains(lost) || lost == 1 && !state.isInside { return "workers are miscounted" }
            if !(0...1).contains(overdue) || overdue > lost { return "places are miscounted" }
            if !state.awaitsDeadline, state.isInside || !state.isAnswered { return "its deadline is called off" }
            return nil
        }
    }

    /// What the desk never does: a worker comes back that is not inside, and what it gave the pack is turned away.
    private func isPossible(_ event: Event, after events: [Event]) -> Bool {
        switch event {
        case .returnPending, .returnResult:
            events.contains(.enter) && !events.contains(.returnPending) && !events.contains(.returnResult)
        default: true
        }
    }

    @Test(arguments: [true, false])
    func oneAnswerAndOneSettlementWhateverComes(isInline: Bool) {
        var count = 0
        var histories = [History(isInline: isInline)]
        for _ in 0..<6 {
            histories = histories.flatMap { history in
                Event.allCases.filter { isPossible($0, after: history.events) }.map { event in
                    var next = history
                    next.happen(event)
                    return next
                }
            }
            count += histories.count
            for history in histories where history.fault != nil {
                Issue.record("\(history.fault ?? ""): \(history.events)")
                return
            }
        }
        #expect(count > 30_000)
    }

    /// As when the deadline is armed only after another thread has taken the call up.
    @Test(arguments: [
        [Event](), [.enter], [.enter, .complete], [.enter, .cancel], [.enter, .returnPending],
    ])
    func theDeadlineIsAwaitedWhileSomebodyWaitsOrStays(events: [Event]) {
        #expect(history(of: events).state.awaitsDeadline)
    }

    @Test(arguments: [
        [Event.cancel], [.turnAway], [.enter, .returnResult], [.enter, .complete, .returnPending],
        [.enter, .cancel, .returnPending],
    ])
    func theDeadlineOfWhatIsOverIsNotAwaited(events: [Event]) {
        #expect(!history(of: events).state.awaitsDeadline)
    }

    private func history(of events: [Event]) -> History {
        var history = History(isInline: false)
        for event in events { history.happen(event) }
        return history
    }

    @Test(arguments: [[Event.turnAway], [.enter, .returnResult], [.cancel, .enter], [.enter]])
    func whatIsOverOrBegunIsNotGivenToThePackAgain(events: [Event]) {
        var history = history(of: events)
        let phase = history.state.phase
        let isGiven = history.state.enter()
        #expect(!isGiven)
        #expect(history.state.phase == phase)
    }
}
