// What deals take off, and which of several counts.

import JSON
import Testing
import ToolSDK

@testable import Storefront

struct DealTests {
    private let jam = Product(
        code: "jam-001", name: "Jam", category: "pantry", description: "Sweet.", price: Money(minorUnits: 333),
        stock: 99)

    private func deal(_ code: String, _ terms: Deal.Terms, _ target: Deal.Target = .product(code: "jam-001")) -> Deal {
        Deal(code: code, title: code, target: target, terms: terms)
    }

    @Test(arguments: [
        (Deal.Terms.percentOff(10), 1, 33), (.percentOff(10), 5, 167), (.percentOff(100), 2, 666),
        (.amountOff(Money(minorUnits: 100)), 3, 300), (.amountOff(Money(minorUnits: 1000)), 2, 666),
        (.buy(2, free: 1), 2, 0), (.buy(2, free: 1), 3, 333), (.buy(2, free: 1), 5, 333), (.buy(2, free: 1), 6, 666),
        (.buy(4, free: 2), 5, 333), (.buy(1, free: 1), 1, 0),
    ])
    func takesOff(terms: Deal.Terms, quantity: Int, cents: Int) {
        #expect(deal("d", terms).discount(price: jam.price, quantity: quantity).minorUnits == cents)
    }

    /// A percentage is rounded once a line, not once an item: 10 % of 5 × $3.33 is $1.67, not 5 × $0.33.
    @Test func percentagesAreRoundedOnceALine() {
        let cart = Cart([(jam, 5)], deals: [deal("d", .percentOff(10))])
        #expect(cart.discount.minorUnits == 167)
        #expect(cart.total.minorUnits == 1498)
    }

    @Test func theBestDealCountsAlone() {
        let deals = [
            deal("a", .percentOff(10)), deal("b", .buy(2, free: 1)), deal("c", .percentOff(50), .category("dairy")),
        ]
        #expect(deals.best(for: jam, quantity: 2)?.deal.code == "a")
        #expect(deals.best(for: jam, quantity: 3)?.deal.code == "b")
        #expect(deals.best(for: jam, quantity: 3)?.discount.minorUnits == 333)
    }

    @Test func ofEqualDealsTheSmallerCodeCounts() {
        for codes in [["x", "y"], ["y", "x"]] {
            let deals = codes.map { deal($0, .percentOff(10)) }
            #expect(deals.best(for: jam, quantity: 1)?.deal.code == "x")
            #expect(deals.headline(for: jam)?.code == "x")
        }
    }

    @Test func theHeadlineIsTheDealThatTakesMostOffEach() {
        let deals = [deal("a", .percentOff(30)), deal("b", .buy(2, free: 1)), deal("c", .buy(4, free: 1))]
        #expect(deals.headline(for: jam)?.code == "b")
        #expect([Deal]().headline(for: jam) == nil)
    }

    @Test(arguments: [("2026-03-01", false), ("2026-03-02", true), ("2026-03-05", true), ("2026-03-06", false)])
    func bothEndsAreInForce(day: String, expected: Bool) throws {
        let deal = Deal(
            code: "d", title: "d", target: .category("pantry"), terms: .percentOff(5), startsOn: "2026-03-02",
            endsOn: "2026-03-05")
        #expect(deal.isInForce(on: try #require(CalendarDay(day))) == expected)
    }

    @Test func getDealsAnswersByCategoryAndDay() throws {
        let shop = try Shop(today: CalendarDay("2031-01-01"))
        let all = try shop.deals.inForce(in: nil, waiting: .seconds(5))
        #expect(all.count == 19, "one of the twenty ended in 2030")
        let produce = try shop.deals.inForce(in: "Produce", waiting: .seconds(5))
        #expect(produce.map(\.category) == ["produce", "produce", "produce"])
        #expect(produce.compactMap(\.productCode) == ["berries-001", "avocado-001"])
        let error = refusal { try shop.deals.inForce(in: "toys", waiting: .seconds(5)) }
        #expect(error?.kind == .notFound)
        #expect(error?.details?["categories"]?.array?.count == 10)
    }

    @Test func dealsOnWhatIsNotSoldAreLeftOut() throws {
        let shop = try Shop()
        let line = #"{"code":"tea-001","name":"Tea","category":"beverages","description":"Hot.","price":1,"stock":1}"#
        try Catalogue.loadProducts(from: shop.folder.write(line, to: "p.jsonl"), into: shop.store)
        #expect(try shop.deals.inForce(in: nil, waiting: .seconds(5)).isEmpty)
    }
}
