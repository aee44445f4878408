// view_cart: what the caller's cart holds and comes to.

import JSON
import Storefront
import ToolSDK

struct ViewCart: BlockingTool {
    static let name = "view_cart"
    static let title = "View cart"
    static let summary = """
        Show the customer's cart: its products, what deals take off, the total to pay, and the summary that checkout \
        takes. Changes nothing.
        """
    static let description = """
        Call it before checkout, and show the customer products and total. Deals are applied already: total is what \
        checkout would charge.

        Prices, stock and deals are those of this moment. Of several deals on a product only the one that takes most \
        off counts. What exceeds the stock of a product is listed under unavailable and is not part of items, itemCount \
        and amounts. An empty cart has no items and a total of 0. checkout takes the summary as long as cart, prices \
        and stock stay as they are.
        """
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]
    static let meta: JSONObject = [
        "tags": ["cart"],
        "openai/toolInvocation/invoking": "Looking into the cart",
        "openai/toolInvocation/invoked": "Looked into the cart",
    ]

    static let input = Schema<Empty>.empty.examples(Empty())
    static let output = Cart.schema.orWords("Cart")

    let carts: Carts

    func call(_ input: Empty, context: CallContext) throws -> Reply<Cart> {
        .whole(try carts.view(for: Caller(context)))
    }
}
