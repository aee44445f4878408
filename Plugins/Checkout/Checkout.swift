// checkout: turns the caller's cart into an order.

import Storefront
import ToolSDK

struct Checkout: BlockingTool {
    static let name = "checkout"
    static let title = "Check out"
    static let summary =
        "Place the order for everything in the customer's cart. Needs a payment method, and the cart summary from view_cart that the customer has agreed to; if the cart has changed since, nothing is ordered and the current cart is returned."
    static let description = """
        Call it only after the customer has seen the summary and agreed. The newest payment method is used. The order \
        is placed as a whole or not at all, and the cart is empty afterwards. After an error that leaves open whether \
        it was placed, look at the cart with view_cart before trying again.
        """
    // Destructive, because it empties the cart and spends money; and a cart filled again can be ordered again.
    static let hints: Hints = [.writes, .destructive, .repeats, .closedWorld]
    static let meta: JSONObject = [
        "tags": ["checkout"],
        "openai/toolInvocation/invoking": "Placing the order",
        "openai/toolInvocation/invoked": "Order placed",
    ]

    struct Input: Sendable {
        var cartSummary: String
    }

    static let input = Schema<Input>.object(
        Property(
            "cartSummary", \.cartSummary, .string(length: 1...500),
            "The summary of view_cart that the customer agreed to, such as: 2 items, total $12.50"),
        make: Input.init)

    static let output = Order.schema.orWords

    let orders: Orders

    func call(_ input: Input, context: CallContext) throws -> Reply<Order> {
        .whole(try orders.place(confirming: input.cartSummary, for: Caller(context)))
    }
}
