// What the host reads before anything runs: the table, its descriptors, and mistakes that must not hurt.

import Testing
import ToolABI

@testable import ToolSDK

/// Gets nearly everything wrong.
struct WrongPack: ToolPack {
    static let id = "Wrong Pack"
    static let version = ""
    static let description = ""
    static let tools: [PackTool<WrongPack>] = [
        PackTool { _ in Wrong() }, PackTool { _ in Wrong() },
    ]

    struct Wrong: InlineTool {
        static let name = "wrong name"
        static let title = ""
        static let summary = String(repeating: "s", count: 301)
        static let hints: Hints = [.readOnly, .writes, .additive, .idempotent]
        static let scopes = ["with space"]
        static let input = Schema<Named>.object(
            Property("name", \.name, .string(), String(repeating: "d", count: 701)),
            Property("name", \.name, .string(), "Twice"),
            make: { first, _ in Named(name: first) })

        func call(_ input: Named, context: CallContext) throws -> Empty { Empty() }
    }

    init(configuration: Empty, host: HostLink) throws {}
}

@Suite struct PackTableTests {
    @Test func theTableIsAlwaysTheSame() async throws {
        let addresses = try await withThrowingTaskGroup(of: UInt.self) { group in
            for _ in 0..<50 { group.addTask { try PackHandle(SamplePack.self).address } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(addresses.count == 1)
    }

    @Test func theTableSaysWhatThePackSays() throws {
        let handle = try PackHandle(SamplePack.self)
        #expect(handle.head == [120, 1, 0, 0, 0, 7])
        #expect(handle.texts.prefix(3) == ["sample", "1.2.3", "For tests."])
        #expect(
            handle.texts[3] == """
                {"type":"object","properties":{\
                "greeting":{"type":"string","description":"Put before the text","default":"",\
                "x-env":"SAMPLE_GREETING"},\
                "gate":{"type":"string","description":"Opened by stop"}},"additionalProperties":false}
                """)
    }

    @Test func aDescriptorSaysWhatTheToolSays() throws {
        let tool = try #require(PackHandle(SamplePack.self).tools.first { $0.name == "echo" })
        #expect(tool.structSize == 160)
        #expect(tool.flags == TOOL_READ_ONLY | TOOL_ADDITIVE | TOOL_IDEMPOTENT | TOOL_CLOSED | TOOL_INLINE)
        #expect([tool.title, tool.summary, tool.description] == ["Echo", "Answers what it was given.", ""])
        #expect(tool.meta == #"{"tags":["test"]}"#)
        #expect(tool.scopes == ["echo.read", "echo.more"])
        #expect([tool.timeout, tool.maxConcurrency, tool.reserved] == [1500, 7, 0])
        #expect(tool.maxResultBytes == 0)
        #expect(
            tool.inputSchema == """
                {"type":"object","properties":{\
                "text":{"type":"string","minLength":1,"maxLength":20,"description":"Some text"},\
                "count":{"type":"integer","minimum":1,"maximum":5,"description":"How often","default":2},\
                "note":{"type":"string","description":"Something else"}},\
                "required":["text"],"additionalProperties":false}
                """)
        #expect(!tool.outputSchema.contains("additionalProperties"))
    }

    @Test func whatIsNotStatedIsZero() throws {
        let tools = try PackHandle(SamplePack.self).tools
        let fail = try #require(tools.first { $0.name == "fail" })
        #expect(fail.flags == TOOL_WRITES | TOOL_DESTRUCTIVE | TOOL_REPEATS | TOOL_OPEN_WORLD)
        #expect([fail.timeout, fail.maxConcurrency] == [0, 0])
        #expect(fail.scopes == [])
        #expect(fail.meta == "")
        let report = try #require(tools.first { $0.name == "report" })
        #expect(report.inputSchema == #"{"type":"object","properties":{},"additionalProperties":false}"#)
        #expect(report.outputSchema == #"{"type":"object","properties":{}}"#)
    }

    @Test func mistakesReachTheHostAsTheyAre() throws {
        let tools = try PackHandle(WrongPack.self).tools
        #expect(tools.map(\.name) == ["wrong name", "wrong name"])
        #expect(tools[1].flags == TOOL_READ_ONLY | TOOL_WRITES | TOOL_ADDITIVE | TOOL_IDEMPOTENT | TOOL_INLINE)
        #expect(tools[1].summary.count == 301)
    }

    @Test func problemsAreFoundBeforeAHostFindsThem() {
        #expect(SamplePack.problems() == [])
        let tool = [
            "input: two properties are named \"name\"",
            "the name is not [A-Za-z0-9_]{1,64}",
            "the title is empty",
            "the summary has 301 characters instead of 1 to 300",
            "the hints state both of readOnly and writes",
            "the hints state neither of openWorld and closedWorld",
            "input: at /required: must be an array of different strings",
            "the scope \"with space\" is not printable ASCII",
        ].map { "wrong name: \($0)" }
        let expected =
            ["the pack's id \"Wrong Pack\" is not [a-z][a-z0-9-]{0,63}", "the pack has no version"] + tool
            + ["two tools are named \"wrong name\""] + tool
        #expect(WrongPack.problems() == expected)
    }
}
