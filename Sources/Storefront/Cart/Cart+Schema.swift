// How a cart looks in answers, and in the conflicts that show one.

import JSON
import ToolSDK

extension Cart {
    package static let schema = Schema<Cart>.object(
        Property(
            "items", \.lines, .array(of: Line.schema), "The products that checkout would order now; empty: none"),
        Property(
            "unavailable", \.shortages, .array(of: Shortage.schema),
            "Products of which the cart holds more than there are; what is missing is not part of items and total"),
        Property(
            "itemCount", \.itemCount, .integer(0...), "How many items, counting quantities: 2 milk and 1 bread are 3"),
        Property("subtotal", \.subtotal, Money.schema, "Before discounts"),
        Property("discount", \.discount, Money.schema, "What the deals take off"),
        Property("total", \.total, Money.schema, "To be paid: subtotal less discount"),
        Property(
            "summary", \.summary.text, .string(),
            "Count and total in one line: show it to the customer, and once they agree send it to checkout as cartSummary"
        ),
        make: { lines, shortages, _, _, _, _, _ in Cart(lines: lines, shortages: shortages) }
    )
    .examples(.example)

    /// For the details of a ``ToolError``.
    var details: JSONObject {
        var details = JSONObject()
        details["cart"] = try? JSONValue(parsing: Self.schema.encode(self))
        return details
    }

    /// One product, on which there is no deal.
    static let example = Cart(
        lines: [
            Line(
                code: "milk-001", name: "Organic Whole Milk, 1 gal", quantity: 2, unitPrice: Money(minorUnits: 625),
                discount: .zero, deal: nil)
        ], shortages: [])
}

extension Cart.Line {
    package static let schema = Schema<Cart.Line>.object(
        Property("productCode", \.code, .string(), "Product code, as add_to_cart takes it"),
        Property("name", \.name, .string(), "Name, with the size of the package"),
        Property("quantity", \.quantity, .integer(1...), "How many"),
        Property("unitPrice", \.unitPrice, Money.schema, "Price of one, before discounts"),
        Property("discount", \.discount, Money.schema, "What the deal takes off the whole line"),
        Property("deal", \.deal, .string(), "Title of the deal that gives the discount; absent: none does"),
        Property("total", \.total, Money.schema, "Price of the line: quantity times unitPrice, less discount"),
        make: { code, name, quantity, unitPrice, discount, deal, _ in
            Cart.Line(
                code: code, name: name, quantity: quantity, unitPrice: unitPrice, discount: discount, deal: deal)
        }
    )
    .named("CartLine")
}

extension Cart.Shortage {
    package static let schema = Schema<Cart.Shortage>.object(
        Property("productCode", \.code, .string(), "Product code"),
        Property("name", \.name, .string(), "Name, with the size of the package"),
        Property("requested", \.requested, .integer(1...), "How many the cart holds"),
        Property("available", \.available, .integer(0...), "How many of them can be bought; only these are in items"),
        make: Cart.Shortage.init
    )
    .named("Shortage")
}
