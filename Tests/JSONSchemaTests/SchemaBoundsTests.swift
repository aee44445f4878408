// A schema beyond a bound is refused with the bound, what it has, and what to write; one just within is taken.

import JSONSchema
import Testing

@Suite struct SchemaBoundsTests {
    private func reason(_ schema: JSONValue) -> String? {
        do {
            _ = try CompiledSchema(schema)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(arguments: ["^[a-z]{0,4096}$", "^[\\w-]{1,9000}$", "^(ab|c){0,3000}$"])
    func longRepetitionsAreTaken(pattern: String) {
        #expect(reason(["pattern": .string(pattern)]) == nil)
    }

    @Test func longRepetitionsStillMatch() throws {
        let schema = try CompiledSchema(["pattern": "^[a-z]{2,4096}$"])
        for (count, isFitting) in [(1, false), (2, true), (4096, true), (4097, false)] {
            let text = String(repeating: "a", count: count)
            #expect(schema.isValid(try JSONDocument(parsing: "\"\(text)\"")) == isFitting)
        }
    }

    @Test(arguments: [
        ("a{0,10001}", "beyond \(SchemaBounds.repetition)"),
        ("(a{0,5000}b){0,3}", "more than \(SchemaBounds.patternSteps) steps"),
        ("(.*a.{900}b.*){2}", "at most \(SchemaBounds.patternStepsWithoutTable) are possible"),
    ])
    func largePatternsSayTheBoundAndTheWayOut(pattern: String, part: String) throws {
        let reason = try #require(self.reason(["pattern": .string(pattern)]))
        #expect(reason.contains(part), "\(reason)")
        #expect(reason.contains("axLength"), "\(reason)")
    }

    @Test func manyClassesAreNamed() throws {
        func pattern(_ count: UInt32) -> JSONValue {
            var text = ""
            for value in 0..<count { text.unicodeScalars.append(Unicode.Scalar(0x4E00 + value) ?? "x") }
            return ["pattern": .string(text)]
        }
        #expect(reason(pattern(900)) == nil)
        #expect(try #require(reason(pattern(1_001))).contains("more than \(SchemaBounds.patternClasses) different"))
    }

    @Test func groupsInsideEachOther() throws {
        func pattern(_ depth: Int) -> JSONValue {
            ["pattern": .string(String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth))]
        }
        #expect(reason(pattern(SchemaBounds.patternGroups - 1)) == nil)
        #expect(try #require(reason(pattern(SchemaBounds.patternGroups))).contains("more than 100 deep"))
    }

    @Test func schemasForTheSameValue() throws {
        func schema(_ depth: Int) -> JSONValue {
            var schema: JSONValue = ["type": "string"]
            for _ in 1..<depth { schema = ["not": schema] }
            return schema
        }
        #expect(reason(schema(SchemaBounds.chain)) == nil)
        #expect(try #require(reason(schema(SchemaBounds.chain + 1))).contains("256"))
    }

    @Test func schemasAltogether() throws {
        let many: JSONValue = ["anyOf": .array(Array(repeating: true, count: SchemaBounds.subschemas))]
        #expect(try #require(reason(many)).contains("more than \(SchemaBounds.subschemas) schemas"))
    }

    @Test func references() throws {
        func schema(_ count: Int) -> JSONValue {
            var definitions = JSONObject()
            for index in 0..<count {
                definitions["d\(index)"] = ["properties": ["x": ["$ref": .string("#/$defs/d\(index + 1)")]]]
            }
            definitions["d\(count)"] = ["type": "null"]
            return ["$ref": "#/$defs/d0", "$defs": .object(definitions)]
        }
        #expect(reason(schema(200)) == nil)
        #expect(try #require(reason(schema(400))).contains("more than \(SchemaBounds.references) references"))
    }

    @Test func digitsOfAMultiple() throws {
        func schema(_ digits: Int) throws -> JSONValue {
            try JSONValue(parsing: #"{"multipleOf":0."# + String(repeating: "9", count: digits) + "}")
        }
        #expect(reason(try schema(SchemaBounds.multipleOfDigits)) == nil)
        #expect(try #require(reason(try schema(25))).contains("more than \(SchemaBounds.multipleOfDigits) digits"))
    }

    @Test func everyBoundIsDescribed() {
        let numbers = Set(SchemaBounds.described.map(\.number))
        for bound in [
            SchemaBounds.subschemas, SchemaBounds.chain, SchemaBounds.references, SchemaBounds.multipleOfDigits,
            SchemaBounds.repetition, SchemaBounds.patternGroups, SchemaBounds.patternClasses,
            SchemaBounds.patternSteps, SchemaBounds.patternStepsWithoutTable, SchemaBounds.work, JSONLimits().depth,
        ] {
            #expect(numbers.contains(bound))
        }
    }

    @Test func defaultsThatDoNotFitAreFound() throws {
        let schema = try CompiledSchema(
            JSONValue(
                parsing: ##"""
                    {"type":"object","default":{"a":3},
                    "properties":{"a":{"type":"integer","default":"x"},"b":{"$ref":"#/$defs/B"},"c":{"default":null},
                    "d/e":{"anyOf":[{"type":"string","default":1},{"type":"null"}],"default":null},
                    "default":{"type":"boolean","default":true}},
                    "$defs":{"B":{"enum":["u","v"],"default":"w"}},"const":{"default":{"type":"string","default":1},"a":3}}
                    """##))
        let found = schema.refusedDefaults()
        #expect(
            Set(found.map(\.pointer)) == [
                "/default", "/properties/a/default", "/$defs/B/default", "/properties/d~1e/anyOf/0/default",
            ])
        #expect(schema.refusedDefaults(limit: 1).count == 1)
        #expect(found.first { $0.pointer == "/properties/a/default" }?.violation.message.isEmpty == false)
    }
}
