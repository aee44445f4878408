// Without authentication, names and origins decide.

import NIOHTTP1
import Testing

@testable import HostApp
@testable import HostHTTP
@testable import HostMCP
@testable import HostService

@Suite struct RebindingGuardTests {
    private let rebinding = RebindingGuard(
        host: "127.0.0.1", publicURL: "https://tools.example.com/base", corsOrigins: ["https://chatgpt.com"])

    @Test(
        arguments: [
            "localhost:3001", "127.0.0.1:3001", "[::1]:3001", "LOCALHOST", "tools.example.com", "localhost.",
            "localhost.:1",
            "[0:0:0:0:0:0:0:1]", "Tools.Example.com.:443", "localhost:",
        ])
    func namesOfThisHostPass(host: String) {
        #expect(rebinding.objection(to: ["host": host]) == nil)
    }

    @Test(
        arguments: [
            "evil.example", "localhost.evil.example:3001", "127.0.0.1.evil.example", "[::2]", "", "localhos",
            "localhostx",
            // Refused before this is asked; it knows none of them either.
            "[::1]evil", "[::1]:99999", "localhost:abc", "localhost:80:evil", "localhost:3001,evil.example", ":80",
        ])
    func otherNamesAreRefused(host: String) {
        #expect(rebinding.objection(to: ["host": host])?.status == .misdirectedRequest)
    }

    @Test(
        arguments: [
            ("https://Tools.EXAMPLE.com:443", "https://tools.example.com"),
            ("http://tools.example.com:80/base", "http://tools.example.com"),
            ("http://[::1]:3001", "http://[::1]:3001"), ("https://a:80", "https://a:80"),
        ])
    func theOwnOriginIsTheOneThatBrowsersSend(publicURL: String, origin: String) {
        let rebinding = RebindingGuard(host: "127.0.0.1", publicURL: publicURL, corsOrigins: [])
        #expect(rebinding.objection(to: ["host": "localhost", "origin": origin]) == nil)
    }

    @Test func furtherHostsAreKnownByEverySpelling() throws {
        let settings = try Settings(
            source: SettingsSource(
                environment: ["MCP_ALLOWED_HOSTS": "Tools.Internal., fd00:0::1, [2001:db8::2], 192.0.2.1"], file: [:]),
            workingDirectory: "/srv")
        #expect(settings.mcp.allowedHosts == ["tools.internal", "[fd00::1]", "[2001:db8::2]", "192.0.2.1"])
        let rebinding = RebindingGuard(
            host: "::2", publicURL: "https://[2001:DB8::9]:8443", corsOrigins: [],
            allowedHosts: settings.mcp.allowedHosts)
        for host in ["TOOLS.internal:8443", "[fd00::1]:1", "[2001:db8:0::2]", "192.0.2.1", "[::2]:80", "[2001:db8::9]"]
        {
            #expect(rebinding.objection(to: ["host": host]) == nil, "\(host)")
        }
        #expect(rebinding.objection(to: [:]) == nil, "HTTP/1.0, which no browser speaks")
    }

    @Test func ofTwoOriginsNoneCounts() {
        let fields: RequestFields = [
            "host": "localhost", "origin": "https://chatgpt.com", "Origin": "http://evil.example",
        ]
        #expect(rebinding.objection(to: fields)?.status == .forbidden)
    }

    @Test func foreignOriginsAreRefused() {
        func status(_ origin: String) -> HTTPResponseStatus? {
            rebinding.objection(to: ["host": "localhost", "origin": origin])?.status
        }
        #expect(status("http://evil.example") == .forbidden)
        #expect(status("null") == .forbidden)
        #expect(status("https://chatgpt.com") == nil)
        #expect(status("https://tools.example.com") == nil)
        #expect(status("https://tools.example.com:444") == .forbidden)
        #expect(status("http://tools.example.com") == .forbidden)
        let open = RebindingGuard(host: "127.0.0.1", publicURL: "http://127.0.0.1:1", corsOrigins: ["*"])
        #expect(open.objection(to: ["host": "localhost", "origin": "http://evil.example"]) == nil)
    }
}
