// search_products: from words to product codes.

import Storefront
import ToolSDK

struct SearchProducts: InlineTool {
    static let name = "search_products"
    static let title = "Search products"
    static let summary =
        "Search the product catalog by words. Returns the best matches with code, price, stock and deal, and how many there are in all. Use it to find the product code that add_to_cart needs."
    static let description = """
        Searches names, categories and descriptions; case, accents and plurals do not matter, and the beginning of a \
        word is enough. A product matches every word of the query; when none does, those that match most of them are \
        returned. Prices are exact in minorUnits (cents); show people the text. Narrow a long result with a category \
        or a further word.
        """
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]
    static let meta: JSONObject = [
        "tags": ["catalog"],
        "openai/toolInvocation/invoking": "Searching the catalog",
        "openai/toolInvocation/invoked": "Searched the catalog",
    ]

    struct Input: Sendable {
        var query: String
        var category: String?
        var limit: Int
    }

    static let input = Schema<Input>.object(
        Property("query", \.query, .string(length: 1...200), "Words to look for, such as organic milk"),
        Property(
            "category", \.category, .string(length: 1...64), "Only this category, such as dairy or produce"),
        Property("limit", \.limit, .integer(1...50), default: 10, "How many products to return at most"),
        make: Input.init)

    struct Hit: Sendable {
        var product: Product
        var stock: Int
        var deal: String?
    }

    struct Found: Sendable {
        var hits: [Hit]
        var total: Int
    }

    static let output = Schema<Found>.object(
        Property("products", \.hits, .array(of: hit), "The best matches first"),
        Property("total", \.total, .integer(0...), "How many products match, returned or not"),
        make: Found.init
    ).orWords

    private static let hit = Schema<Hit>.object(
        Property("code", \.product.code, .string(), "Product code, for add_to_cart"),
        Property("name", \.product.name, .string(), "Name, with the size of the package"),
        Property("category", \.product.category, .string(), "Category"),
        Property("description", \.product.description, .string(), "What it is like"),
        Property("price", \.product.price, Money.schema, "Price of one, before deals"),
        Property("inStock", { $0.stock > 0 }, .boolean(), "Whether it can be bought now"),
        Property("available", \.stock, .integer(0...), "How many are left"),
        Property("deal", \.deal, .string(), "The best deal on it, applied in the cart"),
        make: { code, name, category, description, price, _, available, deal in
            Hit(
                product: Product(
                    code: code, name: name, category: category, description: description, price: price,
                    stock: available),
                stock: available, deal: deal)
        })

    let catalogue: CatalogueFollower

    func call(_ input: Input, context: CallContext) throws -> Reply<Found> {
        let now = catalogue.current
        let category = try input.category.map { try Categories.require($0, among: now.index.categories) }
        let found = now.index.search(input.query, category: category, limit: input.limit) { now.stock[$0] > 0 }
        let hits = found.documents.map {
            Hit(product: now.index.products[$0], stock: now.stock[$0], deal: now.headlines[$0]?.title)
        }
        return .whole(Found(hits: hits, total: found.total))
    }
}
