// A promise that was broken once counts no more.

import Testing

@testable import HostRunner

@Suite struct SlowToolsTests {
    @Test func whoTookLongIsRemembered() {
        let tools = SlowTools()
        tools.record(1, SlowTools.limit)
        #expect(!tools.contains(1))
        tools.record(1, SlowTools.limit + 1)
        tools.record(1, 0)
        #expect(tools.contains(1) && !tools.contains(0) && !tools.contains(2))
    }
}
