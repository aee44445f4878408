// What repeated looks at a backend come to.

import NIOCore
import Testing

@testable import HostOutbound

@Suite struct HealthStateTests {
    private var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var health = HealthState(interval: .seconds(10), now: .uptimeNanoseconds(1_000_000_000_000))

    private mutating func look(_ looks: Bool...) -> [HealthState.Change?] {
        looks.map { health.looked(isWell: $0, now) }
    }

    @Test mutating func isDownAfterTwoFailuresInARow() {
        #expect(health.refusal(now) == nil)
        let changes = look(true, false, true, false, false, false)
        #expect(changes == [nil, nil, nil, nil, .wentDown, nil])
        #expect(health.isDown)
    }

    @Test mutating func oneGoodLookBringsItBack() {
        let changes = look(false, false, true, false)
        #expect(changes == [nil, .wentDown, .cameBack, nil])
        #expect(health.refusal(now) == nil)
    }

    @Test mutating func isLookedAtMoreOftenInTrouble() {
        _ = look(true)
        #expect(health.nextLook == now + .seconds(10))
        _ = look(false)
        #expect(health.nextLook == now + .seconds(2))
    }

    @Test mutating func callersAreToldWhenToComeBack() {
        _ = look(false, false)
        #expect(health.refusal(now) == .seconds(2))
        #expect(health.refusal(now + .milliseconds(1900)) == .seconds(1))
    }

    @Test func shortIntervalsStayShort() {
        var health = HealthState(interval: .milliseconds(50), now: now)
        _ = health.looked(isWell: false, now)
        #expect(health.nextLook == now + .milliseconds(50))
    }
}
