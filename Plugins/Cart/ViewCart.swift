// view_cart: what the caller's cart holds and comes to.

import Storefront
import ToolSDK

struct ViewCart: BlockingTool {
    static let name = "view_cart"
    static let title = "View cart"
    static let summary =
        "View the customer's cart: items, discounts from the deals in force, total, and the summary line that checkout needs."
    static let description = """
        Prices, stock and deals are those of this moment. Of several deals on a product, the one that takes most off \
        its line counts. What is no longer in stock is listed as unavailable and is not part of the total.
        """
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]
    static let meta: JSONObject = [
        "tags": ["cart"],
        "openai/toolInvocation/invoking": "Looking into the cart",
        "openai/toolInvocation/invoked": "Looked into the cart",
    ]

    static let output = Cart.schema.orWords

    let carts: Carts

    func call(_ input: Empty, context: CallContext) throws -> Reply<Cart> {
        .whole(try carts.view(for: Caller(context)))
    }
}
