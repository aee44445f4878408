// How a cart looks in answers, and in the conflicts that show one.

import ToolSDK

extension Cart {
    package static let schema = Schema<Cart>.object(
        Property("items", \.lines, .array(of: Line.schema), "What can be bought now"),
        Property(
            "unavailable", \.shortages, .array(of: Shortage.schema),
            "What was asked for beyond the stock; not part of the total"),
        Property("itemCount", \.itemCount, .integer(0...), "Items, counting quantities"),
        Property("subtotal", \.subtotal, Money.schema, "Before discounts"),
        Property("discount", \.discount, Money.schema, "What the deals take off"),
        Property("total", \.total, Money.schema, "To be paid"),
        Property("summary", \.summary.text, .string(), "Count and total in one line; checkout takes it"),
        make: { lines, shortages, _, _, _, _, _ in Cart(lines: lines, shortages: shortages) })

    /// For the details of a ``ToolError``.
    var details: JSONObject {
        var details = JSONObject()
        details["cart"] = try? JSONValue(parsing: Self.schema.encode(self))
        return details
    }
}

extension Cart.Line {
    package static let schema = Schema<Cart.Line>.object(
        Property("productCode", \.code, .string(), "Product code"),
        Property("name", \.name, .string(), "Product name"),
        Property("quantity", \.quantity, .integer(1...), "How many"),
        Property("unitPrice", \.unitPrice, Money.schema, "Price of one"),
        Property("discount", \.discount, Money.schema, "What the deal takes off this line"),
        Property("deal", \.deal, .string(), "The deal that gives the discount"),
        Property("total", \.total, Money.schema, "Price of the line, after the discount"),
        make: { code, name, quantity, unitPrice, discount, deal, _ in
            Cart.Line(
                code: code, name: name, quantity: quantity, unitPrice: unitPrice, discount: discount, deal: deal)
        })
}

extension Cart.Shortage {
    package static let schema = Schema<Cart.Shortage>.object(
        Property("productCode", \.code, .string(), "Product code"),
        Property("name", \.name, .string(), "Product name"),
        Property("requested", \.requested, .integer(1...), "How many are in the cart"),
        Property("available", \.available, .integer(0...), "How many can be bought"),
        make: Cart.Shortage.init)
}
