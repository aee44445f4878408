// Data files: what ships is sound, and a bad one is named by file, line and field and changes nothing.

import Foundation
import Testing

@testable import Storefront

struct DataFileTests {
    private static let good =
        #"{"code":"tea-001","name":"Tea","category":"beverages","description":"Hot.","price":1.25,"stock":3}"#

    private func product(_ change: (inout [String: Any]) -> Void) throws -> String {
        var object: [String: Any] = [
            "code": "tea-002", "name": "Tea 2", "category": "beverages", "description": "Hot.", "price": 2, "stock": 3,
        ]
        change(&object)
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    private func failure(_ text: String) throws -> DataFileError {
        let file = DataFile(name: "products.jsonl", bytes: Array(text.utf8))
        return try #require(throws: DataFileError.self) { try file.products() }
    }

    @Test(
        arguments: [
            ("code", "Tea 1"), ("code", ""), ("name", ""), ("name", 7), ("category", "Hot Drinks"), ("price", "2.00"),
            ("price", -1), ("price", 1.005), ("price", 2e6), ("stock", -1), ("stock", 1.5), ("colour", "green"),
        ] as [(String, any Sendable)])
    func namesLineAndField(field: String, value: any Sendable) throws {
        let error = try failure(Self.good + "\n\n" + (try product { $0[field] = value }) + "\n")
        #expect(error.line == 3)
        #expect(error.field == field)
        #expect(error.description.hasPrefix("products.jsonl, line 3, field \"\(field)\": "))
    }

    @Test(arguments: ["code", "name", "category", "description", "price", "stock"])
    func namesWhatIsMissing(field: String) throws {
        let error = try failure(try product { $0[field] = nil })
        #expect(error.line == 1 && error.field == field && error.reason == "is missing")
    }

    @Test func namesBrokenJSONAndDuplicates() throws {
        #expect(try failure(Self.good + "\n{\"code\":").line == 2)
        #expect(try failure("[]").reason == "must be a JSON object")
        let twice = try failure(Self.good + "\n" + Self.good)
        #expect(twice.line == 2 && twice.field == "code" && twice.reason.contains("line 1"))
        #expect(try failure("\n\n").line == nil)
    }

    @Test(arguments: [
        (#"{"code":"d","title":"t"}"#, "product"),
        (#"{"code":"d","title":"t","product":"a","category":"b","percentOff":5}"#, "product"),
        (#"{"code":"d","title":"t","category":"b"}"#, "percentOff"),
        (#"{"code":"d","title":"t","category":"b","percentOff":5,"amountOff":1}"#, "percentOff"),
        (#"{"code":"d","title":"t","category":"b","percentOff":0}"#, "percentOff"),
        (#"{"code":"d","title":"t","category":"b","buy":2}"#, "getFree"),
        (#"{"code":"d","title":"t","category":"b","percentOff":5,"startsOn":"2026-02-30"}"#, "startsOn"),
        (#"{"code":"d","title":"t","category":"b","percentOff":5,"weekday":1}"#, "weekday"),
    ])
    func namesWhatIsWrongWithADeal(line: String, field: String) throws {
        let error = try #require(throws: DataFileError.self) {
            try DataFile(name: "deals.jsonl", bytes: Array(line.utf8)).deals()
        }
        #expect(error.line == 1 && error.field == field)
    }

    @Test func aBadFileChangesNothing() throws {
        let shop = try Shop()
        let path = try shop.folder.write(Self.good + "\n{}", to: "bad.jsonl")
        #expect(throws: DataFileError.self) { try Catalogue.loadProducts(from: path, into: shop.store) }
        #expect(throws: DataFileError.self) {
            try Catalogue.loadProducts(from: shop.folder.path + "/none.jsonl", into: shop.store)
        }
        #expect(try shop.stock(of: "milk-001") == 480)
        #expect(try shop.stock(of: "tea-001") == 45)
    }

    @Test func aFileIsLoadedWhenItsContentChanged() throws {
        let shop = try Shop()
        let path = try shop.folder.write(Self.good, to: "p.jsonl")
        #expect(try Catalogue.loadProducts(from: path, into: shop.store))
        #expect(try shop.stock(of: "milk-001") == nil)
        #expect(try shop.stock(of: "tea-001") == 3)
        try shop.execute("UPDATE product SET stock = 1 WHERE code = 'tea-001'")
        #expect(try !Catalogue.loadProducts(from: path, into: shop.store), "the same content again")
        #expect(try shop.stock(of: "tea-001") == 1, "what was sold stays sold")
        _ = try Shop(folder: shop.folder)
        #expect(try shop.stock(of: "milk-001") == nil, "opening the store does not bring the built-in data back")
        #expect(try Catalogue.loadProducts(from: nil, into: shop.store))
        #expect(try shop.stock(of: "milk-001") == 480)
    }
}

struct BuiltInDataTests {
    @Test func theCatalogueIsAsPromised() throws {
        let products = try DataFile.builtInProducts.products()
        #expect(products.count >= 300)
        #expect(Set(products.map(\.code)).count == products.count)
        #expect(Set(products.map(\.name)).count == products.count)
        #expect(Set(products.map(\.description)).count == products.count)
        let categories = Dictionary(grouping: products, by: \.category)
        #expect(categories.count == 10)
        #expect(categories.values.allSatisfy { $0.count >= 30 })
        #expect(categories["dairy"] != nil && categories["produce"] != nil)
        #expect(products.allSatisfy { (49...2500).contains($0.price.minorUnits) })
        #expect(products.filter { $0.code.hasPrefix("milk-") }.count >= 5)
        #expect(products.contains { $0.code == "milk-001" && $0.stock > 0 })
    }

    @Test func theDealsAreAsPromised() throws {
        let products = try DataFile.builtInProducts.products()
        let deals = try DataFile.builtInDeals.deals()
        #expect(deals.count == 20)
        #expect(deals.allSatisfy { deal in products.contains { deal.applies(to: $0) } })
        #expect(
            deals.allSatisfy { deal in
                products.filter { deal.applies(to: $0) }.allSatisfy {
                    deal.discount(price: $0.price, quantity: deal.groupSize) > .zero
                }
            })
    }
}
