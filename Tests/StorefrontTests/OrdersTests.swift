// Checkout: placed once, as a whole, and only what the customer agreed to.

import JSON
import Testing
import ToolSDK

@testable import Storefront

struct OrdersTests {
    private let summary = "2 items, total $12.50"

    @Test func placesTheOrder() throws {
        let shop = try Shop()
        try shop.fillCart(of: ada)
        let stock = try #require(try shop.stock(of: "milk-001"))
        let order = try #require(try shop.orders.place(confirming: summary, for: ada).whole)
        #expect(order.cart.total.minorUnits == 1250)
        #expect(order.payment.kind == .creditCard)
        #expect(try shop.stock(of: "milk-001") == stock - 2)
        #expect(try shop.carts.view(for: ada).itemCount == 0)
        #expect(try shop.count("customer_order") == 1)
        #expect(try shop.count("order_line") == 1)
    }

    @Test func saysWhatIsMissing() throws {
        let shop = try Shop()
        let empty = refusal { try shop.orders.place(confirming: summary, for: ada) }
        #expect(empty?.kind == .conflict && empty?.message.contains("add_to_cart") == true)
        _ = try shop.carts.add(2, of: "milk-001", for: ada)
        let unpaid = refusal { try shop.orders.place(confirming: summary, for: ada) }
        #expect(unpaid?.kind == .conflict && unpaid?.message.contains("add_payment_method") == true)
        #expect(try shop.count("customer_order") == 0)
    }

    @Test(arguments: ["3 items, total $12.50", "2 items, total $12.51", "yes", "2 items"])
    func ordersNothingThatWasNotAgreedTo(text: String) throws {
        let shop = try Shop()
        try shop.fillCart(of: ada)
        let error = refusal { try shop.orders.place(confirming: text, for: ada) }
        #expect(error?.kind == .conflict)
        #expect(error?.details?["cart"]?["summary"]?.string == summary)
        #expect(try shop.count("customer_order") == 0)
        #expect(try shop.carts.view(for: ada).itemCount == 2)
    }

    @Test func stockThatWentMeanwhileIsAConflictWithAWayOut() throws {
        let shop = try Shop()
        try shop.fillCart(of: ada)
        try shop.execute("UPDATE product SET stock = 1 WHERE code = 'milk-001'")
        let error = refusal { try shop.orders.place(confirming: summary, for: ada) }
        #expect(error?.kind == .conflict && error?.message.contains("1 of 2 available") == true)
        let order = try #require(try shop.orders.place(confirming: "1 item, total $6.25", for: ada).whole)
        #expect(order.cart.itemCount == 1)
        #expect(try shop.stock(of: "milk-001") == 0)
    }

    @Test func theLastOneIsSoldOnce() async throws {
        let folder = try TemporaryFolder()
        let shops = try (0..<4).map { _ in try Shop(folder: folder) }
        try shops[0].execute("UPDATE product SET stock = 2 WHERE code = 'milk-001'")
        for number in 0..<4 { try shops[number].fillCart(of: Caller(principal: "customer \(number)")) }
        let sold = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let caller = Caller(principal: "customer \(number)")
                    return (try? shops[number].orders.place(confirming: "2 items, total $12.50", for: caller)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(sold == 1)
        #expect(try shops[0].stock(of: "milk-001") == 0)
    }

    /// Each step of the transaction fails in turn, and nothing of the order is left.
    @Test(arguments: [
        "INSERT ON customer_order", "UPDATE ON product", "INSERT ON order_line", "DELETE ON cart_line",
        "INSERT ON answer",
    ])
    func aFailureAtAnyStepLeavesNothing(step: String) throws {
        let shop = try Shop()
        try shop.fillCart(of: ada)
        let stock = try shop.stock(of: "milk-001")
        try shop.execute("CREATE TRIGGER broken BEFORE \(step) BEGIN SELECT RAISE(ABORT, 'injected'); END")
        let error = #expect(throws: StoreError.self) {
            try shop.orders.place(confirming: summary, for: ada.with(key: "k"))
        }
        #expect(error?.description.contains("injected") == true)
        for table in ["customer_order", "order_line", "answer"] { #expect(try shop.count(table) == 0) }
        #expect(try shop.stock(of: "milk-001") == stock)
        #expect(try shop.carts.view(for: ada).summary.text == summary)

        try shop.execute("DROP TRIGGER broken")
        _ = try shop.orders.place(confirming: summary, for: ada.with(key: "k"))
        #expect(try shop.count("customer_order") == 1)
    }
}

struct IdempotencyTests {
    private let summary = "2 items, total $12.50"

