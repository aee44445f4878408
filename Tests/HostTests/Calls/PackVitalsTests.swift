// What an engine that starts its pack once and never again says of it.

import Testing

@testable import HostCalls

@Suite struct PackVitalsTests {
    @Test(arguments: [
        (EngineLife.Phase.new, EngineVitals.State.starting), (.starting, .starting), (.running, .running),
        (.stopping, .stopping), (.stopped, .stopped), (.refused(reason: "its start failed"), .failed),
    ])
    func everyPhaseHasAState(phase: EngineLife.Phase, state: EngineVitals.State) {
        #expect(EngineVitals.State(phase) == state)
    }
}
