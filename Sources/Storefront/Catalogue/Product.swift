// What the shop sells.

/// An object, since what a search finds refers to it: as a value each hit would copy all of its texts. That, and memory
/// that a query leaves to the next one, saved 2,500 instructions and three allocations of a search.
package final class Product: Sendable {
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
