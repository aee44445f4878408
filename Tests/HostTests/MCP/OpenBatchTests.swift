// Whatever a batch's messages come to, and in whatever order: one answer, and one report of each call.

import NIOHTTP1
import Testing

@testable import HostHTTP
@testable import HostMCP
@testable import HostObservation
@testable import HostService

@Suite struct OpenBatchTests {
    private func call(_ id: String) throws -> BatchedCall {
        let edition = try TestEditions.editions(TestEditions.settings()).current.mcp
        let request = MCPRequest(
            edition: edition, principal: ReportingHost.principal("shop"), fields: MCPFields([:], RequestFields()),
            id: id, endpoint: MCPEndpoint.path)
        return BatchedCall(request: request, address: nil, tool: nil)
    }

    @Test func itIsAnsweredWithItsLastMessage() {
        let batch = OpenBatch(count: 3)
        #expect(batch.settle(2, [3], nil) == nil)
        #expect(batch.settle(0, [1], nil) == nil)
        #expect(batch.settle(1, nil, nil) == [[1], [3]])
        #expect(batch.end(.gone, reason: "client_gone").isEmpty)
    }

    @Test func whatHasEndedIsReportedInItsOrderAndWhatHasNotAfterIt() throws {
        let batch = OpenBatch(count: 5)
        let calls = try (0..<4).map { try call("\($0)") }
        for (position, call) in calls.enumerated() { batch.begins(position, call) }
        #expect(batch.settle(4, [5], nil) == nil)
        #expect(batch.settle(3, [4], calls[3].report(CallEnding(.done), reason: nil)) == nil)
        #expect(batch.settle(1, nil, calls[1].report(CallEnding(.cancelled), reason: "cancelled")) == nil)
        let reports = batch.end(.cut, reason: "stopping")
        #expect(reports.map(\.requestID) == ["3", "1", "0", "2"])
        #expect(reports.map(\.ending.outcome) == [.done, .cancelled, .cut, .cut])
        #expect(reports.map(\.reason) == [nil, "cancelled", "stopping", "stopping"])
    }

    @Test func whatComesLateIsNeitherAnsweredNorReported() throws {
        let batch = OpenBatch(count: 1)
        let call = try call("a")
        batch.begins(0, call)
        #expect(batch.end(.gone, reason: "client_gone").map(\.ending.outcome) == [.gone])
        #expect(batch.settle(0, [1], call.report(CallEnding(.done), reason: nil)) == nil)
        #expect(batch.end(.cut, reason: "stopping").isEmpty)
    }
}
