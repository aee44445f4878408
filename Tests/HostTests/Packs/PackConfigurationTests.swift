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

    private func configuration(_ environment: [String: String] = [:]) -> PackConfiguration {
        PackConfiguration(
            environment: { environment[$0] },
            places: HostPlaces(stateDirectory: "/srv/var", workingDirectory: "/srv", own: [], shared: []),
            folder: PackDataFolder(of: "units.so", in: "/srv/var"))
    }

    private func resolve(_ environment: [String: String], _ config: JSONObject = [:]) throws -> JSONValue {
        var policy = PackPolicy()
        policy.config = config
        return .object(try configuration(environment).resolve(schema: schema, policy: policy).config)
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

    @Test(arguments: [("limits", "limit"), ("orign", "origins"), ("uri", "url")])
    func aKeyThatThePackDoesNotKnowIsToldWithTheNearest(key: String, nearest: String) throws {
        let fault = try #require(throws: PolicyFault.self) {
            _ = try resolve(["NEXTJS_URL": "http://a"], [key: "a"])
        }
        #expect(fault.key == "config.\(key)")
        #expect(
            fault.problem == "is not known; did you mean \(nearest)? Known here: url, limit, strict, origins",
            "\(fault)")
    }

    @Test func aPackWithoutASchemaTakesNothing() throws {
        var policy = PackPolicy()
        let configuration = configuration()
        #expect(try configuration.resolve(schema: nil, policy: policy).config.count == 0)
        policy.config["x"] = 1
        let error = try #require(throws: PolicyFault.self) {
            _ = try configuration.resolve(schema: nil, policy: policy)
        }
        #expect(error.key == "config.x")
    }

    // MARK: What is given

    struct NamesRow: CustomTestStringConvertible {
        var schema: JSONValue
        var names: EnvironmentNames
        var isConfined = true
        /// What becomes of the property.
        var state: AskedName.State
        var testDescription: String { "\(schema), \(names): \(state)" }
    }

    @Test(
        "Which names are given",
        arguments: [
            NamesRow(schema: ["type": "string", "x-env": "REGION"], names: .any, state: .given),
            NamesRow(schema: ["type": "string", "x-env": "REGION"], names: .listed(["REGION"]), state: .given),
            NamesRow(schema: ["type": "string", "x-env": "REGION"], names: .listed([]), state: .unlisted),
            NamesRow(schema: ["type": "string", "x-env": "NOTHING"], names: .listed([]), state: .unset),
            // Packs that had no folder of their own asked for the state folder.
            NamesRow(schema: ["type": "string", "x-env": "STATE_DIR"], names: .any, state: .ownFolder),
            NamesRow(schema: ["type": "string", "x-env": "STATE_DIR"], names: .listed([]), state: .ownFolder),
            NamesRow(schema: ["type": "string", "x-env": "STATE_DIR"], names: .any, isConfined: false, state: .given),
            // No operator meant that to open.
            NamesRow(schema: ["type": "string", "x-env": "HOME", "x-path": "read"], names: .any, state: .unlisted),
            NamesRow(schema: ["type": "string", "x-env": "HOME"], names: .any, state: .given),
            NamesRow(
                schema: ["type": "string", "x-env": "HOME", "x-path": "read"], names: .listed(["HOME"]), state: .given),
        ])
    func whichNamesAreGiven(_ row: NamesRow) throws {
        var configuration = configuration(["REGION": "eu", "STATE_DIR": "/srv/var", "HOME": "/nonexistent"])
        configuration.names = row.names
        configuration.isConfined = row.isConfined
        let resolved = try configuration.resolve(
            schema: ["type": "object", "properties": ["value": row.schema]], policy: PackPolicy())
        let name = try #require(row.schema["x-env"]?.string)
        #expect(resolved.asked == [AskedName(name: name, property: "value", state: row.state)])
        switch row.state {
        case .given: #expect(resolved.config["value"] != nil && resolved.given == [name])
        case .ownFolder: #expect(resolved.config["value"] == "/srv/var/data/units")
        case .unset: #expect(resolved.config["value"] == nil && resolved.remarks.isEmpty)
        case .unlisted, .configured:
            #expect(resolved.config["value"] == nil)
            #expect(resolved.remarks.contains { $0.text.contains("env: [\(name)]") })
        }
    }

    @Test func whatSeveralPacksAreGivenIsToldOnce() {
        let given = [
            (file: "a.so", names: ["URL", "URL", "A"]), (file: "b.so", names: ["B", "URL"]),
            (file: "c.so", names: ["A"]),
        ]
        #expect(
            SharedName.all(of: given).map(\.text) == ["A (a.so, c.so)", "URL (a.so, b.so)"])
    }
}
