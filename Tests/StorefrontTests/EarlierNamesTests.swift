// Agents go on saying `code`; callers read `productCode`, wherever it stands.

import JSON
import Testing
import ToolSDK

@testable import Storefront

struct EarlierNamesTests {
    /// Shaped like the output of search_products and, with what stands beside it, of get_deals.
    private struct Found: Sendable {
        struct Hit: Sendable {
            var productCode: String
            var price: Money
        }

        var products: [Hit]
        var deals: [DealInForce]?
        var total: Int

        static let schema = Schema<Found>.object(
            Property(
                "products", \.products,
                .array(
                    of: Schema<Hit>.object(
                        Property("productCode", \.productCode, .string(), "Code"),
                        Property("price", \.price, Money.schema, "Price"),
                        make: Hit.init
                    ).named("Hit")), "Products"),
            Property("deals", \.deals, .array(of: DealInForce.schema), "Deals"),
            Property("total", \.total, .integer(0...), "Total"),
            make: Found.init
        ).orWords("Found")
    }

    private static let found = AgentAnswer(output: Found.schema.jsonSchema(for: .output))
    private static let addition = AgentAnswer(output: CartAddition.output.jsonSchema(for: .output))
    private static let price: JSONValue = ["minorUnits": 625, "currency": "USD", "text": "$6.25"]
    private static let today: JSONValue = ["productCode": "milk-001", "price": price]

    @Test(
        arguments: [
            ["code": "milk-001", "price": price], ["productCode": "milk-001", "price": price],
            ["code": "bread-001", "productCode": "milk-001", "price": price],
            ["productCode": nil, "code": "milk-001", "price": price],
        ] as [JSONValue])
    func eitherNameIsTakenAndTheOneOfTodayHandedOn(product: JSONValue) throws {
        let answer: JSONValue = ["products": [product, product], "total": 2]
        for told in [answer, ["success": true, "result": ["data": answer]]] as [JSONValue] {
            #expect(try Self.found.read(told.bytes()) == ["products": [Self.today, Self.today], "total": 2])
        }
    }

    /// What was wrong under the name of today is not put right by the other one.
    @Test func aNameOfTodayThatDoesNotFitIsNotReplaced() throws {
        let product: JSONValue = ["productCode": 7, "code": "milk-001", "price": Self.price]
        let told = try Self.found.read((["products": [product], "total": 1] as JSONValue).bytes())
        #expect(told["products"] == nil && told["total"] == 1)
        #expect(told["text"]?.string == (["products": [product]] as JSONValue).description, "as it came")
        let odd: JSONValue = ["code": 7, "price": Self.price]
        #expect(try Self.found.read((["products": [odd], "total": 1] as JSONValue).bytes())["products"] == nil)
    }

    /// A deal has a code of its own, which is none of a product.
    @Test func theCodeOfADealStaysOne() throws {
        let deal: JSONValue = ["code": "dairy-10", "title": "10 % off dairy", "category": "dairy"]
        let told = try Self.found.read((["products": [], "deals": [deal], "total": 0] as JSONValue).bytes())
        #expect(told["deals"] == [deal])
    }

    @Test func atTheRootACodeCountsBesideAnotherMemberOnly() throws {
        let answer: JSONValue = [
            "code": "milk-001", "name": "Milk", "added": 2, "inCart": 2, "summary": "2 items, total $12.50",
        ]
        let told = try Self.addition.read(answer.bytes())
        #expect(told["productCode"] == "milk-001" && told["code"] == nil && told["text"] == nil)
        #expect(told.count == 5)
        var other = try #require(answer.object)
        other["code"] = 200
        let without = try Self.addition.read(JSONValue.object(other).bytes())
        #expect(without["productCode"] == nil && without["text"]?.string?.contains("200") == false)
        #expect(without["inCart"] == 2)
        let status: JSONValue = ["code": "OK", "message": "Added 2."]
        #expect(try Self.addition.read(status.bytes()) == ["text": "Added 2."])
        let named: JSONValue = ["code": "OK", "name": "cart-agent", "message": "Added 2."]
        #expect(try Self.addition.read(named.bytes()) == ["text": "Added 2."])
        let number: JSONValue = ["code": 200, "message": "Added 2."]
        #expect(try Self.addition.read(number.bytes()) == ["text": "Added 2."])
    }
}
