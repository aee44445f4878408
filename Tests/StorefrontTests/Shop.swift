// A store in a folder of its own, with everything that tests do to it.

import Foundation
import Storefront
import Testing
import ToolSDK

@testable import Storefront

/// Removed, with all it holds, when the last one who uses it lets go.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "storefront-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
        return path + "/" + name
    }
}

struct Shop: Sendable {
    let folder: TemporaryFolder
    let store: Store
    let carts: Carts
    let methods: PaymentMethods
    let orders: Orders
    let deals: Deals

    /// A store that was opened once: filling one takes longer than most tests.
    private static let seeded = Result {
        let folder = try TemporaryFolder()
        _ = try Store(directory: folder.path)
        return folder
    }

    init(today: CalendarDay? = nil) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(
            atPath: Self.seeded.get().path + "/storefront.db", toPath: folder.path + "/storefront.db")
        try self.init(folder: folder, today: today)
    }

    /// Another pack, or another process, on the same store.
    init(folder: TemporaryFolder, today: CalendarDay? = nil) throws {
        self.folder = folder
        store = try Store(directory: folder.path)
        let clock: @Sendable () -> CalendarDay = { today ?? .today }
        carts = Carts(store, today: clock)
        methods = PaymentMethods(store)
        orders = Orders(store, today: clock)
        deals = Deals(store, today: clock)
    }

    func execute(_ sql: String) throws {
        try store.write(waiting: .seconds(5)) { _ = try $0.execute(sql) }
    }

    func count(_ table: String) throws -> Int {
        try store.read(waiting: .seconds(5)) { try $0.row("SELECT COUNT(*) FROM \(table)") { $0.integer(0) } ?? -1 }
    }

    func value(_ query: String) throws -> String? {
        try store.read(waiting: .seconds(5)) { try $0.row(query) { $0.text(0) } }
    }

    func stock(of code: String) throws -> Int? {
        try store.read(waiting: .seconds(5)) { try Catalogue.product(code: code, $0)?.stock }
    }

    /// A cart of two bottles of milk, and a way to pay for it.
    func fillCart(of caller: Caller) throws {
        _ = try methods.add(.creditCard, nickname: nil, reference: nil, for: Caller(principal: caller.principal))
        _ = try carts.add(2, of: "milk-001", for: Caller(principal: caller.principal))
    }
}

let ada = Caller(principal: "ada")

extension Caller {
    func with(key: String) -> Caller { Caller(principal: principal, idempotencyKey: key) }
}

/// The error that a tool would answer.
func refusal(_ body: () throws -> some Any, sourceLocation: SourceLocation = #_sourceLocation) -> ToolError? {
    #expect(throws: ToolError.self, sourceLocation: sourceLocation) { _ = try body() }
}

extension CartAddition {
    /// As add_to_cart states it.
    static let output = schema.orWords("CartAddition")
}
