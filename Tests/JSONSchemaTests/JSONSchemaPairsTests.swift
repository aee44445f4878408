// Ten thousand generated schemas and instances: a second, independent validator must agree with every verdict.

import Foundation
import JSON
import JSONSchema
import Testing

@Suite struct JSONSchemaPairsTests {
    @Test func agreesWithAnotherValidator() throws {
        let path = try #require(
            ProcessInfo.processInfo.environment["JSON_SCHEMA_PAIRS"],
            "JSON_SCHEMA_PAIRS names no file: run the tests with `make test`, which generates the pairs")
        let lines = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count >= 10_000)
        var disagreements: [String] = []
        var expectations = [true: 0, false: 0]
        for line in lines {
            let pair = try JSONValue(parsing: Array(line))
            let expected = try #require(pair["valid"]?.bool as Bool?)
            expectations[expected, default: 0] += 1
            let schema = try CompiledSchema(#require(pair["schema"]))
            let text = try #require(pair["instance"]).bytes()
            let document = try JSONDocument(parsing: text)
            let verdicts = [schema.isValid(document), schema.validate(document).isEmpty, schema.accepts(text)]
            if verdicts.contains(!expected) {
                disagreements.append(pair.description)
            }
        }
        #expect(disagreements.prefix(5) == [])
        #expect(expectations[true, default: 0] > 4_000)
        #expect(expectations[false, default: 0] > 4_000)
        print("JSON Schema pairs: \(lines.count) compared, \(disagreements.count) different verdicts")
    }
}
