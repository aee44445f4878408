// The life of an engine: whoever gives it up, whatever comes late.

import Testing

@testable import HostCalls

@Suite struct EngineLifeTests {
    enum Event: Sendable {
        case start, started, refuse, stop, stopped
    }

    struct Row: Sendable {
        var events: [Event]
        var phase: EngineLife.Phase
        /// What those that say whether they count said.
        var said: [Bool]
    }

    @Test(arguments: [
        Row(events: [], phase: .new, said: []),
        Row(events: [.start], phase: .starting, said: [true]),
        Row(events: [.start, .start, .started], phase: .running, said: [true, false]),
        Row(events: [.start, .started, .refuse], phase: .running, said: [true, false]),
        Row(events: [.start, .refuse, .started], phase: .refused(reason: "1"), said: [true, true]),
        Row(events: [.start, .refuse, .refuse], phase: .refused(reason: "1"), said: [true, true, false]),
        Row(events: [.refuse, .start], phase: .refused(reason: "0"), said: [true, false]),
        Row(events: [.stop, .start, .stop], phase: .starting, said: [false, true, false]),
        Row(events: [.start, .started, .stop, .stop], phase: .stopping, said: [true, true, false]),
        Row(events: [.start, .started, .stop, .stopped, .start], phase: .stopped, said: [true, true, false]),
        Row(events: [.start, .started, .stopped], phase: .running, said: [true]),
        Row(events: [.start, .refuse, .stop], phase: .refused(reason: "1"), said: [true, true, false]),
    ])
    func nothingComesTwiceOrGoesBack(_ row: Row) {
        var life = EngineLife()
        var said: [Bool] = []
        for (index, event) in row.events.enumerated() {
            switch event {
            case .start: said.append(life.start())
            case .started: life.started()
            case .refuse: said.append(life.refuse("\(index)"))
            case .stop: said.append(life.stop())
            case .stopped: life.stopped()
            }
        }
        #expect(life.phase == row.phase)
        #expect(said == row.said)
    }
}
