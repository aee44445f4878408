// An order that was placed, as the customer is told about it.

import ToolSDK

package struct Order: Sendable, Hashable {
    package let id: String
    package let cart: Cart
    package let payment: PaymentMethod

    package static let schema = Schema<Order>.object(
        Property("orderId", \.id, .string(), "Names the order from now on: tell it to the customer"),
        Property("items", \.cart.lines, .array(of: Cart.Line.schema), "The products that were ordered"),
        Property("itemCount", \.cart.itemCount, .integer(1...), "How many items, counting quantities"),
        Property("subtotal", \.cart.subtotal, Money.schema, "Before discounts"),
        Property("discount", \.cart.discount, Money.schema, "What the deals took off"),
        Property("total", \.cart.total, Money.schema, "What the customer pays: subtotal less discount"),
        Property("paymentMethod", \.payment, PaymentMethod.schema, "How it is paid"),
        Property("summary", \.cart.summary.text, .string(), "Count and total in one line"),
        make: { id, lines, _, _, _, _, payment, _ in
            Order(id: id, cart: Cart(lines: lines, shortages: []), payment: payment)
        }
    )
    .examples(Order(id: "ORD-7K2M-9QXT-4B3D", cart: .example, payment: .example))
}
