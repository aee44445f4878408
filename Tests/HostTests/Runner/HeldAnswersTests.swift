// Answers that wait for one wake-up: each lane is told of once, and none is forgotten.

import Testing

@testable import HostRunner

@Suite struct HeldAnswersTests {
    @Test func lanesAreToldOnceEach() {
        var held = HeldAnswers()
        #expect(held.takeLanes() == [])
        let full = [1, 0, 1].map { held.add(lane: $0) }
        #expect(full == [false, false, false])
        #expect(held.takeLanes() == [1, 0])
        #expect(held.takeLanes() == [])
    }

    @Test func thereAreNeverMoreThanEight() {
        var held = HeldAnswers()
        for round in 0..<3 {
            let full = (0..<8).map { held.add(lane: $0 % 3 + round) }
            #expect(full == Array(repeating: false, count: 7) + [true])
            #expect(held.takeLanes() == [round, round + 1, round + 2])
        }
    }
}
