// What a pack may ask for, and what it may say of itself on the way.

import Testing

@testable import HostNetwork
@testable import HostOutbound

@Suite struct OutboundPolicyTests {
    @Test func onlyListedOriginsArePermitted() throws {
        let policy = OutboundPolicy(origins: [try #require(Origin("http://a:3000")), try #require(Origin("https://b"))])
        func objection(_ url: String) throws -> String? { policy.objection(to: try #require(OutboundURL(url))) }
        #expect(try objection("http://a:3000/any?where") == nil)
        #expect(try objection("https://b:443/") == nil)
        for url in ["http://a/", "https://a:3000/", "http://b/", "http://a.b:3000/", "http://c/"] {
            #expect(try objection(url)?.contains("listed: http://a:3000, https://b") == true)
        }
        let nothing = OutboundPolicy().objection(to: try #require(OutboundURL("http://a/")))
        #expect(nothing?.contains("none is listed") == true)
    }

    @Test func aPackSaysNothingInTheHostsName() {
        let fields: [(name: String, value: String)] = [
            ("Host", "b"), ("CONTENT-LENGTH", "1"), ("Transfer-Encoding", "chunked"), ("Connection", "close, X-Hop"),
            ("X-Hop", "1"), ("Keep-Alive", "1"), ("Upgrade", "h2c"), ("TE", "trailers"), ("Expect", "100-continue"),
            ("Proxy-Authorization", "x"), ("X-Request-Id", "forged"), ("traceparent", "forged"), ("Accept", "a/b"),
            ("Authorization", "Bearer own"), ("X-MCP-API-Key", "own"), ("X-User-Token", "own"), ("Cookie", "own"),
            ("Idempotency-Key", "k"),
        ]
        #expect(
            OutboundFields.permitted(fields, ownsCredentials: true).map(\.name) == ["Accept", "Idempotency-Key"])
        #expect(
            OutboundFields.permitted(fields, ownsCredentials: false).map(\.name)
                == ["Accept", "Authorization", "X-MCP-API-Key", "X-User-Token", "Cookie", "Idempotency-Key"])
    }

    @Test(arguments: [
        ("X", "a\r\nY: b"), ("X", "a\nb"), ("X", "a\u{0}"), ("X", "\u{7f}"), ("", "a"), ("X Y", "a"), ("X:", "a"),
        ("X\r\n", "a"), ("Ü", "a"),
    ])
    func fieldsThatWouldBreakTheRequestAreRefused(name: String, value: String) {
        #expect(OutboundFields.objection(to: [("Accept", "a/b"), (name, value)]) != nil)
    }

    @Test func plainFieldsAreFine() {
        #expect(OutboundFields.objection(to: [("X-A_b", "tab\tand ümlaut"), ("Empty", "")]) == nil)
    }

    @Test func cookiesAndTheConnectionStayHere() {
        let fields: [(name: String, value: String)] = [
            ("Content-Type", "a/b"), ("Set-Cookie", "a=b"), ("Connection", "close, X-Hop"), ("x-hop", "1"), ("TE", "a"),
            ("Transfer-Encoding", "chunked"), ("Keep-Alive", "1"), ("Proxy-Authenticate", "a"), ("Trailer", "X"),
            ("Proxy-Connection", "close"), ("Upgrade", "h2c"), ("ETag", "7"), ("Retry-After", "1"),
        ]
        #expect(OutboundFields.shown(fields).map(\.name) == ["Content-Type", "ETag", "Retry-After"])
    }
}
