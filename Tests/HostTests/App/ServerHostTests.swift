// Addresses to listen on: each in one spelling, so that what is loopback is known to be it, and nothing else is.

import Testing

@testable import HostApp

@Suite struct ServerHostTests {
    private func settings(_ host: String, _ more: [String: String] = [:]) throws -> Settings {
        try Settings(
            source: SettingsSource(environment: more.merging(["MCP_SERVER_HOST": host]) { $1 }, file: [:]),
            workingDirectory: "/srv")
    }

    @Test(arguments: [
        ("LOCALHOST", "localhost"), ("localhost.", "localhost"), ("[::1]", "::1"), ("0:0:0:0:0:0:0:1", "::1"),
        ("[0:0::1]", "::1"), ("::ffff:127.0.0.1", "127.0.0.1"), ("[::FFFF:7f00:2]", "127.0.0.2"),
        ("127.255.0.1", "127.255.0.1"),
    ])
    func loopbackIsLoopbackInEverySpelling(text: String, host: String) throws {
        #expect(ServerHost.reading(text) == .address(host))
        // The default mode, which is for this machine alone.
        #expect(try settings(text).isLoopback)
    }

    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("::", "::"), ("[::]", "::"), ("0:0:0:0:0:0:0:0", "::"), ("::ffff:0.0.0.0", "0.0.0.0"),
        ("192.0.2.1", "192.0.2.1"), ("2001:DB8::1", "2001:db8::1"), ("::2", "::2"), ("::127.0.0.1", "::7f00:1"),
        ("fe80::1%eth0", "fe80::1%eth0"), ("::1%lo", "::1%lo"), ("Tools.Example", "tools.example"),
        ("localhost.example", "localhost.example"), ("a.localhost", "a.localhost"), ("127.example", "127.example"),
        ("localhost4", "localhost4"), ("ip6-localhost", "ip6-localhost"),
    ])
    func nothingElseIs(text: String, host: String) throws {
        #expect(ServerHost.reading(text) == .address(host))
        for mode in ["embedded", "none"] {
            #expect(throws: SettingsError.self) { try settings(text, ["MCP_AUTH_MODE": mode]) }
        }
        let open = ["MCP_AUTH_MODE": "none", "MCP_ALLOW_UNAUTHENTICATED": "true"]
        #expect(try !settings(text, open).isLoopback)
        #expect(try settings(text, open).isWildcard == ["0.0.0.0", "::"].contains(host))
    }

    @Test(arguments: [
        ("127.1", "four numbers"), ("2130706433", "four numbers"), ("0x7f.1", "four numbers"),
        ("0x7f000001", "four numbers"),
        ("0177.0.0.1", "four numbers"), ("127.0.0.01", "four numbers"), ("127.0.0.256", "four numbers"),
        ("127.0.0.1.", "four numbers"), ("1.2.3.4.5", "four numbers"), ("127.0.0.0x1", "four numbers"),
        ("127.0.0.1:3001", "MCP_SERVER_PORT"), ("localhost:3001", "MCP_SERVER_PORT"), ("[::1]:3001", "MCP_SERVER_PORT"),
        ("[127.0.0.1]", "brackets"), ("[localhost]", "brackets"), ("[::1", "brackets"), ("::1]", "brackets"),
        ("http://127.0.0.1", "PUBLIC_URL"), ("::1::2", "no IPv6 address"), ("::1%", "no IPv6 address"),
        ("::1% x", "no IPv6 address"), ("*", "0.0.0.0"), ("local host", "name of a host"),
        ("localhost..", "name of a host"),
        (".localhost", "name of a host"), (".", "name of a host"), ("caf\u{E9}", "name of a host"),
        ("a/b", "name of a host"),
        ("localhost\0", "name of a host"), ("\u{FF11}27.0.0.1", "name of a host"),
    ])
    func whatCanBeReadInTwoWaysIsToldWithAWayOut(text: String, words: String) throws {
        let error = try #require(throws: SettingsError.self) { try settings(text) }
        #expect(error.description.contains(words), "\(error)")
        #expect(error.key == "MCP_SERVER_HOST")
    }
}
