// Each quirk finds what it is about and leaves alone what comes near it.

import JSON
import Logging
import Testing

@testable import HostApp
@testable import HostClients
@testable import HostDocuments
@testable import HostMCP
@testable import HostTools

@Suite struct ClientQuirksTests {
    static let decent = "Adds two numbers and returns their sum. Use it instead of doing the arithmetic yourself."

    static func tool(
        _ name: String = "add_numbers", summary: String = decent, description: String? = nil, input: String = "{}",
        output: String = "{}", title: String = "A tool"
    ) throws -> ToolDescriptor {
        func schema(_ text: String) throws -> JSONValue {
            var members = try #require(JSONValue(parsing: text).object)
            if members["type"] == nil { members["type"] = "object" }
            return .object(members)
        }
        var tool = ShopTools.tool(name, title, summary, input: try schema(input), output: try schema(output))
        if let description { tool.description = description }
        return tool
    }

    private func places(_ id: String, _ tool: ToolDescriptor) throws -> [String] {
        let quirk = try #require(ClientQuirks.all.first { $0.id == id }, "there is no \(id)")
        guard case .tool(let places) = quirk.check else { return [] }
        return places(ToolSubject(tool)).map(\.pointer.description)
    }

    struct Case: Sendable {
        var id: String
        var tool: @Sendable () throws -> ToolDescriptor
        var pointer: String
        /// Comes near it, and is none.
        var near: @Sendable () throws -> ToolDescriptor
    }

    private static func text(_ count: Int) -> String { String(repeating: "word ", count: count) }

