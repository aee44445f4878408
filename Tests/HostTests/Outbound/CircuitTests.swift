// The circuit of an origin: opens after failures in a row, tries again, and is closed by one success.

import NIOCore
import Testing

@testable import HostOutbound

@Suite struct CircuitTests {
    private var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var circuit = Circuit(threshold: 3, firstPause: .seconds(5))

    private mutating func fail(_ times: Int) -> [Circuit.Change?] {
        (0..<times).map { _ in
            guard case .pass(let number) = circuit.admit(now) else { return nil }
            return circuit.failed(number, now)
        }
    }

    @Test mutating func opensAfterFailuresInARow() {
        let first = fail(2)
        #expect(first == [nil, nil])
        let success = circuit.succeeded()
        #expect(success == nil)
        let second = fail(3)
        #expect(second == [nil, nil, .opened(.seconds(5))])
        #expect(circuit.isOpen)
        let admission = circuit.admit(now + .seconds(2))
        #expect(admission == .refuse(.seconds(3)))
    }

    @Test mutating func oneAttemptPassesAfterThePause() {
        _ = fail(3)
        now = now + .seconds(5)
        let probe = circuit.admit(now)
        let other = circuit.admit(now)
        #expect(probe == .pass(1))
        #expect(other == .refuse(.seconds(1)))
        let change = circuit.succeeded()
        #expect(change == .closed)
        let admissions = (0..<5).map { _ in circuit.admit(now) }
        #expect(admissions == Array(repeating: .pass(1), count: 5))
    }

    @Test mutating func eachFailedProbeDoublesThePauseUpToAMinute() {
        _ = fail(3)
        var pauses: [Circuit.Change?] = []
        for _ in 0..<6 {
            now = now + .minutes(2)
            pauses += fail(1)
        }
        #expect(
            pauses == [10, 20, 40, 60, 60, 60].map { .opened(.seconds($0)) })
        _ = circuit.admit(now + .minutes(2))
        _ = circuit.succeeded()
        let again = fail(3)
        #expect(again.last == .opened(.seconds(5)))
    }

    @Test mutating func aProbeThatIsGivenUpMakesRoomForAnother() {
        _ = fail(3)
        now = now + .seconds(5)
        _ = circuit.admit(now)
        circuit.withdrawn(1, now)
        let next = circuit.admit(now)
        #expect(next == .pass(2))
        let forgotten = circuit.admit(now + .seconds(11))
        #expect(forgotten == .pass(3))
    }

    @Test mutating func attemptsThatBeganBeforeItOpenedChangeNothing() {
        _ = fail(3)
        let late = circuit.failed(0, now)
        #expect(late == nil)
        let admission = circuit.admit(now + .seconds(5))
        #expect(admission == .pass(1))
        circuit.withdrawn(1, now)
        let change = circuit.succeeded()
        #expect(change == .closed)
    }

    @Test mutating func onlyTheProbeSaysHowTheProbeWent() {
        _ = fail(3)
        now = now + .seconds(5)
        let probe = circuit.admit(now)
        #expect(probe == .pass(1))
        let late = circuit.failed(0, now)
        circuit.withdrawn(0, now)
        let other = circuit.admit(now)
        #expect(late == nil)
        #expect(other == .refuse(.seconds(1)), "an attempt from before made room for a second probe")
        let verdict = circuit.failed(1, now)
        #expect(verdict == .opened(.seconds(10)))
    }
}
