// What may stand in Host, and which host it names.

import Testing

@testable import HostHTTP

@Suite struct AuthorityTests {
    @Test(arguments: [
        ("localhost", "localhost", nil), ("LOCALHOST:3001", "localhost", 3001), ("localhost.", "localhost", nil),
        ("localhost.:80", "localhost", 80), ("a:", "a", nil), ("a:0", "a", 0), ("a:00080", "a", 80),
        ("a:03001", "a", 3001), ("a:00000000000000000000000065535", "a", 65535), ("[::1]:003001", "[::1]", 3001),
        ("a_b-c~1", "a_b-c~1", nil),
        ("127.0.0.1:65535", "127.0.0.1", 65535), ("[::1]", "[::1]", nil), ("[0:0:0:0:0:0:0:1]:443", "[::1]", 443),
        ("[2001:DB8::00A]:", "[2001:db8::a]", nil), ("a..b", "a..b", nil),
    ])
    func isRead(text: String, host: String, port: Int?) throws {
        let authority = try #require(Authority(text))
        #expect(authority.host == host)
        #expect(authority.port == port)
    }

    @Test(arguments: [
        "[::1]evil", "[::1]:99999", "[::1]:1:2", "[::1", "::1", "[]", "[evil]", "[::1%25lo]", "[::1%lo]", "[v1.x]",
        "[::1\0]",
        "[127.0.0.1]", "localhost:abc", "localhost:80:evil", "localhost:65536", "localhost:123456", "a:0065536",
        "a:18446744073709551617", "localhost:-1",
        "localhost:+1", "localhost: 1", ":80", ":", "a b", " a", "a ", "a\t", "a/b", "a?b", "a#b", "u@a", "a,b", "a;b",
        "a\\b",
        "local%68ost", "caf\u{E9}", "a\0b", "a[::1]", "[::1][::1]", "a]", "\u{FF11}",
    ])
    func isRefused(text: String) {
        #expect(Authority(text) == nil)
        let isWellFormed = Authority.isWellFormed(text.utf8.span)
        #expect(!isWellFormed)
    }

    @Test(arguments: ["", ".", "..", ".a", "a.."])
    func emptyOnesNameNobody(text: String) {
        #expect(Authority(text) == nil)
    }
}
