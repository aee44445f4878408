// The official test suite of JSON Schema draft 2020-12: the specification's own opinion of this validator.

import Foundation
import JSON
import JSONSchema
import Testing

@Suite struct JSONSchemaSuiteTests {
    /// Optional tests that are not attempted, with the reason.
    private static let skippedFiles = [
        "cross-draft.json": "refers to schemas of older drafts with what 2020-12 reads differently, which is refused",
        "dependencies-compatibility.json": "`dependencies` is a keyword of older drafts and ignored here",
    ]

    @Test func passesTheOfficialSuite() throws {
        let folder = try #require(
            ProcessInfo.processInfo.environment["JSON_SCHEMA_SUITE"],
            "JSON_SCHEMA_SUITE names no folder: run the tests with `make test`, which fetches the suite")
        let suite = URL(fileURLWithPath: folder)
        let remotes = try Self.remotes(suite.appendingPathComponent("remotes"))
        let tests = suite.appendingPathComponent("tests/draft2020-12")

        var required = Tally()
        for file in try Self.files(tests) where !file.hasPrefix("optional/") {
            try required.run(tests, file, SchemaOptions(resources: remotes))
        }
        #expect(required.passed > 1_200)
        #expect(required.failures == [])

        var optional = Tally()
        let folderOfOptional = tests.appendingPathComponent("optional")
        for file in try Self.files(folderOfOptional) where Self.skippedFiles[file] == nil {
            let isFormat = file.hasPrefix("format/")
            try optional.run(folderOfOptional, file, SchemaOptions(assertsFormats: isFormat, resources: remotes))
        }
        #expect(optional.failures == [])
        print(
            "JSON Schema suite: \(required.passed) required passed, \(required.failures.count) failed;",
            "\(optional.passed) optional passed, \(optional.failures.count) failed,",
            "\(Self.skippedFiles.count) optional files skipped")
        for (file, reason) in Self.skippedFiles.sorted(by: <) {
            print("  skipped in \(file): \(reason)")
        }
    }

    private struct Tally {
        var passed = 0
        var failures: [String] = []

        mutating func run(_ folder: URL, _ file: String, _ options: SchemaOptions) throws {
            let limits = JSONLimits(depth: 128)
            let groups = try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appendingPathComponent(file))))
            for group in groups.array ?? [] {
                let schema: CompiledSchema
                let title = "\(file): \(group["description"]?.string ?? "")"
                do {
                    schema = try CompiledSchema(#require(group["schema"]), options: options)
                } catch {
                    for _ in group["tests"]?.array ?? [] { failures.append("\(title): \(error)") }
                    continue
                }
                for test in group["tests"]?.array ?? [] {
                    let text = try #require(test["data"]).bytes()
                    let document = try JSONDocument(parsing: text, limits: limits)
                    let expected = try #require(test["valid"]?.bool as Bool?)
                    let violations = schema.validate(document)
                    let isAccepted = schema.accepts(text, limits: limits)
                    if schema.isValid(document) == expected, violations.isEmpty == expected, isAccepted == expected {
                        passed += 1
                    } else {
                        failures.append("\(title): \(test["description"]?.string ?? "")")
                    }
                }
            }
        }
    }

    private static func files(_ folder: URL) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return paths.filter { $0.hasSuffix(".json") }.sorted()
    }

    /// The suite's own server, which is never asked: http://localhost:1234 with the folder behind it.
    private static func remotes(_ folder: URL) throws -> [String: JSONValue] {
        var remotes: [String: JSONValue] = [:]
        for file in try files(folder) {
            let bytes = try [UInt8](Data(contentsOf: folder.appendingPathComponent(file)))
            remotes["http://localhost:1234/" + file] = try JSONValue(parsing: bytes)
        }
        return remotes
    }
}
