// Heads that can be read in two ways are refused; the others come apart as RFC 9112 says.

import NIOCore
import NIOHTTP1
import Testing

@testable import ToolHost

@Suite struct RequestTests {
    private func check(
        _ uri: String = "/", _ fields: [(String, String)] = [("Host", "a")], version: HTTPVersion = .http1_1
    ) throws -> (path: String, query: String?) {
        let headers = HTTPHeaders(fields)
        return try RequestHeadError.checked(
            HTTPRequestHead(version: version, method: .POST, uri: uri, headers: headers), RequestFields(headers))
    }

    @Test(arguments: [
        ("/a?b=c", "/a", "b=c"), ("/a?", "/a", ""), ("/a", "/a", nil), ("http://x/a?b", "/a", "b"),
        ("http://x", "/", nil),
        ("HTTPS://x:1?q", "/", "q"), ("*", "*", nil), ("/a?b?c", "/a", "b?c"),
    ])
    func targets(uri: String, path: String, query: String?) throws {
        let target = try check(uri)
        #expect(target.path == path)
        #expect(target.query == query)
    }

    @Test func oneHostIsNeeded() throws {
        #expect(throws: RequestHeadError.host) { try check("/", []) }
        #expect(throws: RequestHeadError.host) { try check("/", [("Host", "a"), ("host", "a")]) }
        #expect(throws: RequestHeadError.host) { try check("/", [("Host", "a/b")]) }
        #expect(throws: Never.self) { try check("/", [], version: .http1_0) }
        #expect(throws: Never.self) { try check("/", [("Host", "")]) }
    }

    @Test func framingIsUnambiguous() throws {
        let host = ("Host", "a")
        #expect(throws: RequestHeadError.transferEncoding) {
            try check("/", [host, ("Transfer-Encoding", "chunked"), ("Content-Length", "1")])
        }
        #expect(throws: RequestHeadError.transferEncoding) {
            try check("/", [host, ("Transfer-Encoding", "chunked")], version: .http1_0)
        }
        for coding in ["gzip, chunked", "identity", "chunked, chunked"] {
            #expect(throws: RequestHeadError.unknownTransferCoding) {
                try check("/", [host, ("Transfer-Encoding", coding)])
            }
        }
        #expect(throws: Never.self) { try check("/", [host, ("Transfer-Encoding", "Chunked")]) }
        #expect(throws: RequestHeadError.target) { try check("a/b") }
    }

    @Test func onlyTrustedProxiesSpeakForOthers() throws {
        let addresses = ClientAddress(trusted: [
            try #require(NetworkRange("127.0.0.1")), try #require(NetworkRange("10.0.0.0/8")),
        ])
        let proxy = addresses.peer(try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        let stranger = addresses.peer(try SocketAddress(ipAddress: "192.0.2.1", port: 1))
        let chain: RequestFields = ["x-forwarded-for": "6.6.6.6, 198.51.100.7, 10.1.1.1"]
        #expect(addresses.client(chain, peer: proxy) == "198.51.100.7")
        #expect(addresses.client(chain, peer: stranger) == "192.0.2.1")
        #expect(addresses.client(["x-real-ip": "198.51.100.9"], peer: proxy) == "198.51.100.9")
        #expect(addresses.client(["x-real-ip": "nonsense"], peer: proxy) == "127.0.0.1")
        for chain in ["198.51.100.7,", "198.51.100.7,,10.1.1.1", ",198.51.100.7"] {
            #expect(addresses.client(["x-forwarded-for": chain], peer: proxy) == "198.51.100.7", "\(chain)")
        }
        #expect(addresses.client(["x-forwarded-for": "nonsense"], peer: proxy) == "127.0.0.1")
        #expect(addresses.client(["x-forwarded-for": "", "x-real-ip": "198.51.100.9"], peer: proxy) == "198.51.100.9")
        let lists: RequestFields = ["x-forwarded-for": "6.6.6.6", "X-Forwarded-For": "198.51.100.7 , 10.1.1.1"]
        #expect(addresses.client(lists, peer: proxy) == "198.51.100.7")
    }

    @Test(
        arguments: [
            ("/", .index), ("/health", .health), ("/health/", .health), ("/health/live/", .live),
            ("/tools/a_b", .tool("a_b")), ("/tools/a_b/", .tool("a_b")), ("/tools/a/b/", .tool("a/b")),
            ("/mcp", .mcp), ("/mcp/", .mcp), ("/openapi.json/", .openAPI), ("/oauth2/token/", .token),
            ("//", nil), ("/health//", nil), ("/mcp//", nil), ("/tools/a//", .tool("a//")), ("/tools/", nil),
            ("/tools", nil), ("", nil), ("/mcp/x", nil), ("/tools/\u{600}/", .tool("\u{600}")),
        ] as [(String, Route?)])
    func routes(path: String, route: Route?) {
        #expect(Route(path: path) == route)
    }

    @Test func metadataHasARouteForEverySuffix() {
        let base = "/.well-known/oauth-protected-resource"
        #expect(Route(path: base) == .protectedResource(suffix: ""))
        #expect(Route(path: base + "/tools/a") == .protectedResource(suffix: "/tools/a"))
        #expect(Route(path: base + "/") == .protectedResource(suffix: "/"))
        #expect(Route(path: base + "/mcp/") == .protectedResource(suffix: "/mcp/"))
        #expect(Route(path: base + "/mcp//") == .protectedResource(suffix: "/mcp//"))
        #expect(Route(path: base + "x") == nil)
        #expect(Route(path: "/Health") == nil)
    }
}
