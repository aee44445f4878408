// What the shop sells.

package struct Product: Sendable, Hashable {
    /// Such as `milk-001`: lower-case words and a number, unique, never reused.
    package let code: String
    package let name: String
    /// A slug such as `dairy`.
    package let category: String
    package let description: String
    /// For one.
    package let price: Money
    /// How many are left.
    package let stock: Int

    package init(code: String, name: String, category: String, description: String, price: Money, stock: Int) {
        self.code = code
        self.name = name
        self.category = category
        self.description = description
        self.price = price
        self.stock = stock
    }
}
