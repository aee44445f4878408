// The sentence by which an order is confirmed: one way to write it, several to read it, none to guess it.

import Testing

@testable import Storefront

struct CartSummaryTests {
    @Test(arguments: [
        (0, 0, "0 items, total $0.00"), (1, 399, "1 item, total $3.99"), (2, 1250, "2 items, total $12.50"),
    ])
    func hasOneForm(count: Int, cents: Int, text: String) {
        let summary = CartSummary(itemCount: count, total: Money(minorUnits: cents))
        #expect(summary.text == text)
        #expect(CartSummary(parsing: text) == summary)
    }

    @Test(arguments: [
        "2 items, total $12.50", "2 items $12.50", "2 items totaling $12.50", "Total: $12.50 (2 items)",
        "2 products for 12.50 USD", "The total is $12.5 for 2 items.", "2 ITEMS, TOTAL 12.50",
        "2 items: Organic Whole Milk, 1 gal, total $12.50", "2 items, subtotal $13.50, discount $1.00, total $12.50",
        "2 items, total of $12.50 and 2 units",
    ])
    func isReadLeniently(text: String) {
        #expect(CartSummary(parsing: text) == CartSummary(itemCount: 2, total: Money(minorUnits: 1250)))
    }

    @Test func thousandsMayBeGrouped() {
        #expect(CartSummary(parsing: "40 items, total $1,234.50")?.total.minorUnits == 123_450)
    }

    @Test(arguments: [
        "", "yes", "everything", "2 items", "$12.50", "total $12.50", "2 12", "two items, total $12.50",
        "2 items, total $12.50, total $13.00", "2 items and 3 items, total $12.50", "2 items at $1.00 and $12.50",
        "2 items, total $12.505", "99999999999999999999 items, total $1.00", "2 items, total $99999999999.00",
    ])
    func isNeverGuessed(text: String) {
        #expect(CartSummary(parsing: text) == nil)
    }
}
