// Carts: additions that get lost nowhere, refusals that say the way out.

import JSON
import Testing
import ToolSDK

@testable import Storefront

struct CartsTests {
    @Test func addsToWhatIsThere() throws {
        let shop = try Shop()
        #expect(try shop.carts.view(for: ada).summary.text == "0 items, total $0.00")
        #expect(try shop.carts.add(1, of: "milk-001", for: ada).whole?.summary == "1 item, total $6.25")
        let second = try #require(try shop.carts.add(1, of: "MILK-001", for: ada).whole)
        #expect(second.inCart == 2 && second.added == 1)
        #expect(second.summary == "2 items, total $12.50")
        #expect(try shop.carts.view(for: Caller(principal: "bob")).itemCount == 0)
    }

    @Test func showsWhatTheDealsTakeOff() throws {
        let shop = try Shop()
        _ = try shop.carts.add(3, of: "berries-001", for: ada)
        let cart = try shop.carts.view(for: ada)
        #expect(cart.subtotal.minorUnits == 1197)
        #expect(cart.discount.minorUnits == 399)
        #expect(cart.lines.first?.deal == "Strawberries: buy 2, get 1 free")
        #expect(cart.summary.text == "3 items, total $7.98")
    }

    @Test func unknownCodesAreAnsweredWithTheNearest() throws {
        let shop = try Shop()
        let error = refusal { try shop.carts.add(1, of: "milk-0001", for: ada) }
        #expect(error?.kind == .notFound)
        let nearest = error?.details?["nearest"]?.array ?? []
        #expect((1...5).contains(nearest.count))
        #expect(nearest.first?["productCode"]?.string == "milk-001")
        let unlike = refusal { try shop.carts.add(1, of: "zzz", for: ada) }
        #expect(unlike?.details?["nearest"] == [])
        #expect(unlike?.message.contains("none with a similar one") == true)
        let byWord = refusal { try shop.carts.add(1, of: "yogurt", for: ada) }
        #expect(byWord?.details?["nearest"]?[0]?["productCode"]?.string == "yogurt-001")
    }

    @Test func whereNothingIsSoldNothingIsNamed() throws {
        let shop = try Shop()
        try shop.execute("UPDATE product SET withdrawn = 1")
        let code = refusal { try shop.carts.add(1, of: "milk-001", for: ada) }
        #expect(code?.message == "There is no product with this productCode, and the shop has no others now.")
        let category = refusal { try shop.deals.inForce(in: "dairy", waiting: .seconds(5)) }
        #expect(category?.message == "There is no such category: the shop has no products now.")
    }

    @Test func anUnknownCategoryIsAnsweredWithThoseThereAre() throws {
        let shop = try Shop()
        try shop.execute("UPDATE product SET withdrawn = 1 WHERE category <> 'dairy'")
        try shop.execute("UPDATE product SET category = 'toys' WHERE code = 'milk-001'")
        let error = refusal { try shop.deals.inForce(in: "seafood", waiting: .seconds(5)) }
        #expect(error?.kind == .notFound)
        #expect(error?.message == "There is no such category. The categories are: dairy, toys.")
        #expect(error?.details?["categories"] == ["dairy", "toys"])
    }

    @Test func stockIsTheLimit() throws {
        let shop = try Shop()
        let none = refusal { try shop.carts.add(1, of: "corn-001", for: ada) }
        #expect(none?.kind == .conflict && none?.details?["available"] == 0)
        _ = try shop.carts.add(4, of: "cake-002", for: ada)
        let tooMany = refusal { try shop.carts.add(2, of: "cake-002", for: ada) }
        #expect(tooMany?.details?["available"] == 5 && tooMany?.details?["inCart"] == 4)
        #expect(tooMany?.message.contains("1 or fewer") == true)
        #expect(try shop.carts.view(for: ada).itemCount == 4)
    }

    @Test func aRepeatedRequestCountsOnce() throws {
        let shop = try Shop()
        let first = try shop.carts.add(2, of: "milk-001", for: ada.with(key: "k"))
        #expect(try shop.carts.add(2, of: "milk-001", for: ada.with(key: "k")) == first)
        #expect(try shop.carts.view(for: ada).itemCount == 2)
    }

    @Test func whatIsGoneFromStockIsNotPartOfTheTotal() throws {
        let shop = try Shop()
        _ = try shop.carts.add(5, of: "cake-002", for: ada)
        _ = try shop.carts.add(1, of: "milk-001", for: ada)
        try shop.execute("UPDATE product SET stock = 2 WHERE code = 'cake-002'")
        try shop.execute("UPDATE product SET withdrawn = 1 WHERE code = 'milk-001'")
        let cart = try shop.carts.view(for: ada)
        #expect(cart.lines.map(\.quantity) == [2])
        #expect(cart.shortages.map(\.code) == ["cake-002", "milk-001"])
        #expect(cart.shortages.map(\.available) == [2, 0])
    }

    @Test func parallelAdditionsLoseNothing() async throws {
        let folder = try TemporaryFolder()
        let shops = try (0..<2).map { _ in try Shop(folder: folder) }
        let added = try await withThrowingTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for _ in 0..<25 { _ = try shops[worker % 2].carts.add(1, of: "milk-001", for: ada) }
                    return 25
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(try shops[0].carts.view(for: ada).itemCount == added)
    }

    @Test func cartsSurviveTheirEncoding() throws {
        let shop = try Shop()
        _ = try shop.carts.add(3, of: "berries-001", for: ada)
        let cart = try shop.carts.view(for: ada)
        #expect(try Cart.schema.decode(Cart.schema.encode(cart)) == cart)
    }
}

struct EditDistanceTests {
    @Test(arguments: [("", "", 0), ("milk", "", 4), ("milk", "mlik", 2), ("kitten", "sitting", 3), ("a", "b", 1)])
    func counts(left: String, right: String, distance: Int) {
        #expect(EditDistance.distance(Array(left.utf8), Array(right.utf8)) == distance)
        #expect(EditDistance.distance(Array(right.utf8), Array(left.utf8)) == distance)
    }
}