    static let cases = [
        Case(
            id: "pattern-property",
            tool: { try tool(input: ##"{"properties":{"a":{"items":{"pattern":"^[\\p{L} ]+$"}}}}"##) },
            pointer: "/input_schema/properties/a/items/pattern",
            near: {
                try tool(input: ##"{"properties":{"a":{"pattern":"^\\\\p{1}$"},"pattern":{"default":"\\p{L}"}}}"##)
            }),
        Case(
            id: "pattern-property", tool: { try tool(input: ##"{"patternProperties":{"\\P{Lu}":{}}}"##) },
            pointer: "/input_schema/patternProperties/\\P{Lu}",
            near: { try tool(output: ##"{"patternProperties":{"\\P{Lu}":{}}}"##) }),
        Case(
            id: "pattern-lookaround", tool: { try tool(input: ##"{"properties":{"a":{"pattern":"^(?!x)"}}}"##) },
            pointer: "/input_schema/properties/a/pattern",
            near: { try tool(input: ##"{"properties":{"a":{"pattern":"^\\(?=(?:a)(?<n>b)"}}}"##) }),
        Case(
            id: "root-union", tool: { try tool(input: ##"{"oneOf":[{"required":["a"]},{"required":["b"]}]}"##) },
            pointer: "/input_schema/oneOf",
            near: { try tool(input: ##"{"properties":{"oneOf":{"oneOf":[{},{}]}}}"##, output: ##"{"anyOf":[{}]}"##) }),
        Case(
            id: "property-name", tool: { try tool(input: ##"{"properties":{"filter[id]":{}}}"##) },
            pointer: "/input_schema/properties/filter[id]",
            near: { try tool(input: ##"{"properties":{"filter.id-1_A":{"properties":{"ä b":{}}}}}"##) }),
        Case(
            id: "items-type-list",
            tool: { try tool(input: ##"{"properties":{"a":{"items":{"type":["object","null"]}}}}"##) },
            pointer: "/input_schema/properties/a/items/type",
            near: { try tool(input: ##"{"properties":{"a":{"type":["array","null"],"items":{"type":["string"]}}}}"##) }),
        Case(
            id: "input-reference",
            tool: { try tool(input: ##"{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{}}}"##) },
            pointer: "/input_schema/properties/a/$ref",
            near: {
                try tool(
                    input: ##"{"properties":{"$ref":{"type":"string"}},"$defs":{"A":{}}}"##,
                    output: ##"{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{}}}"##)
            }),
        Case(
            id: "schema-size",
            tool: {
                var schema = "{}"
                for _ in 0..<10 { schema = "{\"properties\":{\"a\":\(schema),\"b\":{}}}" }
                return try tool(input: "{\"properties\":{\"x\":\(schema)}}")
            },
            pointer: "/input_schema",
            near: {
                var schema = "{}"
                for _ in 0..<9 { schema = "{\"properties\":{\"a\":\(schema),\"b\":{}}}" }
                return try tool(input: "{\"properties\":{\"x\":\(schema)}}")
            }),
        Case(
            id: "schema-size",
            tool: {
                try tool(
                    input: "{\"properties\":{\"a\":{\"enum\":[\((0...1000).map(String.init).joined(separator: ","))]}}}"
                )
            },
            pointer: "/input_schema",
            near: {
                try tool(
                    input: "{\"properties\":{\"a\":{\"enum\":[\((1...1000).map(String.init).joined(separator: ","))]}}}"
                )
            }),
        Case(
            id: "default-misfit",
            tool: { try tool(input: ##"{"properties":{"a":{"type":"string","default":null}}}"##) },
            pointer: "/input_schema/properties/a/default",
            near: { try tool(input: ##"{"properties":{"a":{"type":["string","null"],"default":null},"default":{}}}"##) }
        ),
        Case(
            id: "example-misfit",
            tool: { try tool(output: ##"{"properties":{"a":{"type":"string","examples":["x",1]}}}"##) },
            pointer: "/output_schema/properties/a/examples/1",
            near: { try tool(output: ##"{"properties":{"a":{"type":"string","examples":["1"]},"examples":{}}}"##) }),
        Case(
            id: "nullable", tool: { try tool(output: ##"{"properties":{"a":{"type":"string","nullable":true}}}"##) },
            pointer: "/output_schema/properties/a/nullable",
            near: { try tool(input: ##"{"properties":{"nullable":{"default":{"nullable":true}}}}"##) }),
        Case(
            id: "dependencies", tool: { try tool(input: ##"{"dependencies":{"a":["b"]}}"##) },
            pointer: "/input_schema/dependencies",
            near: { try tool(input: ##"{"properties":{"dependencies":{}},"dependentRequired":{"a":["b"]}}"##) }),
        Case(
            id: "name-digit", tool: { try tool("3d_model") }, pointer: "/name", near: { try tool("model_3d") }),
        Case(
            id: "name-length", tool: { try tool(String(repeating: "n", count: 51)) }, pointer: "/name",
            near: { try tool(String(repeating: "n", count: 50)) }),
        Case(
            id: "name-characters", tool: { try tool("a-b") }, pointer: "/name",
            near: { try tool(String(repeating: "n", count: 64)) }),
        Case(
            id: "text-length", tool: { try tool(description: String(repeating: "d", count: 1_024)) },
            pointer: "/description",
            near: { try tool(description: String(repeating: "d", count: 1_024 - decent.count - 2)) }),
        Case(
            id: "text-length", tool: { try tool(description: decent + String(repeating: "d", count: 1_000)) },
            pointer: "/description", near: { try tool(description: decent + " " + String(repeating: "d", count: 900)) }),
        Case(
            id: "actions-description", tool: { try tool(description: String(repeating: "d", count: 301)) },
            pointer: "/description", near: { try tool(description: String(repeating: "d", count: 300)) }),
        Case(
            id: "actions-texts", tool: { try tool(summary: String(repeating: "s", count: 301)) }, pointer: "/summary",
            near: { try tool("a-b", summary: String(repeating: "s", count: 300)) }),
        Case(
            id: "text-short", tool: { try tool(summary: "Adds numbers.") }, pointer: "/summary",
            near: { try tool(summary: "Adds two numbers.") }),
        Case(
            id: "text-short", tool: { try tool(summary: "Sum") }, pointer: "/summary",
            near: { try tool(summary: "二つの数を足して和を返す。") }),
        Case(
            id: "text-name-only", tool: { try tool(summary: "Add numbers.") }, pointer: "/summary",
            near: { try tool(summary: "Add numbers together.") }),
        Case(
            id: "text-name-only", tool: { try tool(summary: "Sum of all things!", title: "Sum of all things") },
            pointer: "/summary", near: { try tool(summary: "Sum of all the things", title: "Sum of all things") }),
        Case(
            id: "text-refers", tool: { try tool(description: "Same as above, but for integers.") },
            pointer: "/description", near: { try tool(description: "The same asset, seen above the clouds.") }),
        Case(
            id: "text-refers", tool: { try tool(summary: "TODO") }, pointer: "/summary",
            near: { try tool(summary: "Todos of a user, newest first.") }),
        Case(
            id: "text-lower-case", tool: { try tool(description: "but only for integers, and never for fractions") },
            pointer: "/description", near: { try tool(description: "npm_install runs the installer. iPhone, too.") }),
        Case(
            id: "boolean-schema", tool: { try tool(input: ##"{"properties":{"a":{"items":false}}}"##) },
            pointer: "/input_schema/properties/a/items",
            near: {
                try tool(input: ##"{"additionalProperties":false,"properties":{"a":{"default":true,"const":true}}}"##)
            }),
        Case(
            id: "object-properties", tool: { try tool(output: ##"{"additionalProperties":{"type":"object"}}"##) },
            pointer: "/output_schema",
            near: { try tool(input: ##"{"properties":{}}"##, output: ##"{"properties":{}}"##) }),
        Case(
            id: "array-items", tool: { try tool(input: ##"{"properties":{"a":{"type":["array","null"]}}}"##) },
            pointer: "/input_schema/properties/a",
            near: {
                try tool(input: ##"{"properties":{"a":{"type":"array","items":{}},"b":{"default":{"type":"array"}}}}"##)
            }),
        Case(
            id: "schema-dialect",
            tool: { try tool(input: ##"{"$schema":"http://json-schema.org/draft-07/schema#"}"##) },
            pointer: "/input_schema/$schema",
            near: { try tool(input: ##"{"properties":{"$schema":{"type":"string"}}}"##) }),
    ]

    @Test(arguments: cases)
    func findsItAndNothingNear(example: Case) throws {
        #expect(try places(example.id, example.tool()).contains(example.pointer))
        #expect(try places(example.id, example.near()) == [])
    }

    @Test(arguments: [
        ("\u{E4}", "has a name with other characters than A-Z a-z 0-9 _ . -"),
        ("", "has a name of 0 characters instead of 1 to 64"),
        (String(repeating: "a", count: 65), "has a name of 65 characters instead of 1 to 64"),
    ])
    func nameOfAMemberSaysWhichAreAllowed(name: String, detail: String) throws {
        let subject = ToolSubject(try Self.tool(input: "{\"properties\":{\"\(name)\":{}}}"))
        #expect(SchemaQuirks.propertyNames(subject).map(\.detail) == [detail])
    }

    @Test func everyQuirkHasACase() {
        let missing = ClientQuirks.all.filter { quirk in
            if case .deployment = quirk.check { return false }
            return !Self.cases.contains { $0.id == quirk.id }
        }
        #expect(missing.map(\.id) == [])
    }

    @Test func tableIsWhole() {
        let ids = ClientQuirks.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        for quirk in ClientQuirks.all {
            #expect(!quirk.sources.isEmpty && quirk.sources.allSatisfy { $0.hasPrefix("https://") }, "\(quirk.id)")
            for text in [quirk.clients, quirk.problem, quirk.remedy] {
                #expect(!text.isEmpty && !text.contains("|") && !text.contains("\n"), "\(quirk.id)")
            }
        }
        #expect(ClientQuirks.told.allSatisfy { $0.handling == .told })
        #expect(ClientQuirks.told.count + ClientQuirks.mended.count + ClientQuirks.refused.count == ids.count)
    }

    /// What the table says is mended is mended in what clients read.
    @Test func mendedQuirksAreGoneFromWhatIsPublished() throws {
        for example in Self.cases where ClientQuirks.mended.contains(where: { $0.id == example.id }) {
            var tool = try example.tool()
            let entry = ToolEntry.value(tool, ShopTools.deployment, .modern)
            guard example.pointer.contains("schema") else { continue }
            tool.inputSchema = try #require(entry["inputSchema"])
            tool.outputSchema = try #require(entry["outputSchema"])
            #expect(try places(example.id, tool) == [], "\(example.id)")
        }
    }

    @Test(arguments: [("tools-30", 30), ("tools-40", 40), ("tools-128", 128)])
    func countsTools(id: String, limit: Int) throws {
        let tool = ToolSubject(try Self.tool())
        func ids(_ count: Int) -> [String] {
            ClientReview(tools: Array(repeating: tool, count: count), isDeployment: true).findings.map(\.quirk.id)
        }
        #expect(!ids(limit).contains(id))
        #expect(ids(limit + 1).contains(id))
        let part = ClientReview(tools: Array(repeating: tool, count: limit + 1), isDeployment: false)
        #expect(part.findings.isEmpty)
    }

    @Test func aReviewIsOneLineForEachToolAndQuirk() throws {
        let many = (0..<100).map { "\"k \($0)\":{\"pattern\":\"\\\\p{L}\"}" }.joined(separator: ",")
        let review = ClientReview(
            tools: [ToolSubject(try Self.tool(input: "{\"properties\":{\(many)}}"))], isDeployment: true)
        #expect(review.findings.map(\.quirk.id) == ["pattern-property", "property-name"])
        #expect(review.findings.map(\.more) == [99, 99])
        let line = try #require(review.lines.last)
        for part in ["tool add_numbers", "/input_schema/properties/k 0", "99 more places", "Anthropic", "rename"] {
            #expect(line.contains(part), "\(line)")
        }
        #expect(review.json.array?.first?["quirk"] == "pattern-property")
        #expect(review.json.array?.first?["further_places"] == 99)
    }

    @Test func theLogHasOneLineForEachToolAndAnEnd() throws {
        let tools = try (0..<30).map { ToolSubject(try Self.tool("\($0)_add", summary: "TODO")) }
        let lines = LoggedLines()
        let logger = Logger(label: "test") { _ in lines }
        ClientReview(tools: tools, isDeployment: false).write(to: logger)
        #expect(lines.count == ClientReview.loggedTools + 1)
        let none = LoggedLines()
        ClientReview(tools: [ToolSubject(try Self.tool())], isDeployment: true)
            .write(to: Logger(label: "test") { _ in none })
        #expect(none.count == 0)
    }

    /// However large and strange it is.
    @Test func giantsAreLookedAtWithinBounds() throws {
        var members = JSONObject()
        for index in 0..<30_000 { members["m\(index)"] = ["nullable": true] }
        var tool = try Self.tool()
        tool.inputSchema = ["type": "object", "properties": .object(members)]
        let subject = ToolSubject(tool)
        #expect(subject.input.count == ToolSubject.maximumSchemas)
        let review = ClientReview(tools: [subject], isDeployment: true)
        #expect(review.findings.contains { $0.quirk.id == "nullable" && $0.more > 1_000 })
        for value in [nil, 1, "x", [], true, ["properties": 1, "items": "x", "pattern": 2, "enum": 3, "type": [1]]]
            as [JSONValue]
        {
            tool.inputSchema = value
            tool.outputSchema = value
            _ = ClientReview(tools: [ToolSubject(tool)], isDeployment: true).lines
        }
    }
}

/// Counts what is logged.
private final class LoggedLines: LogHandler, @unchecked Sendable {
    /// Tests write from one thread.
    var count = 0
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { count += 1 }
}
