// add_to_cart: puts some of one product into the caller's cart.

import JSON
import Storefront
import ToolSDK

struct AddToCart: BlockingTool {
    static let name = "add_to_cart"
    static let title = "Add to cart"
    static let summary = """
        Put a product into the customer's cart, by the productCode from search_products. Adds to what is there: \
        calling it twice adds twice. Orders nothing and costs nothing.
        """
    static let description = """
        Each call adds once more. Returns how many of the product are in the cart now (inCart) and what the whole cart \
        comes to (summary).

        A productCode that does not exist is an error that names the nearest productCodes; more than there are in stock \
        is an error that says how many can still be added. After these two nothing has been added. After a timeout, or \
        an error that leaves open whether it was added, call view_cart before adding again. Nothing is reserved for the \
        customer before checkout.

        No tool takes products out of the cart again, so add only what the customer asked for.
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
        Property(
            "productCode", \.productCode, .string(length: 1...64),
            "Code of the product, as search_products returns it; case does not matter"),
        Property("quantity", \.quantity, .integer(1...99), default: 1, "How many to add to those in the cart"),
        make: Input.init
    )
    .examples(Input(productCode: "milk-001", quantity: 2))

    static let output = CartAddition.schema.orWords("CartAddition")

    let carts: Carts

    func call(_ input: Input, context: CallContext) throws -> Reply<CartAddition> {
        try carts.add(input.quantity, of: input.productCode, for: Caller(context))
    }
}
