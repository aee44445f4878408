// Heads that can be read in two ways are refused; the others come apart as RFC 9112 says.

import NIOCore
import NIOHTTP1
import Testing

@testable import HostHTTP
@testable import HostService

@Suite struct RequestTests {
    private func check(
        _ uri: String = "/", _ fields: [(String, String)] = [("Host", "a")], version: HTTPVersion = .http1_1,
        method: HTTPMethod = .POST
    ) throws -> RequestTarget {
        let headers = HTTPHeaders(fields)
        return try RequestHeadError.checked(
            HTTPRequestHead(version: version, method: method, uri: uri, headers: headers), RequestFields(headers))
    }

    @Test(arguments: [
        ("/a?b=c", "/a", "b=c", nil), ("/a?", "/a", "", nil), ("/a", "/a", nil, nil), ("http://x/a?b", "/a", "b", "x"),
        ("http://x", "/", nil, "x"), ("HTTPS://x:1?q", "/", "q", "x:1"), ("/a?b?c", "/a", "b?c", nil),
        ("//evil/a", "//evil/a", nil, nil), ("http://[::1]:2/a/", "/a/", nil, "[::1]:2"),
        ("/http://x", "/http://x", nil, nil),
    ])
    func targets(uri: String, path: String, query: String?, authority: String?) throws {
        #expect(try check(uri) == RequestTarget(path: path, query: query, authority: authority))
    }

    @Test(
        arguments: [
            "a/b", "", "x:80", "ftp://x/", "http:/x", "http:x", "http://", "http:///a", "http://?q", "http://u@x/a",
            "http://x:y/a",
            "http://[::1]x/a", "http://x:99999/", "http://:80/", "/a#b", "/a?b#c", "http://x#/a", "http://x/a#b", "*",
            "**",
        ])
    func otherTargetsAreRefused(uri: String) {
        #expect(throws: RequestHeadError.target) { try check(uri) }
    }

    @Test func theAsteriskIsForOptions() throws {
        #expect(try check("*", method: .OPTIONS) == RequestTarget(path: "*"))
        #expect(throws: RequestHeadError.target) { try check("*", method: .GET) }
    }

    @Test func oneHostIsNeeded() throws {
        #expect(throws: RequestHeadError.host) { try check("/", []) }
        #expect(throws: RequestHeadError.host) { try check("http://a/", []) }
        #expect(throws: RequestHeadError.host) { try check("/", [("Host", "a"), ("host", "a")]) }
        for host in ["a/b", "[::1]evil", "a:b", "a:80:90"] {
            #expect(throws: RequestHeadError.hostValue) { try check("/", [("Host", host)]) }
        }
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
        for coding in ["gzip, chunked", "identity", "chunked, chunked", ",chunked", "chunked,", "chunked;a=b", ""] {
            #expect(throws: RequestHeadError.unknownTransferCoding) {
                try check("/", [host, ("Transfer-Encoding", coding)])
            }
        }
        #expect(throws: Never.self) { try check("/", [host, ("Transfer-Encoding", "Chunked")]) }
        #expect(throws: RequestHeadError.unknownTransferCoding) {
            try check("/", [host, ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "")])
        }
    }

    @Test func everyErrorSaysWhatIsWrong() {
        for error in [RequestHeadError.host, .hostValue, .transferEncoding, .unknownTransferCoding, .target] {
            #expect(error.response.closes, "nothing that follows can be understood")
            #expect([.badRequest, .notImplemented].contains(error.response.status))
        }
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
