// What the health documents say of a host that is well, and of one that is not.

import JSON
import NIOHTTP1
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCalls
@testable import HostHTTP
@testable import HostService

@Suite struct HealthTests {
    private static let well = Health(packs: 2, tools: 3)

    private func document(_ response: Response) throws -> JSONObject {
        #expect(response.headers.contains { $0 == ("cache-control", "no-store") })
        #expect(response.headers.contains { $0 == ("content-type", "application/json") })
        return try #require(try JSONValue(parsing: response.bytes).object)
    }

    @Test func aHostThatIsWellSaysVersionAndCounts() throws {
        let response = Self.well.readiness()
        #expect(response.status == .ok && response.reason == nil)
        #expect(
            try document(response) == [
                "status": "ok", "version": .string(HostVersion.current), "packs": 2, "tools": 3, "refused": 0,
            ])
    }

    @Test func aHostWithoutAToolIsNotReady() throws {
        let nothing = Snapshot(packs: [], tools: [], refusals: [], disabled: [])
        let response = Health(nothing, HostState(), issuers: []).readiness()
        #expect(response.status == .serviceUnavailable && response.reason == "unavailable")
        let document = try document(response)
        #expect(document["status"] == "unavailable")
        #expect(document["packs"] == 0)
        #expect(document["tools"] == 0)
    }

    @Test(
        "Whatever somebody should look at is counted, and takes nobody's requests away",
        arguments: [
            "stuck_calls", "failed_packs", "quarantined_tools", "waiting_packs", "ailing_packs", "ailing_issuers",
            "refused",
        ])
    func degraded(_ name: String) throws {
        var health = Self.well
        switch name {
        case "stuck_calls": health.stuckCalls = 7
        case "failed_packs": health.failedPacks = 7
        case "quarantined_tools": health.quarantinedTools = 7
        case "waiting_packs": health.waitingPacks = 7
        case "ailing_packs": health.ailingPacks = 7
        case "ailing_issuers": health.ailingIssuers = 7
        default: health.refused = 7
        }
        let response = health.readiness()
        #expect(response.status == .ok)
        let document = try document(response)
        #expect(document[name] == 7)
        // Refused files are told at the start, and stay: nobody would look at a host that is degraded for good.
        #expect(document["status"] == (name == "refused" ? "ok" : "degraded"))
    }

    @Test func aStuckLoopEndsReadinessAndLife() throws {
        let state = HostState()
        state.set(stuckLoops: 1)
        let nothing = Snapshot(packs: [], tools: [], refusals: [], disabled: [])
        let response = Health(nothing, state, issuers: []).readiness()
        #expect(response.status == .serviceUnavailable)
        #expect(try document(response)["status"] == "stuck")
        #expect(try document(response)["stuck_loops"] == 1)
        let live = Health.liveness(stuckLoops: state.stuckLoops)
        #expect(live.status == .serviceUnavailable)
        #expect(try document(live)["status"] == "stuck")
        state.set(stuckLoops: 0)
        #expect(Health.liveness(stuckLoops: state.stuckLoops).status == .ok)
    }

    @Test func aHostThatStopsIsAliveAndNotReady() throws {
        let state = HostState()
        state.stop()
        let nothing = Snapshot(packs: [], tools: [], refusals: [], disabled: [])
        let response = Health(nothing, state, issuers: []).readiness()
        #expect(response.status == .serviceUnavailable)
        #expect(try document(response)["status"] == "stopping")
        let live = Health.liveness(stuckLoops: state.stuckLoops)
        #expect(live.status == .ok)
        #expect(try document(live) == ["status": "ok", "version": .string(HostVersion.current)])
    }

    @Test func issuersAreCountedAndNotNamed() throws {
        let nothing = Snapshot(packs: [], tools: [], refusals: [], disabled: [])
        var health = Health(nothing, HostState(), issuers: [.fresh, .stale, .empty])
        health.tools = 1
        let document = try document(health.readiness())
        #expect(document["issuers"] == 3)
        #expect(document["ailing_issuers"] == 2)
        #expect(document["status"] == "degraded")
    }
}
