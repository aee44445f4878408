// What the health document says of a host that is well, and of one that is not.

import JSONSchema
import NIOHTTP1
import Testing

@testable import ToolHost

@Suite struct HealthTests {
    @Test func aHostWithoutAToolIsNotWell() throws {
        let nothing = Snapshot(packs: [], tools: [], refusals: [], disabled: [])
        let response = Health.response(nothing, issuers: [])
        let document = try JSONValue(parsing: response.body)
        #expect(response.status == .ok)
        #expect(document["status"] == "degraded")
        #expect(document["packs"] == 0)
        #expect(document["tools"] == 0)
    }
}
