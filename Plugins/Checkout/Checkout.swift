// checkout: turns the caller's cart into an order.

import JSON
import Storefront
import ToolSDK

struct Checkout: BlockingTool {
    static let name = "checkout"
    static let title = "Check out"
    static let summary = """
        Place a real order for all that is in the customer's cart, paid with the payment method they added last. Call \
        it only once the customer has seen products and total and agreed to buy them.
        """
    static let description = """
        It spends the customer's money, and no tool takes an order back. The cart is empty afterwards.

        Before it, call view_cart, show the customer what it returns, and have them agree; then send its summary, \
        unchanged, as cartSummary. A payment method has to be there: add_payment_method adds one. Without one, with an \
        empty cart, or if the cart, its prices or its stock are no longer what the summary says, nothing is ordered, \
        and the error says why and holds the cart as it is now: show it to the customer and ask again.

        The order is placed as a whole or not at all. After a timeout, or an error that leaves open whether it was \
        placed, call view_cart: an empty cart means that it was placed. Tell the customer before anything is ordered \
        again.
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
            "The summary from view_cart that the customer has agreed to: number of items and total"),
        make: Input.init
    )
    .examples(Input(cartSummary: "2 items, total $12.50"))

    static let output = Order.schema.orWords("Order")

    let orders: Orders

    func call(_ input: Input, context: CallContext) throws -> Reply<Order> {
        try orders.place(confirming: input.cartSummary, for: Caller(context))
    }
}