    @Test func theSameKeyHasTheSameAnswer() throws {
        let shop = try Shop()
        try shop.fillCart(of: ada)
        let first = try shop.orders.place(confirming: summary, for: ada.with(key: "k"))
        let second = try Shop(folder: shop.folder).orders.place(confirming: summary, for: ada.with(key: "k"))
        #expect(second == first)
        #expect(try shop.count("customer_order") == 1)
    }

    @Test func theSameKeyWithOtherArgumentsIsInvalid() throws {
        let shop = try Shop()
        try shop.fillCart(of: ada)
        _ = try shop.orders.place(confirming: summary, for: ada.with(key: "k"))
        let error = refusal { try shop.orders.place(confirming: "2 items $12.50", for: ada.with(key: "k")) }
        #expect(error?.kind == .invalid)
    }

    @Test func keysBelongToACallerAndATool() throws {
        let shop = try Shop()
        let bob = Caller(principal: "bob")
        for caller in [ada, bob] { try shop.fillCart(of: caller) }
        let key = "k"
        _ = try shop.carts.add(1, of: "tea-001", for: Caller(principal: "carol", idempotencyKey: key))
        let first = try shop.orders.place(confirming: summary, for: ada.with(key: key))
        let second = try shop.orders.place(confirming: summary, for: bob.with(key: key))
        #expect(first.whole?.id != nil && first.whole?.id != second.whole?.id)
        _ = try shop.methods.add(.paypal, nickname: nil, reference: nil, for: ada.with(key: key))
        #expect(try shop.count("answer") == 4)
    }

    @Test func aFailedCallMayBeSentAgain() throws {
        let shop = try Shop()
        _ = try shop.carts.add(2, of: "milk-001", for: ada)
        let error = refusal { try shop.orders.place(confirming: summary, for: ada.with(key: "k")) }
        #expect(error?.kind == .conflict)
        _ = try shop.methods.add(.paypal, nickname: nil, reference: nil, for: ada)
        #expect(try shop.orders.place(confirming: summary, for: ada.with(key: "k")).whole?.payment.kind == .paypal)
    }

    @Test func aKeyWhoseCallStillRunsIsAConflict() throws {
        let shop = try Shop()
        let keyed = ada.with(key: "k")
        let answer = try shop.store.once("tool", keyed, payload: "p", schema: Schema<String>.string()) { _ in
            let error = refusal {
                try shop.store.once("tool", keyed, payload: "p", schema: Schema<String>.string()) { _ in "inner" }
            }
            #expect(error?.kind == .conflict)
            return "outer"
        }
        #expect(answer == .whole("outer"))
    }

    @Test func parallelRepetitionsPlaceOneOrder() async throws {
        let folder = try TemporaryFolder()
        let shops = try (0..<3).map { _ in try Shop(folder: folder) }
        try shops[0].fillCart(of: ada)
        let ids = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 0..<9 {
                group.addTask {
                    do {
                        return try shops[number % 3].orders.place(
                            confirming: "2 items, total $12.50", for: ada.with(key: "k")
                        ).whole?.id
                    } catch let error as ToolError where error.message.contains("still running") {
                        return nil
                    }
                }
            }
            return try await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
        }
        #expect(ids.count == 1)
        #expect(try shops[0].count("customer_order") == 1)
    }

    @Test func keptAnswersExpire() throws {
        let shop = try Shop()
        _ = try shop.methods.add(.paypal, nickname: nil, reference: nil, for: ada.with(key: "old"))
        try shop.execute("UPDATE answer SET answered_at = answered_at - 8 * 86400")
        _ = try shop.methods.add(.paypal, nickname: nil, reference: nil, for: ada.with(key: "new"))
        #expect(try shop.count("answer") == 1)
    }
}
