// Schemas that go by a name: published once where answers are described, and in one piece everywhere else.

import Glibc
import JSON
import JSONSchema
import Testing
import ToolSDK

@testable import ToolSDK

private struct Price: Sendable, Equatable {
    var cents: Int

    static let plain = Schema<Price>.object(Property("cents", \.cents, .integer(0...), "Cents"), make: Price.init)
    static let schema = plain.examples(Price(cents: 349)).named("Price")
}

private struct Line: Sendable, Equatable {
    var price: Price
    var more: [Price]
    var rest: Price?

    static func schema(_ price: Schema<Price>) -> Schema<Line> {
        .object(
            Property("price", \.price, price, "Of one"),
            Property("more", \.more, .array(of: price), "Others"),
            Property("rest", \.rest, price, "The rest"),
            make: Line.init)
    }
}

@Suite struct NamedSchemaTests {
    private let line = Line(price: Price(cents: 1), more: [Price(cents: 2), Price(cents: 3)], rest: nil)

    @Test func answersReferToWhatIsPublishedOnce() {
        #expect(
            "\(Line.schema(Price.schema).jsonSchema(for: .output))" == """
                {"type":"object","properties":{"price":{"$ref":"#/$defs/Price","description":"Of one"},\
                "more":{"type":"array","items":{"$ref":"#/$defs/Price"},"description":"Others"},\
                "rest":{"$ref":"#/$defs/Price","description":"The rest"}},"required":["price","more"],\
                "$defs":{"Price":{"type":"object","properties":{\
                "cents":{"type":"integer","minimum":0,"description":"Cents"}},"required":["cents"],\
                "examples":[{"cents":349}]}}}
                """)
    }

    @Test(arguments: [SchemaUse.input, .configuration])
    func whatCallersAndOperatorsWriteStaysInOnePiece(use: SchemaUse) {
        let unnamed = Price.plain.examples(Price(cents: 349))
        #expect(Line.schema(Price.schema).jsonSchema(for: use) == Line.schema(unnamed).jsonSchema(for: use))
    }

    @Test func aNameChangesNothingAboutReadingAndWriting() throws {
        let (named, plain) = (Line.schema(Price.schema), Line.schema(Price.plain))
        #expect(named.encode(line) == plain.encode(line))
        #expect(try named.decode(plain.encode(line)) == line)
        #expect(throws: ToolError.self) { try named.decode(["price": ["cents": "1"], "more": []]) }
        let text = Schema<String>.string(length: 1...3).named("Text")
        #expect(text.form == .text, "or members of this type would be written the long way")
    }

    @Test func theRootIsNoReference() {
        let named = Line.schema(Price.schema).named("Line").examples(line)
        let rendered = named.jsonSchema(for: .output)
        #expect(rendered["type"] == "object" && rendered["$ref"] == nil)
        #expect(rendered["examples"]?[0]?["price"] == ["cents": 1], "what stands beside the name is kept")
        #expect(rendered["$defs"]?.object?.keys == ["Price"], "nothing refers to the root")
        #expect(throws: Never.self) { try CompiledSchema(rendered) }
    }

    @Test func namesAreFoundThroughAllThatIsMadeOfSchemas() throws {
        let mapped = Price.schema.map(decode: { $0.cents }, encode: { Price(cents: $0) })
        let shapes: [JSONValue] = [
            Schema<[Price]>.array(of: Price.schema, count: 1...).jsonSchema(for: .output),
            Schema<[String: Price]>.dictionary(of: Price.schema).jsonSchema(for: .output),
            Schema<[Int]>.array(of: mapped).jsonSchema(for: .output),
            Schema<[Price]>.array(of: Price.schema).adding("deprecated", true).jsonSchema(for: .output),
            Schema<[Line]>.array(of: Line.schema(Price.schema).named("Line")).jsonSchema(for: .output),
            Line.schema(Price.schema).replies(wordsIn: "text", "Words").jsonSchema(for: .output),
            Line.schema(Price.schema).replies(wordsIn: "text", "Words", whole: "Line").jsonSchema(for: .output),
        ]
        for shape in shapes {
            #expect(shape["$defs"]?["Price"]?["required"] == ["cents"], "\(shape)")
            #expect(throws: Never.self) { try CompiledSchema(shape) }
        }
    }

    @Test func aNameThatIsNoneOrStandsForTwoIsToldAndLeadsNowhere() {
        for (faulty, problem) in [
            (Price.plain.named("two words"), "\"two words\" is not a schema's name"), (Price.plain.named(""), "\"\""),
            (Price.plain.named("Price/1"), "\"Price/1\""), (Price.plain.named("Prijs€"), "\"Prijs€\""),
        ] {
            let schema = Line.schema(faulty)
            #expect(schema.publishedFaults.contains { $0.contains(problem) })
            #expect(throws: SchemaError.self) { try CompiledSchema(schema.jsonSchema(for: .output)) }
        }
        let other = Price.plain.adding("deprecated", true).named("Price")
        let schema = Schema<Line>.object(
            Property("price", \.price, Price.schema, "Of one"),
            Property("more", \.more, .array(of: other), "Others"),
            Property("rest", \.rest, Price.schema, "The rest"),
            make: Line.init)
        #expect(schema.publishedFaults == ["two different schemas are named \"Price\""])
        // A host refuses the tool, rather than its answers.
        #expect(throws: SchemaError.self) { try CompiledSchema(schema.jsonSchema(for: .output)) }
        #expect(Line.schema(Price.schema).publishedFaults == [], "the same one three times")
    }
}

