// The index in memory follows the store, whichever connection changed it.

import Dispatch
import Synchronization
import Testing

@testable import Storefront

struct CatalogueFollowerTests {
    private let line =
        #"{"code":"milk-001","name":"Oat Drink","category":"dairy","description":"Oats.","price":2,"stock":9}"#

    @Test func followsTheProductFile() throws {
        let shop = try Shop()
        let follower = try CatalogueFollower(shop.store, interval: nil)
        #expect(follower.current.index.products.count == 356)
        try Catalogue.loadProducts(from: shop.folder.write(line, to: "p.jsonl"), into: Shop(folder: shop.folder).store)
        #expect(follower.current.index.products.count == 356, "nobody looked yet")
        try follower.refresh()
        #expect(follower.current.index.search("oats", limit: 5).total == 1)
        #expect(follower.current.index.search("bread", limit: 5).total == 0)
    }

    @Test func followsTheStock() throws {
        let shop = try Shop()
        let follower = try CatalogueFollower(shop.store, interval: nil)
        let milk = try #require(follower.current.index.document(code: "milk-001"))
        let before = follower.current.stock[milk]
        try shop.fillCart(of: ada)
        _ = try shop.orders.place(confirming: "2 items, total $12.50", for: ada)
        let index = follower.current.index
        try follower.refresh()
        #expect(follower.current.stock[milk] == before - 2)
        #expect(follower.current.index === index, "an order does not build the index anew")
    }

    @Test func followsTheDealsAndTheDay() throws {
        let shop = try Shop()
        let day = Day("2026-01-01")
        let follower = try CatalogueFollower(shop.store, interval: nil, today: { day.value })
        let bacon = try #require(follower.current.index.document(code: "bacon-001"))
        #expect(follower.current.headlines[bacon]?.code == "deal-020")
        day.set("2031-01-01")
        try follower.refresh()
        #expect(follower.current.headlines[bacon] == nil)
        let deal = #"{"code":"d-1","title":"Half off bacon","product":"bacon-001","percentOff":50}"#
        try Catalogue.loadDeals(from: shop.folder.write(deal, to: "d.jsonl"), into: shop.store)
        try follower.refresh()
        #expect(follower.current.headlines[bacon]?.title == "Half off bacon")
    }

    @Test func aStoreThatBreaksIsReportedAndTheIndexStays() async throws {
        let shop = try Shop()
        let reports = Mutex<[String]>([])
        try await confirmation { reported in
            let follower = try CatalogueFollower(
                shop.store, interval: .milliseconds(1),
                onError: { error in
                    reports.withLock { $0.append("\(error)") }
                    reported()
                })
            try shop.execute("ALTER TABLE revision RENAME TO elsewhere")
            while reports.withLock({ $0.isEmpty }) { await Task.yield() }
            #expect(throws: StoreError.self) { try follower.refresh() }
            #expect(throws: StoreError.self) { try follower.refresh() }
            #expect(follower.current.index.search("milk", limit: 1).total > 1)
            follower.stop()
        }
        #expect(reports.withLock(\.first)?.contains("no such table: revision") == true)
    }

    @Test func followsByItselfUntilItIsStopped() async throws {
        let shop = try Shop()
        let follower = try CatalogueFollower(shop.store, interval: .milliseconds(1))
        try Catalogue.loadProducts(from: shop.folder.write(line, to: "p.jsonl"), into: shop.store)
        while follower.current.index.products.count != 1 { await Task.yield() }
        follower.stop()
        try Catalogue.loadProducts(from: nil, into: shop.store)
        #expect(follower.current.index.products.count == 1)
    }
}

/// A day that a test sets.
private final class Day: Sendable {
    private let day: Mutex<CalendarDay>

    init(_ text: String) {
        day = Mutex(CalendarDay(text) ?? .today)
    }

    var value: CalendarDay { day.withLock { $0 } }

    func set(_ text: String) {
        day.withLock { $0 = CalendarDay(text) ?? $0 }
    }
}
