// Which names are near enough to be meant, and which are not.

import Testing

@testable import HostDocuments

@Suite struct NearbyNamesTests {
    private static let names = [
        "search_products", "add_to_cart", "view_cart", "checkout", "get_deals", "add_payment_method", "go", "eta",
    ]

    @Test(
        arguments: [
            ("Search_Products", ["search_products"]), ("search-products", ["search_products"]),
            ("shop__search_products", ["search_products"]), ("mcp_toolhost_view_cart", ["view_cart"]),
            ("functions.get_deals", ["get_deals"]), ("toolhost/checkout", ["checkout"]),
            ("mcp__shop__ADD-TO-CART", ["add_to_cart"]), ("checkout_tool", ["checkout"]),
            ("serch_products", ["search_products"]), ("search_product", ["search_products"]),
            ("chekout", ["checkout"]), ("view_crat", ["view_cart"]), ("get_deal", ["get_deals"]),
            ("go", ["go"]), ("g", []), ("to", []), ("x_go", []), ("my_eta", ["eta"]), ("beta", []),
            ("nothing", []), ("", []), ("_", []), ("research_products_x", []), ("👍", []),
        ] as [(String, [String])])
    func whatMayBeMeant(name: String, expected: [String]) {
        #expect(NearbyNames.near(name, among: Self.names) { _ in true } == expected)
    }

    @Test func onlyWhatIsVisibleIsNamed() {
        #expect(NearbyNames.near("chekout", among: Self.names) { $0 != "checkout" } == [])
    }

    @Test func theBestComeFirstAndAreFew() {
        let names = ["tool_a1", "tool_a2", "tool_a3", "tool_a4", "tool_a"]
        #expect(NearbyNames.near("TOOL_A", among: names) { _ in true } == ["tool_a", "tool_a1", "tool_a2"])
        let long = String(repeating: "a", count: 1 << 20)
        #expect(NearbyNames.near(long, among: [String(long.prefix(64))]) { _ in true } == [])
    }

    @Test func questionsAreSentences() {
        #expect(NearbyNames.question([]) == "")
        #expect(NearbyNames.question(["a"]) == "Did you mean a?")
        #expect(NearbyNames.question(["a", "b", "c"]) == "Did you mean a, b or c?")
    }
}
