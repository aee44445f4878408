// A schema beyond a bound is refused with the bound, what it has, and what to write; one just within is taken.

import JSON
import Testing

@testable import JSONSchema

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
        ("a{5000}b{5000}", "possible; begin it with ^ where"),
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
        #expect(reason(pattern(UInt32(SchemaBounds.patternClasses))) == nil)
        #expect(try #require(reason(pattern(1_001))).contains("more than \(SchemaBounds.patternClasses) different"))
    }

    /// Patterns of so many steps by the words of the documentation, and of one more.
    @Test(arguments: [
        ("^(?:[a-z]|[a-z]){0,6249}00$", SchemaBounds.patternSteps), ("^(?:[a-z]|[a-z]){0,6249}000$", 25_001),
        ("^[a-z]{1,10000}$", 20_001), ("^[a-z]{10000}$", 10_002), ("^a+b*c?d{2,}$", 11), ("^(?:ab|c|)$", 7),
        ("a{3}", 3), ("", 0), ("\\bx\\B", 3),
    ])
    func stepsAreCountedAsTheyAreDescribed(pattern: String, count: Int) throws {
        do {
            let steps = try PatternAutomaton(PatternParser.parse(pattern)).steps
            #expect(steps == count)
            #expect(steps <= SchemaBounds.patternSteps)
            #expect(reason(["pattern": .string(pattern)]) == nil)
        } catch {
            #expect(count > SchemaBounds.patternSteps && "\(error)".contains("more than 25000 steps"), "\(error)")
        }
    }

    @Test func stepsWithoutATable() throws {
        var text = ""
        for value in 0..<UInt32(SchemaBounds.patternStepsWithoutTable) {
            text.unicodeScalars.append(Unicode.Scalar(0x4E00 + value) ?? "x")
        }
        #expect(reason(["pattern": .string("\(text)")]) == nil)
        let more = try #require(reason(["pattern": .string(text + String(text.prefix(1)))]))
        #expect(more.contains("1001 steps") && more.contains("at most 1000"), "\(more)")
        #expect(reason(["pattern": "^a{5000}b{5000}$"]) == nil)
    }

    @Test func longestNumberOfARepetition() {
        #expect(reason(["pattern": "^a{10000}$"]) == nil)
        #expect(reason(["pattern": "^a{10001}$"])?.contains("beyond 10000") == true)
    }

    @Test(arguments: [
        ("+", "x{1,}"), ("{2,}", "xxx*"), ("{0,}", "x*"), ("{3,}", "xxx+"),
    ])
    func repetitionsWithoutAnEndMatchAsBefore(quantifier: String, same: String) throws {
        let (one, other) = (try Pattern("^x\(quantifier)$"), try Pattern("^(?:\(same))$"))
        let empty = try Pattern("^(?:x?)\(quantifier)y$")
        for count in 0..<6 {
            let text = String(repeating: "x", count: count)
            #expect(one.matches(text) == other.matches(text), "\(count)")
            #expect(empty.matches(text + "y") && !empty.matches(text))
        }
    }

    @Test func groupsInsideEachOther() throws {
        func pattern(_ depth: Int) -> JSONValue {
            ["pattern": .string(String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth))]
        }
        #expect(reason(pattern(SchemaBounds.patternGroups)) == nil)
        #expect(try #require(reason(pattern(SchemaBounds.patternGroups + 1))).contains("more than 100 deep"))
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
        let fitting: JSONValue = ["anyOf": .array(Array(repeating: true, count: SchemaBounds.subschemas - 1))]
        #expect(reason(fitting) == nil)
    }

    @Test func references() throws {
        /// The root, two schemas for each definition but the last, and that one.
        func schema(_ count: Int, last: JSONValue) -> JSONValue {
            var definitions = JSONObject()
            for index in 0..<count {
                definitions["d\(index)"] = ["properties": ["x": ["$ref": .string("#/$defs/d\(index + 1)")]]]
            }
            definitions["d\(count)"] = last
            return ["$ref": "#/$defs/d0", "$defs": .object(definitions)]
        }
        let count = (SchemaBounds.references - 2) / 2
        #expect(reason(schema(count, last: ["type": "null"])) == nil)
        let more = reason(schema(count, last: ["properties": ["x": ["type": "null"]]]))
        #expect(try #require(more).contains("more than \(SchemaBounds.references) schemas are in one line"))
    }

    @Test func digitsOfAMultiple() throws {
        func schema(_ digits: Int) throws -> JSONValue {
            try JSONValue(parsing: #"{"multipleOf":0."# + String(repeating: "9", count: digits) + "}")
        }
        #expect(reason(try schema(SchemaBounds.multipleOfDigits)) == nil)
        let more = reason(try schema(SchemaBounds.multipleOfDigits + 1))
        #expect(try #require(more).contains("more than \(SchemaBounds.multipleOfDigits) digits"))
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

    @Test func examplesThatDoNotFitAreFound() throws {
        let schema = try CompiledSchema(
            JSONValue(
                parsing: ##"""
                    {"type":"object","examples":[{"a":3},{"a":"x"},7],"properties":{"a":{"type":"integer","examples":[1,null]},
                    "b":{"$ref":"#/$defs/B"},"c":{"type":"string","examples":"no list"},"examples":{"examples":[[]]}},
                    "$defs":{"B":{"enum":["u"],"examples":["u","v"]}}}
                    """##))
        #expect(
            Set(schema.refusedExamples().map(\.pointer)) == [
                "/examples/1", "/examples/2", "/properties/a/examples/1", "/$defs/B/examples/1",
            ])
        #expect(schema.refusedExamples(limit: 1).count == 1)
        #expect(schema.refusedDefaults().isEmpty)
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
