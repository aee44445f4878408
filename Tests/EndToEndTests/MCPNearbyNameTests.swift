// Names that no tool has, over MCP and REST: what may have been meant is named.

import JSON
import Testing

@Suite("MCP nearby names", .host(PackSource.shop))
struct MCPNearbyNameTests {
    static let versions = [MCPName.modern] + MCPName.legacy

    @Test(
        "An unknown tool is answered with the names that may have been meant",
        arguments: [
            ("serch_products", "search_products"), ("Search_Products", "search_products"),
            ("toolhost__view_cart", "view_cart"), ("mcp_toolhost_add_to_cart", "add_to_cart"),
            ("functions.checkout", "checkout"),
        ])
    func nearbyNames(_ name: String, _ meant: String) throws {
        let host = try RunningHost.current
        for version in Self.versions {
            let answer = try host.post(.call(name, version: version))
            #expect(answer.code == -32602)
            let message = answer.response?["error"]?["message"]?.string ?? ""
            #expect(message.contains("Did you mean \(meant)?") && message.contains(name), "\(message)")
        }
        let rest = try host.call(name)
        #expect(rest.status == 404)
        #expect(rest.problem?["detail"]?.string?.contains("Did you mean \(meant)?") == true, "\(rest.text)")
        let none = try host.post(.call("something_else_entirely"))
        #expect(none.response?["error"]?["message"]?.string?.contains("tools/list") == true)
    }
}
