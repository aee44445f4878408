// URLs and origins: one spelling, one place, and nothing that could be read in two ways.

import Testing

@testable import HostNetwork

@Suite struct OriginTests {
    @Test(arguments: [
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"), ("HTTPS://Shop.Example.com", "https://shop.example.com"),
        ("https://shop.example.com:443/", "https://shop.example.com"), ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://next_js:80", "http://next_js"), ("https://a:65535", "https://a:65535"),
    ])
    func originsAreWrittenOneWay(text: String, expected: String) throws {
        #expect(try #require(Origin(text)).description == expected)
    }

    @Test(arguments: [
        "", "shop.example.com", "ftp://a", "http://", "http:///path", "http://a/path", "http://a?x", "http://a/?",
        "http://user@a", "http://user:secret@a", "http://a:", "http://a:0", "http://a:65536", "http://a:+80",
        "http://a:80a", "http://[::1", "http://[::1]x", "http://[a]", "http://[]", "http://a b", "http://a\\b",
        "http://a%2eb", "http://ä", "http://.a", "http://a#b", "http:/a", "javascript:alert(1)", "http://a\n",
    ])
    func whatIsNoOriginIsRefused(text: String) {
        #expect(Origin(text) == nil)
    }

    @Test(arguments: [
        ("http://a", "/"), ("http://a?b=c", "/?b=c"), ("http://a/b/../c?d=%20&e", "/b/../c?d=%20&e"),
        ("http://a:80/b:c@d", "/b:c@d"),
    ])
    func targetsAreKeptAsTheyAre(text: String, target: String) throws {
        #expect(try #require(OutboundURL(text)).target == target)
    }

    @Test(arguments: [
        "http://a/b c", "http://a/b\"", "http://a/b#c", "http://a/\u{7f}", "http://a/\t", "http://a/b\\c",
        "http://a/ü", "http://a/b<c>", "http://a/{b}", "http://a/b|c", "http://a/b^c", "http://a/`",
        "http://a/" + String(repeating: "x", count: 9000),
    ])
    func targetsThatNeedEscapesAreNone(text: String) {
        #expect(OutboundURL(text) == nil)
    }

    @Test(arguments: [
        ("/there", "https://a:8443/there"), ("//b/there", "https://b/there"), ("?x", "https://a:8443/here/now?x"),
        ("http://b/", "http://b/"), ("/there#part", "https://a:8443/there"), ("https://a:8443", "https://a:8443/"),
    ])
    func locationsAreResolved(reference: String, expected: String) throws {
        let url = try #require(OutboundURL("https://a:8443/here/now?old"))
        #expect(url.resolve(reference)?.description == expected)
    }

    @Test(arguments: ["there", "../there", "", "mailto:a@b", "/a b", "http://user@a:8443/"])
    func otherLocationsLeadNowhere(reference: String) throws {
        let url = try #require(OutboundURL("https://a:8443/here/now?old"))
        #expect(url.resolve(reference) == nil)
    }
}
