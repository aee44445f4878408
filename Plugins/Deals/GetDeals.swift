// get_deals: the deals that the caller's cart would get today.

import Storefront
import ToolSDK

struct GetDeals: BlockingTool {
    static let name = "get_deals"
    static let title = "Get deals"
    static let summary =
        "Get the deals and promotions in force today, all of them or those of one category. The cart applies them by itself; there is nothing to redeem."
    static let description = """
        A deal is for one product or for a whole category. Deals do not add up: of several on a product, the one that \
        takes most off its line in the cart counts.
        """
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]
    static let meta: JSONObject = [
        "tags": ["deals"],
        "openai/toolInvocation/invoking": "Looking for deals",
        "openai/toolInvocation/invoked": "Looked for deals",
    ]

    struct Input: Sendable {
        var category: String?
    }

    static let input = Schema<Input>.object(
        Property(
            "category", \.category, .string(length: 1...64), "Only deals on this category, such as produce or bakery"),
        make: Input.init)

    struct Found: Sendable {
        var deals: [DealInForce]
    }

    static let output = Schema<Found>.object(
        Property("deals", \.deals, .array(of: DealInForce.schema), "The deals in force, by code"),
        Property("total", \.deals.count, .integer(0...), "How many there are"),
        make: { deals, _ in Found(deals: deals) }
    ).orWords

    let deals: Deals

    func call(_ input: Input, context: CallContext) throws -> Reply<Found> {
        .whole(Found(deals: try deals.inForce(in: input.category, waiting: Caller(context).patience)))
    }
}
