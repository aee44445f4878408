import Testing

@testable import ToolHost

@Suite("Origins of other sites")
struct CORSTests {
    @Test("An origin is compared as browsers write it")
    func written() {
        let written = [
            "*": "*", "https://console.example.com": "https://console.example.com",
            "https://Console.Example.com/": "https://console.example.com", "HTTPS://a.example:443": "https://a.example",
            "http://a.example:80": "http://a.example", "http://a.example:443": "http://a.example:443",
            "http://localhost:3000": "http://localhost:3000", "http://[::1]:3000": "http://[::1]:3000",
            "vscode-webview://1a2B": "vscode-webview://1a2b",
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
        ])
    func none(text: String) {
        #expect(CORS.origin(text) == nil)
    }
}
