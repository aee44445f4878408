import Testing

@testable import HostHTTP

@Suite("Origins of other sites")
struct CORSTests {
    @Test("An origin is compared as browsers write it")
    func written() {
        let written = [
            "*": "*", "https://console.example.com": "https://console.example.com",
            "https://Console.Example.com/": "https://console.example.com", "HTTPS://a.example:443": "https://a.example",
            "http://a.example:80": "http://a.example", "http://a.example:443": "http://a.example:443",
            "http://localhost:3000": "http://localhost:3000", "http://[::1]:3000": "http://[::1]:3000",
            "https://[2001:DB8:0:0::1]": "https://[2001:db8::1]", "https://[::0]:443": "https://[::]",
            "vscode-webview://1a2B": "vscode-webview://1a2b", "app://localhost:8080": "app://localhost:8080",
            "chrome-extension://abcdefghijklmnop": "chrome-extension://abcdefghijklmnop",
        ]
        for (text, origin) in written { #expect(CORS.origin(text) == origin, "\(text)") }
    }

    @Test(
        "What no browser sends is none",
        arguments: [
            "", "null", "console.example.com", "https://", "https://a.example/page", "https://a.example?x",
            "https://a.example#x",
            "https://u@a.example", "https://*.example.com", "*.example.com", "**", "https:a.example", "https:///a",
            "://a.example", "file://", "app://a/b", "https://a b.example", "https://\u{FC}.example", "http:/a",
            "\"https://a.example\"", "'https://a.example'", "app://a?b", "app://u@x", "foo:bar://x", "app://a:b:c",
            "1app://a", "https://[:::]", "https://[1.2.3.4]", "https://[::1%25lo]",
        ])
    func none(text: String) {
        #expect(CORS.origin(text) == nil)
    }

    @Test("The host of a scheme that browsers do not know may come in its own case")
    func ownCase() {
        #expect(CORS.contains("app://Foo", in: ["app://foo"]))
        #expect(!CORS.contains("app://Food", in: ["app://foo"]))
    }
}
