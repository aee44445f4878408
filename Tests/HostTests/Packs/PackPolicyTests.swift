// The operator's YAML for a pack.

import JSON
import NIOCore
import Testing

@testable import HostCalls
@testable import HostNetwork
@testable import HostOutbound
@testable import HostPacks
@testable import HostSandbox

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

    @Test func whatItMayUseUp() throws {
        var expected = LimitRules()
        #expect(try PackPolicy(parsing: "").limits == expected)
        let none = try PackPolicy(parsing: "memory: none\nthreads: none\nfile_size: none").limits
        (expected.memory, expected.threads, expected.fileSize) = (.some(nil), .some(nil), .some(nil))
        #expect(none == expected)
        let some = try PackPolicy(
            parsing: """
                memory: 512MiB
                threads: 40
                open_files: 80
                file_size: 268435456
                core_dumps: true
                """
        ).limits
        (expected.memory, expected.threads, expected.openFiles) = (512 << 20, 40, 80)
        (expected.fileSize, expected.keepsCoreDumps) = (268_435_456, true)
        #expect(some == expected)
        // Of a process that there is.
        for yaml in ["isolation: process\nmemory: 1GiB", "isolation: host\nsandbox: off"] {
            _ = try PackPolicy(parsing: yaml)
        }
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
        ("enviroment: [A]", "enviroment", "did you mean env?"), ("mem: 1GiB", "mem", "did you mean memory?"),
        ("enabled: 5", "enabled", "neither true nor false. Example: enabled: false"),
        ("isolation: container", "isolation", "neither process nor host. Example: isolation: process"),
        ("isolation: true", "isolation", "neither process nor host"),
        ("isolated: process", "isolated", "did you mean isolation?"),
        ("niceness: -1", "niceness", "is not a whole number from 0 to 19. Example: niceness: 5"),
        ("niceness: 20", "niceness", "is not a whole number"), ("niceness: 1.5", "niceness", "is not a whole number"),
        ("niceness: low", "niceness", "is not a whole number"),
        ("env: REGION", "env", "is not a list of names. Example: env: [NEXTJS_URL]"),
        ("env: [A-B]", "env", "no name of letters, digits and underscores"), ("env: [1A]", "env", "no name"),
        ("env: ['']", "env", "no name"), ("env: [7]", "env", "no name"), ("env: ['A=b']", "env", "no name"),
        ("memory: 1MiB", "memory", "neither a size from 32MiB to 64TiB nor `none`. Example: memory: 512MiB"),
        ("memory: 64M", "memory", "64MiB in place of 64M. Example: memory: 512MiB"),
        ("memory: off", "memory", "neither a size"), ("memory: 1.5GiB", "memory", "neither a size"),
        ("memory: -1", "memory", "neither a size"), ("memory: ~", "memory", "neither a size"),
        ("threads: 15", "threads", "neither a whole number from 16 to 1000000 nor `none`. Example: threads: 128"),
        ("threads: many", "threads", "neither a whole number"),
        ("open_files: 63", "open_files", "is not a whole number from 64 to 1048576. Example: open_files: 2048"),
        ("open_files: none", "open_files", "is not a whole number"), ("file_size: 1", "file_size", "from 64KiB to"),
        ("core_dumps: 1", "core_dumps", "neither true nor false"), ("memry: 1GiB", "memry", "did you mean memory?"),
        ("isolation: host\nmemory: 1GiB", "memory", "has the pack run in the host's process, which is not bounded"),
        ("threads: none\nisolation: host", "threads", "leave one of them out"),
        ("isolation: host\ncore_dumps: true", "core_dumps", "leave one of them out"),
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

    @Test func namesOfTheEnvironmentAreListedAndSecretsAreNot() throws {
        #expect(try PackPolicy(parsing: "").environment == nil)
        #expect(try PackPolicy(parsing: "env: []").environment == [])
        let policy = try PackPolicy(parsing: "env: [REGION, _x1]")
        #expect(policy.environment == ["REGION", "_x1"])
        try policy.require(noneOf: ["MCP_API_KEY"])
        let error = try #require(throws: PolicyFault.self) { try policy.require(noneOf: ["REGION"]) }
        #expect(error.key == "env" && error.description.contains("REGION, which is a secret of the host's own"))
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
