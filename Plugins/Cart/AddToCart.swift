// add_to_cart: puts some of one product into the caller's cart.

import Storefront
import ToolSDK

struct AddToCart: BlockingTool {
    static let name = "add_to_cart"
    static let title = "Add to cart"
    static let summary =
        "Add a product to the customer's cart, by the product code that search_products returns. Adds to what is in the cart already. Returns the cart's new count and total."
    static let description = """
        Each call adds once more. An unknown code is answered with the nearest codes, and a quantity beyond the stock \
        with how many are available. Nothing is reserved before checkout.
        """
    static let hints: Hints = [.writes, .additive, .repeats, .closedWorld]
    static let meta: JSONObject = [
        "tags": ["cart"],
        "openai/toolInvocation/invoking": "Adding to the cart",
        "openai/toolInvocation/invoked": "Added to the cart",
    ]

    struct Input: Sendable {
        var productCode: String
        var quantity: Int
    }

    static let input = Schema<Input>.object(
        Property("productCode", \.productCode, .string(length: 1...64), "Product code, such as milk-001"),
        Property("quantity", \.quantity, .integer(1...99), default: 1, "How many to add"),
        make: Input.init)

    static let output = CartAddition.schema.orWords

    let carts: Carts

    func call(_ input: Input, context: CallContext) throws -> Reply<CartAddition> {
        .whole(try carts.add(input.quantity, of: input.productCode, for: Caller(context)))
    }
}
