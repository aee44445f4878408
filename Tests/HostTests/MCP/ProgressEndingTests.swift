// How a call ends over HTTP when it never became a stream.

import NIOHTTP1
import Testing

@testable import HostHTTP
@testable import HostMCP

@Suite struct ProgressEndingTests {
    @Test func aCallThatItsClientCancelledGetsNoResponse() {
        let response = ProgressQueue.Ending(body: nil, reason: "cancelled").response
        #expect(response.status.code == 202)
        #expect(response.bytes.isEmpty)
        #expect(response.reason == "cancelled")
        let answered = ProgressQueue.Ending(body: [0x7B, 0x7D], reason: nil).response
        #expect(answered.status.code == 200)
        #expect(answered.bytes == [0x7B, 0x7D])
    }
}
