// A real store that is really damaged, and a disk that is really full: what callers and the operator are told, and the
// way back.

import Foundation
import JSON
import Storefront
import Synchronization
import Testing
import ToolSDK

@testable import Storefront

/// The lines that the pack would write to the host's log.
private final class Lines: Sendable {
    private let lines = Mutex<[(level: LogLevel, message: String, metadata: [String: String])]>([])

    @Sendable func add(_ level: LogLevel, _ message: String, _ metadata: [String: String]) {
        lines.withLock { $0.append((level, message, metadata)) }
    }

    var messages: [String] { lines.withLock { $0.map(\.message) } }
    var reason: String { lines.withLock { $0.first?.metadata["reason"] ?? "" } }
    var file: String { lines.withLock { $0.first?.metadata["file"] ?? "" } }
}

struct StoreTroubleTests {
    private static let cannot = "The store cannot be used.", can = "The store can be used again."

    /// What may happen to a store's file.
    enum Damage: String, CaseIterable, Sendable {
        case zeros, garbage, truncated, emptied, replacedByNothing, replacedByText, absent, otherTables, absurd

        func happen(to file: String) throws {
            let url = URL(fileURLWithPath: file)
            func overwrite(_ change: (FileHandle, UInt64) throws -> Void) throws {
                let handle = try FileHandle(forUpdating: url)
                try change(handle, handle.seekToEnd())
                try handle.close()
            }
            func put(_ bytes: Data) throws {
                try bytes.write(to: URL(fileURLWithPath: file + ".new"))
                unsafe rename(file + ".new", file)
            }
            switch self {
            case .zeros:
                try overwrite { handle, size in
                    try handle.seek(toOffset: 4096)
                    handle.write(Data(count: Int(size) - 4096))
                }
            case .garbage:
                try overwrite { handle, size in
                    var bytes = Data()
                    for number in 0..<(size - 2048) { bytes.append(UInt8(truncatingIfNeeded: number &* 167 &+ 13)) }
                    try handle.seek(toOffset: 2048)
                    handle.write(bytes)
                }
            case .truncated: try overwrite { try $0.truncate(atOffset: $1 / 4 / 4096 * 4096 + 100) }
            case .emptied: try overwrite { handle, _ in try handle.truncate(atOffset: 0) }
            case .replacedByNothing: try put(Data())
            case .replacedByText: try put(Data(String(repeating: "This is no store.\n", count: 1000).utf8))
            case .absent: unsafe unlink(file)
            case .otherTables:
                try Self.run("ALTER TABLE cart_line RENAME TO basket; ALTER TABLE deal RENAME TO offer", file)
            case .absurd: try Self.run("UPDATE product SET price = 9223372036854775807", file)
            }
        }

        private static func run(_ sql: String, _ file: String) throws {
            let connection = try SQLiteConnection(path: file)
            for statement in sql.split(separator: ";") { try connection.execute(String(statement)) }
        }
    }

