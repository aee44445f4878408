// An order that was placed, as the customer is told about it.

import ToolSDK

package struct Order: Sendable, Hashable {
    package let id: String
    package let cart: Cart
    package let payment: PaymentMethod

    package static let schema = Schema<Order>.object(
        Property("orderId", \.id, .string(), "Keep it: it names the order from now on"),
        Property("items", \.cart.lines, .array(of: Cart.Line.schema), "What was bought"),
        Property("itemCount", \.cart.itemCount, .integer(1...), "Items, counting quantities"),
        Property("subtotal", \.cart.subtotal, Money.schema, "Before discounts"),
        Property("discount", \.cart.discount, Money.schema, "What the deals took off"),
        Property("total", \.cart.total, Money.schema, "Charged to the payment method"),
        Property("paymentMethod", \.payment, PaymentMethod.schema, "How it is paid"),
        Property("summary", \.cart.summary.text, .string(), "Count and total in one line"),
        make: { id, lines, _, _, _, _, payment, _ in
            Order(id: id, cart: Cart(lines: lines, shortages: []), payment: payment)
        })
}
