// Without authentication, names and origins decide.

import NIOHTTP1
import Testing

@testable import ToolHost

@Suite struct RebindingGuardTests {
    private let rebinding = RebindingGuard(
        host: "127.0.0.1", publicURL: "https://tools.example.com/base", corsOrigins: ["https://chatgpt.com"])

    @Test(arguments: ["localhost:3001", "127.0.0.1:3001", "[::1]:3001", "LOCALHOST", "tools.example.com", ""])
    func namesOfThisHostPass(host: String) {
        #expect(rebinding.objection(to: ["host": host]) == nil)
    }

    @Test(arguments: ["evil.example", "localhost.evil.example:3001", "127.0.0.1.evil.example", "[::2]"])
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
