// The four packs together, through HTTP, as a model would use them.

import Dispatch
import JSON
import Synchronization
import Testing

@Suite("Shopping", .host(PackSource.shop))
struct ShoppingTests {
    /// A shopper with a cart of their own.
    private func shopper(_ name: String = #function, line: Int = #line) -> [String: String] {
        ["openai-ephemeral-user-id": "\(name.prefix { $0 != "(" })-\(line)"]
    }

    @Test("From search to order")
    func flow() throws {
        let (host, me) = (try RunningHost.current, shopper())
        let found = try host.call("search_products", #"{"query":"milk","category":"dairy","limit":10}"#, me)
        #expect(found.status == 200)
        let code = try #require(found.json?["products"]?[0]?["productCode"]?.string)
        #expect(found.text.contains("milk-001") && code.hasPrefix("milk-"))
        #expect(try host.call("get_deals", #"{"category":"produce"}"#, me).status == 200)
        #expect(try host.call("add_to_cart", #"{"productCode":"milk-001","quantity":2}"#, me).status == 200)
        let cart = try #require(try host.call("view_cart", "{}", me).json)
        let summary = try #require(cart["summary"]?.string)
        #expect(summary.hasPrefix("2 items, total $"))
        let order = JSONValue.object(["cartSummary": .string(summary)]).description

        let unpaid = try host.call("checkout", order, me)
        #expect(unpaid.status == 409)
        #expect(unpaid.text.contains("add_payment_method"))
        #expect(try host.call("add_payment_method", #"{"type":"credit_card"}"#, me).status == 200)

        let wrong = try host.call("checkout", #"{"cartSummary":"2 items, total $0.01"}"#, me)
        #expect(wrong.status == 409)
        #expect(wrong.text.contains(summary))
        let placed = try host.call("checkout", order, me)
        #expect(placed.status == 200, "\(placed.text)")
        #expect(try host.call("checkout", order, me).status == 409)
        #expect(try host.call("view_cart", "{}", me).json?["summary"]?.string?.hasPrefix("0 items") == true)
    }

    @Test("Search: category, limit and plural", arguments: [("milk", 3), ("apples", 5), ("APPLE", 1), ("tomatoes", 2)])
    func search(_ query: String, _ limit: Int) throws {
        let answer = try RunningHost.current.call("search_products", #"{"query":"\#(query)","limit":\#(limit)}"#)
        #expect(answer.status == 200)
        let products = try #require(answer.json?["products"]?.array, "\(answer.text)")
        #expect((1...limit).contains(products.count))
        #expect((answer.json?["total"]?.int64 ?? 0) >= Int64(products.count))
    }

    @Test("An unknown product is not found, with the nearest codes")
    func unknownProduct() throws {
        let answer = try RunningHost.current.call("add_to_cart", #"{"productCode":"mlik-001"}"#, shopper())
        #expect(answer.status == 404)
        #expect(answer.text.contains("milk-001"))
    }

    @Test(
        "Arguments out of range are refused by the schema",
        arguments: [
            ("add_to_cart", #"{"productCode":"milk-001","quantity":0}"#, "/quantity"),
            ("add_to_cart", #"{"productCode":"milk-001","quantity":100}"#, "/quantity"),
            ("add_to_cart", #"{"productCode":"milk-001","quantity":1.5}"#, "/quantity"),
            ("search_products", #"{"query":"milk","limit":51}"#, "/limit"),
            ("search_products", #"{"limit":5}"#, ""),
            ("add_payment_method", #"{"type":"barter"}"#, "/type"),
        ])
    func ranges(_ tool: String, _ arguments: String, _ pointer: String) throws {
        let answer = try RunningHost.current.call(tool, arguments, shopper())
        #expect(answer.status == 422, "\(answer.text)")
        #expect(answer.text.contains(pointer))
    }

    @Test("A card number is refused and never written, to log or disk")
    func cardNumber() throws {
        let host = try RunningHost.current
        let number = "4111111111111111"
        for arguments in [
            #"{"type":"credit_card","reference":"\#(number)"}"#,
            #"{"type":"credit_card","label":"4111 1111 1111 1111"}"#,
            #"{"type":"\#(number)"}"#, #"{"type":"credit_card","number":"\#(number)"}"#,
        ] {
            let answer = try host.call("add_payment_method", arguments, shopper())
            #expect((400..<500).contains(answer.status), "\(answer.text)")
        }
        let written = try run("/bin/grep", ["-rlaE", "4111 ?1111 ?1111 ?1111", host.scratch.path])
        #expect(written.output.isEmpty, "\(written.output)")
    }

    @Test("Carts are apart, by user and by conversation's user")
    func apart() throws {
        let host = try RunningHost.current
        #expect(try host.call("add_to_cart", #"{"productCode":"milk-001"}"#, shopper("a")).status == 200)
        let other = try host.call("view_cart", "{}", shopper("b"))
        #expect(other.json?["summary"]?.string?.hasPrefix("0 items") == true)
    }

    @Test("Parallel additions lose nothing")
    func parallel() throws {
        let (host, me) = (try RunningHost.current, shopper())
        let failed = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 24) { _ in
            let answer = try? host.call("add_to_cart", #"{"productCode":"milk-001","quantity":1}"#, me)
            if answer?.status != 200 { failed.withLock { $0.append(answer?.text ?? "nothing") } }
        }
        #expect(failed.withLock { $0 } == [])
        let cart = try host.call("view_cart", "{}", me)
        #expect(cart.json?["summary"]?.string?.hasPrefix("24 items") == true, "\(cart.text)")
    }

    @Test("The same idempotency key gives the same answer, another payload a 422")
    func idempotency() throws {
        let (host, me) = (try RunningHost.current, shopper())
        _ = try host.call("add_payment_method", #"{"type":"credit_card"}"#, me)
        _ = try host.call("add_to_cart", #"{"productCode":"milk-001"}"#, me)
        let summary = try #require(try host.call("view_cart", "{}", me).json?["summary"]?.string)
        let order = JSONValue.object(["cartSummary": .string(summary)]).description
        var fields = me
        fields["Idempotency-Key"] = "\"order-1\""
        let first = try host.call("checkout", order, fields)
        #expect(first.status == 200)
        let again = try host.call("checkout", order, fields)
        #expect(again.status == 200)
        #expect(again.json == first.json)
        #expect(try host.call("checkout", #"{"cartSummary":"9 items, total $9.99"}"#, fields).status == 422)
        fields["openai-ephemeral-user-id"] = "another"
        #expect(try host.call("checkout", order, fields).status == 409)
    }

    @Test("One idempotency key from several connections at once places one order")
    func idempotencyInParallel() throws {
        let (host, me) = (try RunningHost.current, shopper())
        _ = try host.call("add_payment_method", #"{"type":"credit_card"}"#, me)
        _ = try host.call("add_to_cart", #"{"productCode":"milk-001"}"#, me)
        let summary = try #require(try host.call("view_cart", "{}", me).json?["summary"]?.string)
        let order = JSONValue.object(["cartSummary": .string(summary)]).description
        let fields = me.merging(["Idempotency-Key": "once"]) { $1 }
        let orders = Mutex<Set<String>>([])
        let others = Mutex<Set<Int>>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            guard let answer = try? host.call("checkout", order, fields) else { return }
            if let id = answer.json?["orderId"]?.string {
                orders.withLock { _ = $0.insert(id) }
            } else {
                others.withLock { _ = $0.insert(answer.status) }
            }
        }
        #expect(orders.withLock { $0.count } == 1)
        // Still running: 409 is the only other answer.
        #expect(others.withLock { $0 }.isSubset(of: [409]))
    }
}
