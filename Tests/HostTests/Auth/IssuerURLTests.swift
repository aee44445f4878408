// Which URLs of issuers may be reached without TLS: those of this machine, and none that only look so.

import Testing

@testable import HostAuth

@Suite struct IssuerURLTests {
    @Test(arguments: [
        "https://a", "https://[2001:db8::1]:8443/a", "http://localhost", "http://localhost:80/a", "http://127.0.0.1:1",
        "http://[::1]", "http://[::1]:8080/keys", "http://localhost:?a",
    ])
    func secure(url: String) {
        #expect(IssuerConfiguration.isSecure(url))
    }

    @Test(arguments: [
        "http://[::1]evil.example/keys", "http://[::1].evil.example", "http://[::1]:80:evil.example", "http://[::1",
        "http://localhost:evil.example", "http://localhost:80:evil.example", "http://localhost:123456",
        "http://localhost@evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://:80",
        "http://", "https://", "https://:443", "https://a:b", "https://[::1]x", "ftp://localhost", "localhost", "",
    ])
    func insecure(url: String) {
        #expect(!IssuerConfiguration.isSecure(url))
    }
}
