// Answers that another release kept under an idempotency key: given again in the terms of today, and never done again.

import JSON
import JSONSchema
import Testing
import ToolSDK

@testable import Storefront

struct KeptAnswerTests {
    /// What a tool answered in one release, and what it answers in the next.
    private struct Bought: Sendable, Equatable {
        var code: String
        var lines: [String]

        private static func line(_ name: String) -> Schema<String> {
            .object(Property(name, { $0 }, .string(), "Code"), make: { $0 })
        }

        private static func schema(_ name: String) -> Schema<Bought> {
            .object(
                Property(name, \.code, .string(), "Code"),
                Property("lines", \.lines, .array(of: line(name)), "Lines"),
                make: Bought.init)
        }

        static let before = schema("code")
        static let now = schema("productCode")
    }

    private static let bought = Bought(code: "milk-001", lines: ["milk-001", "tea-001"])

    private func once<Answer: Sendable>(
        _ shop: Shop, _ schema: Schema<Answer>, _ body: () throws -> Answer
    ) throws -> Reply<Answer> {
        try shop.store.once("buy", ada.with(key: "k"), payload: "p", schema: schema) { _ in try body() }
    }

    @Test func anAnswerWithTheNamesOfBeforeIsGivenWithThoseOfToday() throws {
        let shop = try Shop()
        _ = try once(shop, Bought.before) { Self.bought }
        #expect(
            try shop.value("SELECT CAST(content AS TEXT) FROM answer")
                == #"{"code":"milk-001","lines":[{"code":"milk-001"},{"code":"tea-001"}]}"#)
        let upgraded = try Shop(folder: shop.folder)
        let reply = try once(upgraded, Bought.now) {
            Issue.record("it was done again")
            return Self.bought
        }
        #expect(reply == .whole(Self.bought))
        // The way back: the release of before knows no name of today, and is told so by what it can show.
        let downgraded = try once(shop, Bought.before) { Bought(code: "", lines: []) }
        #expect(downgraded == .whole(Self.bought), "what was kept stays as it was")
    }

    /// Whatever a later or an earlier release answered, what is given fits the tool's output schema, or the host would
    /// make an error of it.
    @Test(arguments: [
        #"{"orderId":"A-1","sum":12}"#, #"{"order":{"id":"A-1"}}"#, #"["A-1"]"#, "7", "{}",
        #"{"orderId":"A-1","items":"two"}"#, #"{"orderId":"A-1","itemCount":0}"#,
    ])
    func anAnswerOfAnotherFormIsGivenInWords(kept: String) throws {
        let shop = try Shop()
        try shop.fillCart(of: ada)
        _ = try shop.orders.place(confirming: "2 items, total $12.50", for: ada.with(key: "k"))
        try shop.execute("UPDATE answer SET content = CAST('\(kept)' AS BLOB)")
        let reply = try shop.orders.place(confirming: "2 items, total $12.50", for: ada.with(key: "k"))
        let output = Order.schema.orWords("Order")
        let answer = try JSONValue(parsing: output.encode(reply))
        #expect(try CompiledSchema(output.jsonSchema(for: .output)).isValid(JSONDocument(answer)))
        let text = try #require(answer["text"]?.string)
        #expect(text.hasPrefix("This was done when it was first asked for.") && text.hasSuffix(kept))
        #expect(answer["orderId"] == (kept.contains("orderId") ? "A-1" : nil))
        #expect(try shop.count("customer_order") == 1)
    }

    /// As version 1.0.0 of the packs wrote them.
    private static let first: [(tool: String, content: String)] = [
        (
            "add_to_cart",
            #"{"productCode":"milk-001","name":"Organic Whole Milk, 1 gal","added":2,"inCart":2,"summary":"2 items, total $12.50"}"#
        ),
        ("add_payment_method", #"{"id":"PAY-3F8H-T0WZ-6N1C","type":"paypal","nickname":"mine","reference":"ba_7Qx"}"#),
        (
            "checkout",
            """
            {"orderId":"ORD-7K2M-9QXT-4B3D","items":[{"productCode":"milk-001","name":"Organic Whole Milk, 1 gal",\
            "quantity":2,"unitPrice":{"minorUnits":625,"currency":"USD","text":"$6.25"},\
            "discount":{"minorUnits":0,"currency":"USD","text":"$0.00"},\
            "total":{"minorUnits":1250,"currency":"USD","text":"$12.50"}}],"itemCount":2,\
            "subtotal":{"minorUnits":1250,"currency":"USD","text":"$12.50"},\
            "discount":{"minorUnits":0,"currency":"USD","text":"$0.00"},\
            "total":{"minorUnits":1250,"currency":"USD","text":"$12.50"},\
            "paymentMethod":{"id":"PAY-3F8H-T0WZ-6N1C","type":"paypal","nickname":"mine","reference":"ba_7Qx"},\
            "summary":"2 items, total $12.50"}
            """
        ),
    ]

    private func call(_ tool: String, on shop: Shop) throws -> [UInt8] {
        let caller = ada.with(key: "k")
        return switch tool {
        case "add_to_cart": CartAddition.output.encode(try shop.carts.add(2, of: "milk-001", for: caller))
        case "add_payment_method":
            PaymentMethod.schema.orWords("AddedPaymentMethod").encode(
                try shop.methods.add(.paypal, nickname: "mine", reference: "ba_7Qx", for: caller))
        default:
            Order.schema.orWords("Order").encode(
                try shop.orders.place(confirming: "2 items, total $12.50", for: caller))
        }
    }

    /// Byte for byte; and what is kept today has the same form, so that 1.0.0 reads it after a downgrade.
    @Test(arguments: first)
    func whatTheFirstVersionKeptIsGivenAsItWas(tool: String, content: String) throws {
        let shop = try Shop()
        #expect(try shop.value("PRAGMA user_version") == "1", "the file is one that 1.0.0 opens")
        let payload = [
            "add_to_cart": "2 milk-001", "add_payment_method": #"["paypal","mine","ba_7Qx"]"#,
            "checkout": "2 items, total $12.50",
        ]
        try shop.store.write(waiting: .seconds(5)) { connection in
            _ = try connection.execute(
                "INSERT INTO answer VALUES ('ada', ?1, 'k', ?2, ?3, ?4)", .text(tool),
                .blob(SHA256.hash(payload[tool, default: ""].utf8)), .blob(Array(content.utf8)), .integer(UnixTime.now))
        }
        #expect(String(decoding: try call(tool, on: shop), as: UTF8.self) == content)
        for table in ["cart_line", "payment_method", "customer_order"] { #expect(try shop.count(table) == 0) }

        let fresh = try Shop()
        if tool == "checkout" {
            _ = try fresh.methods.add(.paypal, nickname: "mine", reference: "ba_7Qx", for: ada)
            _ = try fresh.carts.add(2, of: "milk-001", for: ada)
        }
        _ = try call(tool, on: fresh)
        let kept = try JSONValue(parsing: #require(try fresh.value("SELECT CAST(content AS TEXT) FROM answer")))
        let known = try JSONValue(parsing: content)
        #expect(shape(of: kept) == shape(of: known))
    }

    /// The names of all members, however deep.
    private func shape(of value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.reduce(into: JSONObject()) { $0[$1.key] = shape(of: $1.value) })
        case .array(let elements): .array(elements.map(shape))
        default: true
        }
    }
}
