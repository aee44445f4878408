// The carts in the store, one for each principal.

import JSON
import ToolSDK

/// What an addition did.
package struct CartAddition: Sendable, Hashable {
    package let code: String
    package let name: String
    package let added: Int
    /// How many of the product are in the cart now.
    package let inCart: Int
    package let summary: String

    package static let schema = Schema<CartAddition>.object(
        Property("productCode", \.code, .string(), "Code of the product that was added"),
        Property("name", \.name, .string(), "Its name, with the size of the package"),
        Property("added", \.added, .integer(1...), "How many this call has added"),
        Property("inCart", \.inCart, .integer(1...), "How many of this product are in the cart now"),
        Property("summary", \.summary, .string(), "The whole cart in one line: items, counting quantities, and total"),
        make: CartAddition.init
    )
    .examples(
        CartAddition(
            code: "milk-001", name: "Organic Whole Milk, 1 gal", added: 2, inCart: 2, summary: Cart.example.summary.text
        ))
}

package struct Carts: Sendable {
    private let store: Store
    private let today: @Sendable () -> CalendarDay

    package init(_ store: Store, today: @escaping @Sendable () -> CalendarDay = { .today }) {
        self.store = store
        self.today = today
    }

    /// Adds to what is there already.
    ///
    /// - Throws: ``ToolError``: `notFound` with the nearest codes; `conflict` with how many are available.
    package func add(_ quantity: Int, of code: String, for caller: Caller) throws -> Reply<CartAddition> {
        let code = code.lowercased()
        return try store.once(
            "add_to_cart", caller, payload: "\(quantity) \(code)", schema: CartAddition.schema
        ) { connection in
            guard let product = try Catalogue.product(code: code, connection) else {
                throw try Self.unknown(code, connection)
            }
            let present =
                try connection.row(
                    "SELECT quantity FROM cart_line WHERE principal = ?1 AND product_code = ?2",
                    .text(caller.principal), .text(code)
                ) { $0.integer(0) } ?? 0
            guard present + quantity <= product.stock else { throw Self.outOfStock(product, present) }
            try connection.execute(
                """
                INSERT INTO cart_line (principal, product_code, quantity, added_at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (principal, product_code) DO UPDATE SET quantity = cart_line.quantity + excluded.quantity
                """,
                .text(caller.principal), .text(code), .integer(quantity), .integer(UnixTime.now))
            return CartAddition(
                code: code, name: product.name, added: quantity, inCart: present + quantity,
                summary: try Self.cart(of: caller.principal, on: today(), connection).summary.text)
        }
    }

    package func view(for caller: Caller) throws -> Cart {
        try store.read(waiting: caller.patience) { try Self.cart(of: caller.principal, on: today(), $0) }
    }

    /// The cart as it stands in the caller's transaction.
    static func cart(of principal: String, on day: CalendarDay, _ connection: SQLiteConnection) throws(StoreError)
        -> Cart
    {
        let wanted = try connection.rows(
            """
            SELECT p.code, p.name, p.category, p.description, p.price, p.stock, p.withdrawn, c.quantity
            FROM cart_line c JOIN product p ON p.code = c.product_code
            WHERE c.principal = ?1 ORDER BY c.added_at, p.code
            """, .text(principal)
        ) { row throws(StoreError) in
            (
                product: Product(
                    code: row.text(0), name: row.text(1), category: row.text(2), description: row.text(3),
                    price: Money(minorUnits: try row.integer(4, in: Catalogue.amounts)),
                    stock: row.integer(6) == 0 ? try row.integer(5, in: Catalogue.counts) : 0),
                quantity: try row.integer(7, in: Catalogue.counts)
            )
        }
        return Cart(wanted, deals: try Catalogue.deals(connection).filter { $0.isInForce(on: day) })
    }

    private static func unknown(_ code: String, _ connection: SQLiteConnection) throws(StoreError) -> ToolError {
        let products = try Catalogue.products(connection)
        let nearest = EditDistance.nearest(to: code, among: products, by: \.code)
        let names = nearest.map { "\($0.code) (\($0.name))" }.joined(separator: ", ")
        let wayOut =
            switch (products.isEmpty, nearest.isEmpty) {
            case (true, _): ", and the shop has no others now."
            case (_, true): ", and none with a similar one. search_products finds products."
            default: ". The nearest are: \(names). search_products finds others."
            }
        return .notFound(
            "There is no product with this productCode\(wayOut)",
            details: [
                "nearest": .array(nearest.map { ["productCode": .string($0.code), "name": .string($0.name)] })
            ])
    }

    private static func outOfStock(_ product: Product, _ present: Int) -> ToolError {
        let left = max(0, product.stock - present)
        let message =
            switch (product.stock, present) {
            case (0, _): "\(product.name) is out of stock. search_products finds something similar."
            case (_, 0): "Only \(product.stock) of \(product.name) are available. Ask for fewer."
            default:
                "Only \(product.stock) of \(product.name) are available, and \(present) are in the cart already. "
                    + (left == 0 ? "No more can be added." : "Ask for \(left) or fewer.")
            }
        return .conflict(
            message,
            details: [
                "productCode": .string(product.code), "available": JSONValue(product.stock),
                "inCart": JSONValue(present),
            ])
    }
}
