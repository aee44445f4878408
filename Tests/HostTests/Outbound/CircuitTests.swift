// The circuit of an origin: opens after failures in a row, tries again, and is closed by one success.

import NIOCore
import Testing

@testable import ToolHost

@Suite struct CircuitTests {
    private var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var circuit = Circuit(threshold: 3, firstPause: .seconds(5))

    private mutating func fail(_ times: Int) -> [Circuit.Change?] {
        (0..<times).map { _ in
            let admission = circuit.admit(now)
            return admission == .pass ? circuit.failed(now) : nil
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
        #expect(probe == .pass)
        #expect(other == .refuse(.seconds(1)))
        let change = circuit.succeeded()
        #expect(change == .closed)
        let admissions = (0..<5).map { _ in circuit.admit(now) }
        #expect(admissions == Array(repeating: .pass, count: 5))
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
        circuit.withdrawn(now)
        let next = circuit.admit(now)
        #expect(next == .pass)
        let forgotten = circuit.admit(now + .seconds(11))
        #expect(forgotten == .pass)
    }

    @Test mutating func attemptsThatBeganBeforeItOpenedChangeNothing() {
        _ = fail(3)
        let late = circuit.failed(now)
        #expect(late == nil)
        let admission = circuit.admit(now + .seconds(5))
        #expect(admission == .pass)
        circuit.withdrawn(now)
        let change = circuit.succeeded()
        #expect(change == .closed)
    }
}
