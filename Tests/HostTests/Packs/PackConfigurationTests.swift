// A pack's configuration: from YAML and from what x-env names, checked against the pack's schema.

import JSON
import Testing

@testable import HostPacks

@Suite struct PackConfigurationTests {
    private let schema: JSONValue = [
        "type": "object",
        "properties": [
            "url": ["type": "string", "minLength": 5, "x-env": "NEXTJS_URL"],
            "limit": ["type": "integer", "minimum": 1, "x-env": "LIMIT"],
            "strict": ["type": "boolean", "x-env": "STRICT"],
            "origins": ["type": "array", "items": ["type": "string"], "x-env": "ORIGINS"],
        ],
        "required": ["url"],
        "additionalProperties": false,
    ]

    private func resolve(_ environment: [String: String], _ config: JSONObject = [:]) throws -> JSONValue {
        var policy = PackPolicy()
        policy.config = config
        return .object(
            try PackConfiguration { environment[$0] }.resolve(schema: schema, policy: policy))
    }

    @Test func valuesComeFromTheEnvironmentInTheSchemasTypes() throws {
        let config = try resolve([
            "NEXTJS_URL": "http://a", "LIMIT": "3", "STRICT": "yes", "ORIGINS": "a, b", "OTHER": "x",
        ])
        #expect(config == ["url": "http://a", "limit": 3, "strict": true, "origins": ["a", "b"]])
    }

    @Test func theOperatorsFileWins() throws {
        #expect(try resolve(["NEXTJS_URL": "http://a"], ["url": "http://b"]) == ["url": "http://b"])
    }

    @Test func problemsNameTheKeyTheOperatorWrote() throws {
        func key(_ environment: [String: String], _ config: JSONObject = [:]) throws -> String {
            try #require(throws: PolicyFault.self) { _ = try resolve(environment, config) }.key
        }
        #expect(try key(["NEXTJS_URL": "x"]) == "NEXTJS_URL")
        #expect(try key(["NEXTJS_URL": "http://a", "LIMIT": "many"]) == "LIMIT")
        #expect(try key(["NEXTJS_URL": "http://a", "LIMIT": "0"]) == "LIMIT")
        #expect(try key(["NEXTJS_URL": "http://a", "STRICT": "perhaps"]) == "STRICT")
        #expect(try key(["NEXTJS_URL": "http://a"], ["limit": 0]) == "config.limit")
        #expect(try key([:]).hasPrefix("config"))
    }

    @Test func aPackWithoutASchemaTakesNothing() throws {
        var policy = PackPolicy()
        let configuration = PackConfiguration { _ in nil }
        #expect(try configuration.resolve(schema: nil, policy: policy).count == 0)
        policy.config["x"] = 1
        let error = try #require(throws: PolicyFault.self) {
            _ = try configuration.resolve(schema: nil, policy: policy)
        }
        #expect(error.key == "config.x")
    }
}
