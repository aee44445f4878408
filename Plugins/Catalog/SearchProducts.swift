// search_products: from words to product codes.

import JSON
import Storefront
import ToolSDK

struct SearchProducts: InlineTool {
    static let name = "search_products"
    static let title = "Search products"
    static let summary = """
        Find products of the shop by words. Returns the best matches first, each with the productCode that add_to_cart \
        takes, its price and whether it is in stock.
        """
    static let description = """
        Call it before add_to_cart, to learn the productCode of what the customer wants. Searching changes nothing, \
        costs nothing and reserves nothing.

        Names, categories and descriptions are searched; case, accents and plurals do not matter, and the first letters \
        of a word are enough. A product has to match every word. Where none does, those that match the most words are \
        returned, so see whether a result is what the customer meant.

        No match is not an error: products is empty then, and total is 0. total counts all products that match, \
        products holds at most limit of them. There are no further pages: add a word or a category to narrow a long \
        result.

        price is for one, before deals. deal names a deal on the product, which the cart applies by itself.
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
        Property("query", \.query, .string(length: 1...200), "What to look for: one or more words"),
        Property("category", \.category, Categories.schema, "Only products of this category; \(Categories.known)"),
        Property("limit", \.limit, .integer(1...50), default: 10, "How many products to return at most"),
        make: Input.init
    )
    .examples(Input(query: "organic milk", category: "dairy", limit: 5))

    struct Hit: Sendable {
        var product: Product
        var stock: Int
        var deal: String?

        static let example = Hit(
            product: Product(
                code: "milk-001", name: "Organic Whole Milk, 1 gal", category: "dairy",
                description: "Creamy whole milk.", price: Money(minorUnits: 625), stock: 480),
            stock: 480)
    }

    struct Found: Sendable {
        var hits: [Hit]
        var total: Int
    }

    static let output = Schema<Found>.object(
        Property("products", \.hits, .array(of: hit), "The best matches first, at most limit of them; empty: none"),
        Property("total", \.total, .integer(0...), "How many products match, whether they are in products or not"),
        make: Found.init
    )
    .examples(Found(hits: [.example], total: 1))
    .orWords("FoundProducts")

    private static let hit = Schema<Hit>.object(
        Property("productCode", \.product.code, .string(), "Code of the product, as add_to_cart takes it"),
        Property("name", \.product.name, .string(), "Name, with the size of the package"),
        Property("category", \.product.category, .string(), "Category"),
        Property("description", \.product.description, .string(), "What the product is like, in a sentence"),
        Property("price", \.product.price, Money.schema, "Price of one, before deals"),
        Property("inStock", { $0.stock > 0 }, .boolean(), "Whether at least one can be bought now"),
        Property("available", \.stock, .integer(0...), "How many can be bought at most"),
        Property("deal", \.deal, .string(), "The best deal on it, which the cart applies by itself; absent: none"),
        make: { code, name, category, description, price, _, available, deal in
            Hit(
                product: Product(
                    code: code, name: name, category: category, description: description, price: price,
                    stock: available),
                stock: available, deal: deal)
        }
    )
    .named("Product")

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
