// Descriptors just within and just beyond what OpenAI takes.

import JSON
import Testing

@testable import HostDocuments
@testable import HostTools

@Suite struct OpenAILimitsTests {
    static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    @Test func shopToolsAreWithinTheLimits() {
        #expect(ShopTools.all.flatMap(OpenAILimits.problems) == [])
    }

    @Test func longestTextsAreAllowed() {
        var tool = ShopTools.tool(Self.text(64), "T", Self.text(300))
        tool.meta = ["openai/toolInvocation/invoking": .string(Self.text(64))]
        tool.inputSchema = ["properties": ["a": ["description": .string(Self.text(700))]]]
        #expect(OpenAILimits.problems(with: tool) == [])
    }

    static let beyond: [(change: @Sendable (inout ToolDescriptor) -> Void, pointer: String, reason: String)] = [
        ({ $0.name = text(65) }, "/name", "has 65 characters; the limit is 64"),
        ({ $0.name = "" }, "/name", "is empty"),
        (
            { $0.name = "view-cart" }, "/name",
            "has a character other than A-Z, a-z, 0-9 and _, which function names are limited to"
        ),
        ({ $0.title = "" }, "/title", "is empty"),
        ({ $0.summary = "" }, "/summary", "is empty"),
        ({ $0.summary = text(301) }, "/summary", "has 301 characters; the limit is 300"),
        // One character for a reader, two for whoever counts code points, as OpenAI does.
        (
            { $0.summary = String(repeating: "e\u{301}", count: 151) }, "/summary",
            "has 302 characters; the limit is 300"
        ),
        (
            { $0.inputSchema = ["properties": ["a/b": ["description": .string(text(701))]]] },
            "/input_schema/properties/a~1b/description", "has 701 characters; the limit is 700"
        ),
        (
            {
                $0.inputSchema = ["$defs": ["A": ["items": ["properties": ["b": ["description": .string(text(701))]]]]]]
            },
            "/input_schema/$defs/A/items/properties/b/description", "has 701 characters; the limit is 700"
        ),
        (
            { $0.meta = ["openai/toolInvocation/invoked": .string(text(65))] },
            "/meta/openai~1toolInvocation~1invoked", "has 65 characters; the limit is 64"
        ),
    ]

    @Test(arguments: beyond.indices)
    func limitIsNamed(index: Int) {
        let (change, pointer, reason) = Self.beyond[index]
        var tool = ShopTools.tool("t")
        change(&tool)
        let problems = OpenAILimits.problems(with: tool)
        #expect(problems.map(\.pointer.description) == [pointer])
        #expect(problems.map(\.reason) == [reason])
    }

    @Test func outputDescriptionsMayBeLong() {
        let output: JSONValue = ["properties": ["a": ["description": .string(Self.text(701))]]]
        #expect(OpenAILimits.problems(with: ShopTools.tool("t", output: output)) == [])
    }

    @Test func deploymentIsWarnedAbout() {
        #expect(OpenAILimits.warnings(bytes: 1_000_000) == [])
        let large = OpenAILimits.warnings(bytes: 1_000_001)
        #expect(large.count == 1 && large[0].contains("1000001 bytes") && large[0].contains("?pack="))
    }
}
