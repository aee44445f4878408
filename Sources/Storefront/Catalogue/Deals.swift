// The deals that customers can have today.

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
        Property("code", \.code, .string(), "Code of the deal"),
        Property("title", \.title, .string(), "What is off"),
        Property("category", \.category, .string(), "The category it is for, or its product is in"),
        Property("productCode", \.productCode, .string(), "The one product it is for; absent: the whole category"),
        Property("productName", \.productName, .string(), "Name of that product"),
        Property("endsOn", \.endsOn, .string(format: "date"), "Last day; absent: until further notice"),
        make: DealInForce.init)
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
    /// The category that is meant: case, accents and plurals do not matter.
    ///
    /// - Throws: ``ToolError`` of kind `notFound` with the categories there are.
    package static func require(_ name: String, among categories: [String]) throws(ToolError) -> String {
        if categories.contains(name) { return name }
        let wanted = Words.split(name).map(Words.singular)
        if let match = categories.first(where: { Words.split($0).map(Words.singular) == wanted }) { return match }
        throw .notFound(
            "There is no such category. The categories are: \(categories.joined(separator: ", ")).",
            details: ["categories": .array(categories.map(JSONValue.string))])
    }
}
