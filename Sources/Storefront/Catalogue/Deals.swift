// The deals that customers can have today.

import ToolSDK

package struct Deals: Sendable {
    private let store: Store
    private let today: @Sendable () -> CalendarDay

    package init(_ store: Store, today: @escaping @Sendable () -> CalendarDay = { .today }) {
        self.store = store
        self.today = today
    }

    /// The deals in force, by code, with the product that each one is about. Deals on products that the shop does not
    /// sell are left out.
    ///
    /// - Parameter category: Only those that touch products of it.
    /// - Throws: ``ToolError`` of kind `notFound` with the categories there are.
    package func inForce(in category: String?, waiting: Duration) throws -> [(deal: Deal, product: Product?)] {
        try store.read(waiting: waiting) { connection in
            let categories = try Catalogue.categories(connection)
            let wanted = try category.map { try Categories.require($0, among: categories) }
            let day = today()
            var found: [(deal: Deal, product: Product?)] = []
            for deal in try Catalogue.deals(connection) where deal.isInForce(on: day) {
                switch deal.target {
                case .category(let name):
                    if categories.contains(name), wanted == nil || wanted == name { found.append((deal, nil)) }
                case .product(let code):
                    guard let product = try Catalogue.product(code: code, connection) else { continue }
                    if wanted == nil || wanted == product.category { found.append((deal, product)) }
                }
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