    /// Everything is in the database file, and nothing in files beside it.
    private func settle(_ shop: Shop) throws {
        try shop.store.read(waiting: .seconds(5)) { _ in }
        let connection = try shop.store.openConnection(waiting: .seconds(5))
        _ = try connection.row("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) }
    }

    @Test(
        "However it is damaged, callers are told to come later, the operator what to do, and a backup mends it",
        arguments: Damage.allCases)
    func damaged(_ damage: Damage) throws {
        let lines = Lines()
        let made = try Shop()
        let file = made.folder.path + "/storefront.db"
        let store = try Store(directory: made.folder.path, log: lines.add)
        let carts = Carts(store)
        _ = try carts.add(1, of: "milk-001", for: ada)
        try settle(made)
        let backup = try Data(contentsOf: URL(fileURLWithPath: file))

        // Who was here before has pages in memory that are still right, and is kept busy.
        try store.read(waiting: .seconds(5)) { _ in
            try damage.happen(to: file)
            let error = refusal { try carts.add(1, of: "milk-001", for: ada) }
            #expect(error?.kind == .unavailable, "\(String(describing: error))")
            #expect(error?.message.contains("Nothing was changed; try again later") == true)
            #expect(refusal { try carts.view(for: ada) }?.kind == .unavailable)
        }
        #expect(lines.messages == [Self.cannot])
        #expect(lines.file == file)
        #expect(lines.reason.contains("backup") || lines.reason.contains("put "), "\(lines.reason)")

        for name in ["", "-wal", "-shm"] { unsafe unlink(file + name) }
        try backup.write(to: URL(fileURLWithPath: file))
        let cart = try carts.view(for: ada)
        #expect(cart.itemCount == 1)
        _ = try carts.add(1, of: "milk-001", for: ada)
        #expect(lines.messages.last == Self.can)
    }

    @Test("A full disk is told as such, what reads goes on, and room ends it", .enabled(if: SmallDisk.isPermitted))
    func fullDisk() throws {
        let disk = try SmallDisk(kilobytes: 2048)
        let lines = Lines()
        let store = try Store(directory: disk.path, durability: .full, log: lines.add)
        let (carts, methods, orders) = (Carts(store), PaymentMethods(store), Orders(store))
        _ = try methods.add(.paypal, nickname: nil, reference: nil, for: ada)
        _ = try carts.add(2, of: "milk-001", for: ada)
        let summary = try carts.view(for: ada).summary.text
        disk.fill()

        // What the log has room for already is written yet.
        var error: ToolError?
        for number in 0..<1000 where error == nil {
            do {
                _ = try carts.add(1, of: "milk-001", for: Caller(principal: "p\(number)"))
            } catch let refusal as ToolError {
                error = refusal
            }
        }
        #expect(error?.kind == .unavailable && error?.retryAfter != nil)
        #expect(error?.message == "The shop's store is full. Nothing was changed; try again later.")
        #expect(lines.messages == [Self.cannot])
        #expect(lines.reason.contains("database or disk is full") && lines.reason.contains("make room"))

        #expect(try carts.view(for: ada).summary.text == summary)
        let order = refusal { try orders.place(confirming: summary, for: ada.with(key: "once")) }
        #expect(order?.kind == .unavailable)
        #expect(lines.messages == [Self.cannot], "once, however many calls fail, and whoever reads meanwhile")

        disk.makeRoom()
        _ = try orders.place(confirming: summary, for: ada.with(key: "once"))
        #expect(lines.messages == [Self.cannot, Self.can])
        #expect(try carts.view(for: ada).itemCount == 0)
    }

    /// The same without a disk of its own.
    @Test func aStoreThatMayNotGrowIsFull() throws {
        let shop = try Shop()
        let error = refusal {
            try shop.store.write(waiting: .seconds(5)) { connection in
                _ = try connection.row("PRAGMA max_page_count = 1") { $0.integer(0) }
                for number in 0..<1000 {
                    try connection.execute(
                        "INSERT INTO answer VALUES ('p', 't', ?1, x'00', zeroblob(4096), 0)", .text("\(number)"))
                }
            }
        }
        #expect(error?.kind == .unavailable && error?.message.contains("is full") == true)
        #expect(try shop.count("answer") == 0)
        _ = try shop.carts.add(1, of: "milk-001", for: ada)
    }

    /// An error would have its caller ask again, and with another key it would be done again.
    @Test func aKeptAnswerThatCannotBeReadSaysThatItWasDone() throws {
        let lines = Lines()
        let shop = try Shop()
        let carts = Carts(try Store(directory: shop.folder.path, log: lines.add))
        _ = try carts.add(1, of: "milk-001", for: ada.with(key: "k"))
        try shop.execute("UPDATE answer SET content = x'7B'")
        let again = try (0..<3).map { _ in try carts.add(1, of: "milk-001", for: ada.with(key: "k")) }
        let answer = try JSONValue(parsing: CartAddition.output.encode(try #require(again.first)))
        #expect(answer.object?.keys == ["text"])
        #expect(answer["text"]?.string?.hasPrefix("This was done when it was first asked for.") == true)
        #expect(try carts.view(for: ada).itemCount == 1)
        #expect(lines.messages == ["Something in the store cannot be read."], "the store itself can be used all along")
    }

    @Test func aCommitThatMayHaveHappenedIsNotSaidToHaveChangedNothing() {
        let error = StoreError.sqlite(cause: .disk, code: 1034, message: "disk I/O error", file: "f")
        #expect(error.toolError(.undone)?.message.contains("Nothing was changed") == true)
        for isKeyed in [false, true] {
            let unknown = error.toolError(.unknown(isKeyed: isKeyed))
            #expect(unknown?.message.contains("not known") == true && unknown?.retryAfter == nil)
            #expect(unknown?.message.contains("look before asking again") == !isKeyed)
            // The store has it under the key, or not at all.
            #expect(unknown?.message.contains("at most once") == isKeyed)
        }
        #expect(error.toolError(.read)?.message.contains("changed") == false)
    }

    @Test func aMistakeOfThePackStaysOne() {
        let error = StoreError.sqlite(cause: nil, code: 19, message: "constraint failed", file: "f")
        #expect(error.toolError(.undone) == nil)
        #expect(StoreError.busy.toolError(.undone)?.kind == .busy)
    }

    @Test func whatIsWrittenGoesToTheFileThatIsThere() throws {
        let shop = try Shop()
        _ = try shop.carts.add(1, of: "milk-001", for: ada)
        try settle(shop)
        let file = shop.folder.path + "/storefront.db"
        let backup = try Data(contentsOf: URL(fileURLWithPath: file))
        _ = try shop.carts.add(1, of: "milk-001", for: ada)
        // As an operator restores it, but with the host running.
        for name in ["-wal", "-shm"] { unsafe unlink(file + name) }
        try backup.write(to: URL(fileURLWithPath: file + ".new"))
        unsafe rename(file + ".new", file)
        #expect(try shop.carts.view(for: ada).itemCount == 1)
        _ = try shop.carts.add(2, of: "milk-001", for: ada)
        #expect(try Shop(folder: shop.folder).carts.view(for: ada).itemCount == 3)
    }

    @Test func theFollowerFindsTheFileThatIsThere() throws {
        let shop = try Shop()
        try settle(shop)
        let follower = try CatalogueFollower(shop.store, interval: nil)
        let file = shop.folder.path + "/storefront.db"
        let backup = try Data(contentsOf: URL(fileURLWithPath: file))
        for name in ["", "-wal", "-shm"] { unsafe unlink(file + name) }
        #expect(throws: StoreError.self) { try follower.refresh() }
        #expect(follower.current.index.search("milk", limit: 1).total > 1)
        try backup.write(to: URL(fileURLWithPath: file))
        try shop.execute("UPDATE product SET stock = 7 WHERE code = 'milk-001'")
        try shop.execute("UPDATE revision SET number = number + 1 WHERE name = 'products'")
        try follower.refresh()
        let milk = try #require(follower.current.index.document(code: "milk-001"))
        #expect(follower.current.stock[milk] == 7)
    }
}
