// A cart with its prices: what is in it, what the deals take off, what it comes to.

/// Priced from the products, the stock and the deals of one moment. A line counts as many as can be bought: what is no
/// longer in stock is listed under ``shortages`` and is not part of the total, so a cart can always be checked out.
package struct Cart: Sendable, Hashable {
    package struct Line: Sendable, Hashable {
        package let code: String
        package let name: String
        package let quantity: Int
        package let unitPrice: Money
        package let discount: Money
        /// Title of the deal that gives the discount.
        package let deal: String?

        package var total: Money { unitPrice * quantity - discount }
    }

    package struct Shortage: Sendable, Hashable {
        package let code: String
        package let name: String
        package let requested: Int
        package let available: Int
    }

    package let lines: [Line]
    package let shortages: [Shortage]

    package init(lines: [Line], shortages: [Shortage]) {
        self.lines = lines
        self.shortages = shortages
    }

    /// Prices a cart: the one deal that takes most off each line.
    package init(_ wanted: [(product: Product, quantity: Int)], deals: [Deal]) {
        var lines: [Line] = []
        var shortages: [Shortage] = []
        for (product, requested) in wanted {
            let quantity = min(requested, product.stock)
            if quantity < requested {
                shortages.append(
                    Shortage(code: product.code, name: product.name, requested: requested, available: quantity))
            }
            guard quantity > 0 else { continue }
            let best = deals.best(for: product, quantity: quantity)
            lines.append(
                Line(
                    code: product.code, name: product.name, quantity: quantity, unitPrice: product.price,
                    discount: best?.discount ?? .zero, deal: best?.deal.title))
        }
        self.init(lines: lines, shortages: shortages)
    }

    package var itemCount: Int { lines.reduce(0) { $0 + $1.quantity } }
    package var subtotal: Money { lines.reduce(.zero) { $0 + $1.unitPrice * $1.quantity } }
    package var discount: Money { lines.reduce(.zero) { $0 + $1.discount } }
    package var total: Money { subtotal - discount }
    package var summary: CartSummary { CartSummary(itemCount: itemCount, total: total) }
}
