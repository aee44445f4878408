// get_deals: the deals that the caller's cart would get today.

import JSON
import Storefront
import ToolSDK

struct GetDeals: BlockingTool {
    static let name = "get_deals"
    static let title = "Get deals"
    static let summary = """
        List the deals in force today, all of them or those of one category. The cart applies deals by itself: there \
        is no coupon and nothing to redeem. Changes nothing.
        """
    static let description = """
        Call it when the customer asks for offers. What deals take off the products in a cart, view_cart tells.

        A deal is for one product or for a whole category. Of several on one product, of either kind, only the one that \
        takes most off counts. No deals are not an error: deals is empty then, and total is 0.
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
            "category", \.category, Categories.schema,
            "Only deals on this category or on products of it; \(Categories.known)"),
        make: Input.init
    )
    .examples(Input(category: "produce"))

    struct Found: Sendable {
        var deals: [DealInForce]
    }

    static let output = Schema<Found>.object(
        Property("deals", \.deals, .array(of: DealInForce.schema), "The deals in force today; empty: none"),
        Property("total", \.deals.count, .integer(0...), "How many deals there are in deals"),
        make: { deals, _ in Found(deals: deals) }
    )
    .examples(Found(deals: [.example]))
    .orWords("FoundDeals")

    let deals: Deals

    func call(_ input: Input, context: CallContext) throws -> Reply<Found> {
        .whole(Found(deals: try deals.inForce(in: input.category, waiting: Caller(context).patience)))
    }
}
