// Compressed answers are told from others, and requests say that they are not wanted.

import NIOCore
import Testing

@testable import HostNetwork
@testable import HostOutbound

@Suite struct ContentCodingTests {
    @Test(arguments: [
        ([], nil), (["identity"], nil), (["", " , "], nil), (["Identity, identity"], nil), (["gzip"], "\"gzip\""),
        (["identity", "br, GZIP"], "\"br, GZIP\""), (["\u{1B}x"], "\"\\u{1b}x\""),
    ])
    func compression(fields: [String], found: String?) {
        #expect(ContentCoding.compression(fields) == found)
    }

    @Test func aTokenEndpointThatCompressesIsTold() {
        let reply = WireReply(
            status: 200, fields: [("Content-Encoding", "gzip")], body: ByteBuffer(bytes: [0x1F, 0x8B, 8, 0]))
        guard case .failure(let fault) = BackendCredentials.token(in: reply, now: .now()) else {
            Issue.record("a token out of nothing")
            return
        }
        #expect(fault.reason.contains("compressed") && fault.reason.contains("\"gzip\""))
        let other = WireReply(status: 200, fields: [], body: ByteBuffer(bytes: [0x1F, 0x8B, 8, 0]))
        guard case .failure(let fault) = BackendCredentials.token(in: other, now: .now()) else { return }
        #expect(!fault.reason.contains("compressed"))
    }

    @Test func requestsOfTheHostSayThatTheyWantNone() throws {
        let endpoint = try #require(OutboundURL("https://tokens.example.com/token"))
        let request = BackendCredentials.request(
            OutboundSettings.Client(tokenEndpoint: endpoint, id: "a", secret: "b", scope: ""))
        #expect(request.fields.filter { $0.name == "Accept-Encoding" }.map(\.value) == ["identity"])
    }
}
