// What of a request's target may stand in a line of the log.

import Testing

@testable import HostHTTP

@Suite struct ExchangePathTests {
    @Test(arguments: [
        ("/tools/a", "/tools/a"), ("/", "/"), ("*", "*"), ("", ""), ("/a@b", "/a@b"), ("/a?token=s3cret", "/a"),
        ("/a#s3cret", "/a"), ("http://host/a?b", "http://host/a"),
        ("http://host/tools/a@b", "http://host/tools/a@b"), ("HTTPS://127.0.0.1:39/@", "HTTPS://127.0.0.1:39/@"),
        ("http://[::1]:39/a@/b", "http://[::1]:39/a@/b"), ("http:///a@b", "http:///a@b"),
        ("http://me:s3cr/et@host/a", "host/a"), ("http://me:s3cret@host/a@b", "b"), ("ftp://s3@host/a", "host/a"),
        ("http://me:s3cret@host/a", "host/a"), ("http://me:s3@cret@host/a?b@c", "host/a"),
        ("me:s3cret@host:443", "host:443"),
        ("s3cret@", ""), ("http://me:s3cret@host/a?b=/c@d", "host/a"),
        (
            "/" + String(repeating: "a", count: 300),
            "/" + String(repeating: "a", count: 199)
        ),
    ])
    func secretsAreLeftOut(uri: String, path: String) {
        #expect(Exchange.path(of: uri) == path)
        #expect(!Exchange.path(of: uri).contains("s3"))
    }
}
