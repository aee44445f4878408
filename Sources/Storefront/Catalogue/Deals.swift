// The deals that customers can have today.

import JSON
import ToolSDK

/// A deal as customers are told about it.
package struct DealInForce: Sendable, Hashable {
    package let code: String
    package let title: String
    package let category: String
    /// `nil`: the whole category.
    package let productCode: String?
    package let productName: String?
    package let endsOn: String?

    package static let schema = Schema<DealInForce>.object(
        Property("code", \.code, .string(), "Names the deal, and no product; nobody has to enter it anywhere"),
        Property("title", \.title, .string(), "What is off, for people"),
        Property("category", \.category, .string(), "The category it is for, or its product is in"),
        Property(
            "productCode", \.productCode, .string(),
            "Code of the one product it is for, as add_to_cart takes it; absent: the deal is for the whole category"),
        Property("productName", \.productName, .string(), "Name of that product"),
        Property("endsOn", \.endsOn, .string(format: "date"), "Last day (UTC) in force; absent: until further notice"),
        make: DealInForce.init
    )
    .named("Deal")

    package static let example = DealInForce(
        code: "deal-005", title: "Strawberries: buy 2, get 1 free", category: "produce", productCode: "berries-001",
        productName: "Strawberries, 1 lb", endsOn: nil)
}

package struct Deals: Sendable {
    private let store: Store
    private let today: @Sendable () -> CalendarDay

    package init(_ store: Store, today: @escaping @Sendable () -> CalendarDay = { .today }) {
        self.store = store
        self.today = today
    }

    /// The deals in force, by code. Deals on what the shop does not sell are left out.
    ///
    /// - Parameter category: Only those that touch products of it.
    /// - Throws: ``ToolError`` of kind `notFound` with the categories there are.
    package func inForce(in category: String?, waiting: Duration) throws -> [DealInForce] {
        try store.read(waiting: waiting) { connection in
            let categories = try Catalogue.categories(connection)
            let wanted = try category.map { try Categories.require($0, among: categories) }
            let day = today()
            var found: [DealInForce] = []
            for deal in try Catalogue.deals(connection) where deal.isInForce(on: day) {
                let product: Product?
                let category: String
                switch deal.target {
                case .category(let name):
                    (product, category) = (nil, name)
                case .product(let code):
                    guard let sold = try Catalogue.product(code: code, connection) else { continue }
                    (product, category) = (sold, sold.category)
                }
                guard wanted == category || wanted == nil && categories.contains(category) else { continue }
                found.append(
                    DealInForce(
                        code: deal.code, title: deal.title, category: category, productCode: product?.code,
                        productName: product?.name, endsOn: deal.endsOn))
            }
            return found
        }
    }
}

/// Category names as people write them.
package enum Categories {
    /// An argument that names one.
    package static let schema = Schema<String>.string(length: 1...64)

    /// For its description. An operator may load other products, so that the built-in ones are examples.
    package static let known = """
        bakery, beverages, dairy, frozen, household, meat, pantry, produce, seafood, snacks, or what else the shop has. \
        Case does not matter, and a category that it does not have is an error that names all that it has
        """

    /// The category that is meant: case, accents and plurals do not matter.
    ///
    /// - Throws: ``ToolError`` of kind `notFound` with the categories there are.
    package static func require(_ name: String, among categories: [String]) throws(ToolError) -> String {
        if categories.contains(name) { return name }
        let wanted = Words.split(name).map(Words.singular)
        if let match = categories.first(where: { Words.split($0).map(Words.singular) == wanted }) { return match }
        throw .notFound(
            categories.isEmpty
                ? "There is no such category: the shop has no products now."
                : "There is no such category. The categories are: \(categories.joined(separator: ", ")).",
            details: ["categories": .array(categories.map(JSONValue.string))])
    }
}
