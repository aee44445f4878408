// TOOLS_ENABLED, TOOLS_DISABLED and TOOLS_READ_ONLY.

import JSON
import Testing

@testable import HostPacks
@testable import HostTools

@Suite struct ToolPolicyTests {
    @Test(arguments: [
        ("search_products", "*", true), ("search_products", "search_*", true), ("search_products", "*_products", true),
        ("search_products", "s*h*s", true), ("search_products", "search", false), ("search_products", "", false),
        ("a", "*a*", true), ("ab", "a*b*c", false), ("checkout", "check*out", true), ("aab", "*ab", true),
    ])
    func patterns(name: String, pattern: String, matches: Bool) {
        #expect(ToolPolicy.matches(name, pattern: pattern) == matches)
    }

    private func tool(_ name: String, readOnly: Bool) -> ToolDescriptor {
        ToolDescriptor(
            name: name, title: name, summary: name, description: name, inputSchema: ["type": "object"],
            outputSchema: [:], meta: [:], scopes: [],
            hints: ToolHints(isReadOnly: readOnly, isDestructive: false, isIdempotent: true, isOpenWorld: false),
            packID: "p")
    }

    @Test func disablingWinsAndTheReasonNamesTheKey() {
        let policy = ToolPolicy(enabled: ["*"], disabled: ["check*"], readOnly: false)
        #expect(policy.objection(to: tool("search", readOnly: true)) == nil)
        #expect(policy.objection(to: tool("checkout", readOnly: false))?.contains("TOOLS_DISABLED") == true)
    }

    @Test func onlyWhatIsNamedIsEnabled() {
        let policy = ToolPolicy(enabled: ["get_*"], disabled: [], readOnly: false)
        #expect(policy.objection(to: tool("get_deals", readOnly: true)) == nil)
        #expect(policy.objection(to: tool("search", readOnly: true))?.contains("TOOLS_ENABLED") == true)
    }

    @Test func readOnlyLeavesWhatChangesNothing() {
        let policy = ToolPolicy(enabled: ["*"], disabled: [], readOnly: true)
        #expect(policy.objection(to: tool("search", readOnly: true)) == nil)
        #expect(policy.objection(to: tool("add", readOnly: false))?.contains("TOOLS_READ_ONLY") == true)
    }

    @Test func aPatternThatFitsNothingIsToldOf() {
        let policy = ToolPolicy(enabled: ["*"], disabled: ["chekout", "get_*"], readOnly: false)
        let warnings = policy.warnings(tools: ["checkout", "get_deals"])
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("TOOLS_DISABLED") == true && warnings.first?.contains("chekout") == true)
    }
}