/// Examples and defaults that the schema refuses.
struct MisleadingPack: ToolPack {
    static let id = "misleading"
    static let version = "1.0.0"
    static let description = "For tests."
    static let configuration = Schema<Named>.object(
        Property("name", \.name, .string(length: 1...3), default: "four", "N"), make: Named.init)
    static let tools: [PackTool<MisleadingPack>] = [PackTool { _ in Mislead() }]

    struct Mislead: InlineTool {
        static let name = "mislead"
        static let title = "Mislead"
        static let summary = "Misleads."
        static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]

        struct Input: Sendable {
            var count: Int
            var day: String
            var tags: [String]?
        }

        static let input = Schema<Input>.object(
            Property("count", \.count, .integer(1...9).examples(3, 10), "C"),
            Property("day", \.day, .string(format: "date").examples("tomorrow"), "D"),
            Property("tags", \.tags, .array(of: .string(length: 2...).examples("x")), "T"),
            make: Input.init
        ).examples(Input(count: 3, day: "2026-03-31", tags: ["xy"]), Input(count: 0, day: "2026-03-31"))

        static let output = Schema<[Price]>.array(of: Price.plain.examples(Price(cents: -1)).named("Price"))
            .map(decode: { $0.count }, encode: { [Price](repeating: Price(cents: 1), count: $0) })

        func call(_ input: Input, context: CallContext) throws -> Int { 0 }
    }

    init(configuration: Named, host: HostLink) throws {}
}

@Suite struct ExampleTests {
    @Test func examplesAreWrittenByTheSchemaItself() {
        let schema = Schema<Price>.object(Property("cents", \.cents, .integer().examples(1, 2), "C"), make: Price.init)
            .examples(Price(cents: 349))
        #expect(
            "\(schema.jsonSchema())" == """
                {"type":"object","properties":{"cents":{"type":"integer","examples":[1,2],"description":"C"}},\
                "required":["cents"],"additionalProperties":false,"examples":[{"cents":349}]}
                """)
    }

    @Test func whatTheSchemaRefusesIsToldWithItsPlace() {
        let problems = MisleadingPack.problems()
        let expected = [
            "configuration.name: the default does not fit",
            "mislead: input: an example does not fit the schema at /count",
            "mislead: input.count: an example does not fit", "mislead: input.day: an example does not fit",
            "mislead: input.tags.items: an example does not fit",
            "mislead: output.Price: an example does not fit the schema at /cents",
        ]
        #expect(problems.count == expected.count, "\(problems)")
        for (problem, beginning) in zip(problems, expected) { #expect(problem.hasPrefix(beginning), "\(problem)") }
    }

    @Test func whatCannotBeWrittenIsAFault() {
        var deep: JSONValue = 1
        // With AddressSanitizer each level takes more of the stack than a test's thread has for so many.
        let levels = unsafe dlsym(nil, "__asan_init") == nil ? 10_000 : 100
        for _ in 0..<levels { deep = [deep] }
        #expect(Schema<JSONValue>.json().examples(deep).faults == ["an example cannot be written as JSON"])
        let none = Schema<Double>.number().examples(.nan).jsonSchema()
        #expect(SchemaProblems.of(none, at: "input").first?.hasPrefix("input: an example does not fit") == true)
    }

    @Test func whatAHostRefusesOfASchemaIsFound() {
        let broken = Schema<String>.string(pattern: "(").jsonSchema()
        #expect(SchemaProblems.of(broken, at: "input").first?.hasPrefix("input: at /pattern: ") == true)
        let odd = Schema<Named>.object(
            Property("a/b~c %ü", \.name, .string(length: 2...).examples("x"), "N"), make: Named.init)
        #expect(SchemaProblems.of(odd.jsonSchema(), at: "input").first?.hasPrefix("input.a/b~c %ü: an example") == true)
    }
}
