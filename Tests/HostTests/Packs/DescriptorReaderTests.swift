// What a descriptor lacks or has too much of is said with the member and the way out, as the header states it.

import JSON
import Testing
import ToolABI

@testable import HostCalls
@testable import HostClients
@testable import HostDocuments
@testable import HostEngines
@testable import HostPacks
@testable import HostTools

@Suite struct DescriptorReaderTests {
    static let good = RawToolDescriptor(
        flags: TOOL_READ_ONLY | TOOL_ADDITIVE | TOOL_IDEMPOTENT | TOOL_CLOSED, name: "add_numbers", title: "",
        summary: "Adds two numbers.", description: "", inputSchema: #"{"type":"object"}"#,
        outputSchema: #"{"type":"object"}"#, meta: "", scopes: [], timeoutMilliseconds: 0, maxConcurrency: 0,
        maxResultBytes: 0)

    @Test func whatMayBeEmptyHasItsDefault() throws {
        let tool = try DescriptorReader().tool(from: Self.good, packID: "p").descriptor
        #expect(tool.title == "add_numbers" && tool.description == "Adds two numbers." && tool.meta == [:])
        var anything = Self.good
        anything.outputSchema = "{}"
        #expect(throws: Never.self) { try DescriptorReader().tool(from: anything, packID: "p") }
    }

    static let deep = String(repeating: #"{"items":"#, count: 65) + "{}" + String(repeating: "}", count: 65)

    static let refused: [(change: @Sendable (inout RawToolDescriptor) -> Void, field: String, reason: String)] = [
        ({ $0.outputSchema = "" }, "output_schema", #"is empty, and has to be stated; the least is {"type":"object"}"#),
        (
            { $0.inputSchema = "" }, "input_schema",
            #"is empty, and has to be stated; the least is {"type":"object","properties":{}}"#
        ),
        (
            { $0.inputSchema = "{}" }, "input_schema",
            #"does not say "type": "object" at its root; arguments are one object"#
        ),
        (
            { $0.outputSchema = deep }, "output_schema",
            "has arrays and objects more than 64 deep inside each other (line 1, column 577); in a schema, "
                + "move parts under $defs"
        ),
        ({ $0.outputSchema = "{" }, "output_schema", "is not JSON: the text ends too early (line 1, column 2)"),
        (
            { $0.outputSchema = #"{"items":[{}],"$schema":"http://json-schema.org/draft-07/schema#"}"# },
            "output_schema",
            "at /items: is a list of schemas in draft-07; 2020-12 calls it prefixItems, and calls items what was "
                + "additionalItems"
        ),
        ({ $0.summary = "" }, "summary", "is empty; say in a sentence what the tool does"),
        ({ $0.summary = " \t\n\u{A0}" }, "summary", "is empty; say in a sentence what the tool does"),
        (
            { $0.outputSchema = #"{"properties":{"a":{"items":[{}]}}}"# }, "output_schema",
            "at /properties/a/items: is a list of schemas, as before 2020-12, which calls it prefixItems, and calls items "
                + "what was additionalItems"
        ),
        (
            { $0.outputSchema = #"{"pattern":"[\\w-.]"}"# }, "output_schema",
            "at /pattern: not a usable pattern: a range needs a single character on both sides; write \\- for a hyphen, "
                + "or put it last in the class (at character 6)"
        ),
        (
            { $0.outputSchema = #"{"pattern":"(?i)a"}"# }, "output_schema",
            "at /pattern: not a usable pattern: groups are (…), (?:…) and (?<name>…) here; in place of a flag such as "
                + "(?i) write out what it means, as in [Aa] (at character 2)"
        ),
        ({ $0.meta = "[]" }, "meta", "is not a JSON object"),
        ({ $0.scopes = ["a b"] }, "scopes", "\"a b\" is no scope token (RFC 6749 section 3.3)"),
    ]

    /// A refusal without a name leads to the descriptor all the same.
    @Test func toolsWithoutANameGoByTheirPlace() throws {
        var nameless = Self.good
        nameless.name = " "
        var other = Self.good
        other.name = "a-b"
        let identity = PackIdentity(
            id: "p", version: "1.0.0", description: "", abi: "1.0", configSchema: "", toolCount: 4)
        let pack = try DescribedPack(
            PackDescription(
                identity: identity,
                tools: [
                    .described(Self.good), .described(nameless), .unreadable(field: "title", reason: "is bad"),
                    .described(other),
                ]),
            file: PackFile(name: "p.so", copyPath: ""), policy: PackPolicy(), reader: DescriptorReader())
        #expect(pack.refusals.map(\.tool) == ["tools[1]", "tools[2]", "a-b"])
    }

    @Test(arguments: refused.indices)
    func refusalsNameTheMemberAndTheWayOut(index: Int) {
        let (change, field, reason) = Self.refused[index]
        var raw = Self.good
        change(&raw)
        do {
            _ = try DescriptorReader().tool(from: raw, packID: "p")
            Issue.record("\(field) is taken")
        } catch {
            #expect(error.field == field)
            #expect(error.reason == reason)
        }
    }

    /// As packs written in TypeScript bring them.
    @Test func schemasOfOlderDraftsAreServed() throws {
        var raw = Self.good
        raw.inputSchema =
            #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false,"#
            + #""$schema":"http://json-schema.org/draft-07/schema#"}"#
        let tool = try DescriptorReader().tool(from: raw, packID: "p")
        #expect(OpenAPIDocument.check(tool.descriptor) == [])
        #expect(ClientReview(tools: [ToolSubject(tool)], isDeployment: true).findings.isEmpty)
    }
}
