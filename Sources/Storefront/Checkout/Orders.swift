// Turns a cart into an order: all of it in one transaction, or nothing.

import ToolSDK

package struct Orders: Sendable {
    private let store: Store
    private let today: @Sendable () -> CalendarDay

    /// - Parameter store: Opened with ``Durability/full``, so that an acknowledged order survives a power cut.
    package init(_ store: Store, today: @escaping @Sendable () -> CalendarDay = { .today }) {
        self.store = store
        self.today = today
    }

    /// Places an order for the whole cart, takes it out of stock, and empties the cart.
    ///
    /// - Parameter text: The summary that the customer saw; see ``CartSummary/init(parsing:)``.
    /// - Throws: ``ToolError`` of kind `conflict` when the cart is empty, is not what the customer saw, or cannot be
    ///   paid for. Its details carry the cart.
    package func place(confirming text: String, for caller: Caller) throws -> Reply<Order> {
        try store.once("checkout", caller, payload: text, schema: Order.schema) { connection in
            let cart = try Carts.cart(of: caller.principal, on: today(), connection)
            guard cart.itemCount > 0 else { throw Self.empty(cart) }
            guard let seen = CartSummary(parsing: text) else { throw Self.unclear(cart) }
            guard seen == cart.summary else { throw Self.changed(cart, seen) }
            guard let payment = try PaymentMethods.latest(of: caller.principal, connection) else {
                throw ToolError.conflict(
                    "There is no payment method yet. Add one with add_payment_method, then check out again.",
                    details: cart.details)
            }
            let order = Order(
                id: RandomID.make("ORD"), cart: Cart(lines: cart.lines, shortages: []), payment: payment)
            try Self.insert(order, principal: caller.principal, connection)
            try connection.execute("DELETE FROM cart_line WHERE principal = ?1", .text(caller.principal))
            return order
        }
    }

    private static func insert(_ order: Order, principal: String, _ connection: SQLiteConnection) throws {
        let cart = order.cart
        try connection.execute(
            """
            INSERT INTO customer_order (id, principal, placed_at, payment_method_id, item_count, subtotal, discount, total)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            .text(order.id), .text(principal), .integer(UnixTime.now), .text(order.payment.id),
            .integer(cart.itemCount), .integer(cart.subtotal.minorUnits), .integer(cart.discount.minorUnits),
            .integer(cart.total.minorUnits))
        for line in cart.lines {
            // The lock was ours since the cart was priced, so there is as much as it says.
            guard try Catalogue.take(line.quantity, of: line.code, connection) else {
                throw ToolError.conflict("\(line.name) has just sold out. Look at the cart again with view_cart.")
            }
            try connection.execute(
                """
                INSERT INTO order_line (order_id, product_code, name, unit_price, quantity, discount)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                """,
                .text(order.id), .text(line.code), .text(line.name), .integer(line.unitPrice.minorUnits),
                .integer(line.quantity), .integer(line.discount.minorUnits))
        }
    }

    private static func empty(_ cart: Cart) -> ToolError {
        let reason = cart.shortages.isEmpty ? "The cart is empty." : "Everything in the cart is out of stock."
        return .conflict("\(reason) Add products with add_to_cart first.", details: cart.details)
    }

    private static func unclear(_ cart: Cart) -> ToolError {
        .conflict(
            "The summary must state the number of items and the total. The cart is: \(cart.summary.text). "
                + "Show it to the customer, and check out with exactly that.",
            details: cart.details)
    }

    private static func changed(_ cart: Cart, _ seen: CartSummary) -> ToolError {
        let missing = cart.shortages.map { "\($0.name): \($0.available) of \($0.requested) available" }
        let reason = missing.isEmpty ? "" : " Stock has changed: \(missing.joined(separator: "; "))."
        return .conflict(
            "The cart is not \(seen.text), but \(cart.summary.text).\(reason) "
                + "Show it to the customer, and check out again with the new summary.",
            details: cart.details)
    }
}
