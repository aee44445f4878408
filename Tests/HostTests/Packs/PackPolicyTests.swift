// The operator's YAML for a pack.

import JSON
import NIOCore
import Testing

@testable import HostCalls
@testable import HostNetwork
@testable import HostOutbound
@testable import HostPacks

@Suite struct PackPolicyTests {
    @Test func everythingIsOptional() throws {
        for yaml in ["", "# nothing\n", "---\n"] {
            let policy = try PackPolicy(parsing: yaml)
            #expect(policy.isEnabled && policy.isolation == nil && policy.niceness == nil)
            #expect(policy.tools.isEmpty)
            #expect(policy.config.count == 0)
        }
    }

    @Test func everythingIsRead() throws {
        let policy = try PackPolicy(
            parsing: """
                enabled: false
                isolation: host
                niceness: 7
                tools:
                  checkout:
                    enabled: false
                    timeout: 10s
                    scopes: [orders:write, "orders:read"]
                    inline: false
                    null_arguments: strict
                config:
                  products: /srv/products.jsonl
                  limit: 10
                  ratio: 0.5
                  strict: yes
                  code: "10"
                  none: ~
                  list: [a, 1]
                  nested: { a: { b: true } }
                """)
        #expect(!policy.isEnabled && policy.isolation == .host && policy.niceness == 7)
        let tool = try #require(policy.tools["checkout"])
        #expect(!tool.isEnabled && !tool.allowsInline && tool.nullArguments == .strict)
        #expect(tool.timeout == .seconds(10))
        #expect(tool.scopes == ["orders:write", "orders:read"])
        let expected: JSONValue = [
            "products": "/srv/products.jsonl", "limit": 10, "ratio": 0.5, "strict": true, "code": "10", "none": nil,
            "list": ["a", 1], "nested": ["a": ["b": true]],
        ]
        #expect(JSONValue.object(policy.config) == expected)
    }

    @Test func requestsToOtherServicesAreBounded() throws {
        let yaml = """
            http:
              origins: [https://a.example.com, "http://127.0.0.1:3000/"]
              idempotency_keys: [https://a.example.com]
              max_response_bytes: 4096
            """
        let http = try PackPolicy(parsing: yaml).http
        #expect(http.origins?.map(\.description) == ["https://a.example.com", "http://127.0.0.1:3000"])
        #expect(http.keyedOrigins.map(\.description) == ["https://a.example.com"])
        #expect(http.maxResponseBytes == 4096)
        #expect(try PackPolicy(parsing: "http: {origins: []}").http.origins == [])
        #expect(try PackPolicy(parsing: "").http.origins == nil)
    }

    @Test(arguments: [
        ("enabledd: true", "enabledd", "did you mean enabled?"),
        ("enabled: 5", "enabled", "neither true nor false. Example: enabled: false"),
        ("isolation: container", "isolation", "neither process nor host. Example: isolation: process"),
        ("isolation: true", "isolation", "neither process nor host"),
        ("isolated: process", "isolated", "did you mean isolation?"),
        ("niceness: -1", "niceness", "is not a whole number from 0 to 19. Example: niceness: 5"),
        ("niceness: 20", "niceness", "is not a whole number"), ("niceness: 1.5", "niceness", "is not a whole number"),
        ("niceness: low", "niceness", "is not a whole number"),
        ("tools: {a: {timeout: 46s}}", "tools.a.timeout", "1ms to 45s. Example: timeout: 10s"),
        ("tools: {a: {timout: 4s}}", "tools.a.timout", "timeout"), ("tools: [a]", "tools", "mapping"),
        ("tools: {a: {scopes: x}}", "tools.a.scopes", "list"), ("config: 5", "config", "mapping"),
        ("tools: {a: {scopes: ['a b']}}", "tools.a.scopes", "no scope"), ("a: [", "the file", "YAML"),
        ("- a", "the file", "mapping"),
        ("http: {origins: https://a}", "http.origins", "list"), ("http: {origin: []}", "http.origin", "origins"),
        ("http: {origins: [https://a/path]}", "http.origins", "without a path"),
        ("http: {idempotency_keys: [a]}", "http.idempotency_keys", "scheme"),
        ("http: {max_response_bytes: 0}", "http.max_response_bytes", "between"),
    ])
    func whatIsWrongIsNamed(yaml: String, key: String, problem: String) throws {
        let error = try #require(throws: PolicyFault.self) { try PackPolicy(parsing: yaml) }
        #expect(error.key == key)
        #expect(error.description.contains(problem), "\(error)")
    }

    @Test func aFewLinesCannotStandForBillionsOfValues() throws {
        var yaml = "config:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<10 {
            yaml +=
                "  a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
                + "]\n"
        }
        let error = try #require(throws: PolicyFault.self) { try PackPolicy(parsing: yaml) }
        #expect(error.key == "the file")
        #expect(error.description.contains("10000"))
    }
}
