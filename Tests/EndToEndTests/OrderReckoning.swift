// What is in the store in the end, held against what shoppers were told.

import JSON
import Testing

extension OrderLedger {
    /// Holds the store against what the shoppers were told.
    func reckon(database: String, stock: Int64) throws {
        let program = """
            import json, sqlite3, sys
            store = sqlite3.connect(sys.argv[1])
            def rows(statement): return store.execute(statement).fetchall()
            print(json.dumps({
                "integrity": rows("PRAGMA integrity_check")[0][0],
                "dangling": len(rows("PRAGMA foreign_key_check")),
                "orders": [row[0] for row in rows("SELECT id FROM customer_order")],
                "half": rows(\"\"\"
                    SELECT o.id FROM customer_order o LEFT JOIN order_line l ON l.order_id = o.id GROUP BY o.id
                    HAVING count(l.product_code) = 0 OR sum(l.quantity) <> o.item_count
                        OR sum(l.quantity * l.unit_price) <> o.subtotal OR sum(l.discount) <> o.discount
                        OR o.subtotal - o.discount <> o.total\"\"\"),
                "stray": rows("SELECT order_id FROM order_line WHERE order_id NOT IN (SELECT id FROM customer_order)"),
                "answers": rows("SELECT count(*) FROM answer WHERE tool = 'checkout'")[0][0],
                "sold": rows("SELECT sum(quantity) FROM order_line")[0][0],
                "stock": rows("SELECT stock FROM product WHERE code = 'kill-001'")[0][0],
            }))
            """
        let result = try run(Setup.python, ["-c", program, database])
        let store = try #require(try? JSONValue(parsing: result.output), "\(result.errors)")
        #expect(store["integrity"]?.string == "ok")
        #expect(store["dangling"]?.int64 == 0)
        #expect(store["half"]?.array == [])
        #expect(store["stray"]?.array == [])
        let stored = (store["orders"]?.array ?? []).compactMap(\.string)
        #expect(stored.count == Set(stored).count)
        // Each key was acknowledged in the end, with an order of its own; and there are no orders beside those.
        #expect(Set(stored) == Set(orders.values))
        #expect(Set(orders.values).count == orders.count)
        #expect(store["answers"]?.int64 == Int64(orders.count))
        #expect(store["stock"]?.int64 == stock - (store["sold"]?.int64 ?? 0))
    }
}
