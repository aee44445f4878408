// What `toolhost doctor` says of the agents API: the step that fails, and what to change.

import NIOCore
import Testing

@testable import HostApp
@testable import HostOutbound

@Suite struct AgentsCheckupTests {
    private static let api = ["NEXTJS_URL": "https://shop.example.com/base"]
    private static let grant = api.merging([
        "AGENTS_OAUTH2_TOKEN_ENDPOINT": "https://login.example.com/token", "AGENTS_OAUTH2_CLIENT_ID": "host",
        "AGENTS_OAUTH2_CLIENT_SECRET": "s3cr3t",
    ]) { $1 }

    /// - Parameter answer: by the URL that is asked for.
    private func lines(
        _ environment: [String: String], answer: @escaping (String) throws -> (Int, String)
    ) throws -> [Checkup.Line] {
        AgentsCheckup(try .of(environment)) { request in
            let (status, body) = try answer("\(request.url)")
            return WireReply(status: status, fields: [], body: ByteBuffer(string: body))
        }.checkup.lines
    }

    @Test func withoutAURLNothingIsAsked() throws {
        let lines = try lines([:]) { _ in throw WireFault.neverSent("it was asked") }
        #expect(lines.map(\.verdict) == [.good])
        #expect(lines.first?.detail.contains("NEXTJS_URL is not set") == true)
    }

    @Test func allIsWell() throws {
        let token = #"{"access_token":"abc","token_type":"Bearer"}"#
        let lines = try lines(Self.grant) { url in
            switch url {
            case "https://shop.example.com/base/health": (204, "")
            case "https://login.example.com/token": (200, token)
            default: (404, "")
            }
        }
        #expect(lines.map(\.verdict) == [.good, .good])
        #expect(!lines.contains { $0.detail.contains("abc") || $0.detail.contains("s3cr3t") })
    }

    @Test(arguments: [
        (302, "NEXTJS_URL to where it leads"), (401, "without credentials"), (404, "path of NEXTJS_URL"),
        (500, "not well"), (418, "not well"),
    ])
    func healthThatIsNone(status: Int, words: String) throws {
        let lines = try lines(Self.api) { _ in (status, "") }
        #expect(lines.map(\.verdict) == [.bad])
        #expect(lines[0].detail.contains(words) && lines[0].detail.contains("\(status)"), "\(lines)")
    }

    @Test(
        arguments: [
            (.neverSent("connection refused"), "Does it run"),
            (.neverSent("handshake: CERTIFICATE_VERIFY_FAILED"), "OUTBOUND_CA_FILE"),
            (.brokenOff("deadline"), "no whole answer"), (.denied("OUTBOUND_PRIVATE_NETWORKS"), "one of yours"),
            (.tooLarge, "65536"),
        ] as [(WireFault, String)])
    func whoDoesNotAnswer(fault: WireFault, words: String) throws {
        let lines = try lines(Self.grant) { _ in throw fault }
        #expect(lines.map(\.verdict) == [.bad, .bad])
        #expect(lines.allSatisfy { $0.detail.contains(words) }, "\(lines)")
    }

    @Test(arguments: [
        (401, #"{"error":"invalid_client"}"#, "AGENTS_OAUTH2_CLIENT_SECRET"), (404, "<html>", "the token endpoint"),
        (200, "{}", "no access_token"), (400, #"{"error":"invalid_scope"}"#, "invalid_scope"),
    ])
    func tokensThatAreNotGranted(status: Int, body: String, words: String) throws {
        let lines = try lines(Self.grant) { url in url.hasSuffix("/health") ? (200, "") : (status, body) }
        #expect(lines.map(\.verdict) == [.good, .bad])
        #expect(lines[1].detail.contains(words), "\(lines[1])")
    }

    @Test func aKeyCannotBeTriedWithoutACall() throws {
        let lines = try lines(Self.api.merging(["AGENTS_API_KEY": "sesame"]) { $1 }) { _ in (200, "") }
        #expect(lines.map(\.verdict) == [.good, .open])
        #expect(!lines.contains { $0.detail.contains("sesame") })
    }
}
