// The store under several connections: made once, waited for no longer than said, never half written.

import Foundation
import Testing
import ToolSDK

@testable import Storefront

struct StoreTests {
    @Test func isMadeOnceHoweverManyOpenIt() async throws {
        let folder = try TemporaryFolder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try Store(directory: folder.path + "/state") } }
            try await group.waitForAll()
        }
        let store = try Store(directory: folder.path + "/state")
        let revisions = try store.read(waiting: .seconds(5)) { try Catalogue.revisions($0) }
        #expect(revisions == [.products: 1, .deals: 1])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state").allSatisfy {
                $0.hasPrefix("storefront.db") && !$0.contains(".db.")
            })
    }

    @Test func belongsToItsOwner() throws {
        let shop = try Shop()
        _ = try shop.carts.add(1, of: "milk-001", for: ada)
        for name in try FileManager.default.contentsOfDirectory(atPath: shop.folder.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: shop.folder.path + "/" + name)
            #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(name)")
        }
    }

    @Test func usesAWriteAheadLogAndForeignKeys() throws {
        let shop = try Shop()
        #expect(try shop.value("PRAGMA journal_mode") == "wal")
        #expect(try shop.value("PRAGMA foreign_keys") == "1")
        #expect(try shop.value("PRAGMA synchronous") == "1")
        let durable = try Store(directory: shop.folder.path, durability: .full)
        #expect(try durable.read(waiting: .seconds(5)) { try $0.row("PRAGMA synchronous") { $0.integer(0) } } == 2)
    }

    @Test func waitsNoLongerThanTheCaller() throws {
        let shop = try Shop()
        let other = try Shop(folder: shop.folder)
        let hurried = Caller(principal: "ada", patience: .milliseconds(1))
        let error = try shop.store.write(waiting: .seconds(5)) { _ in
            refusal { try other.carts.add(1, of: "milk-001", for: hurried) }
        }
        #expect(error?.kind == .busy && error?.retryAfter != nil)
        #expect(try other.carts.add(1, of: "milk-001", for: hurried).whole?.inCart == 1)
    }

    @Test func readersDoNotWaitForAWriter() throws {
        let shop = try Shop()
        let other = try Shop(folder: shop.folder)
        try shop.store.write(waiting: .seconds(5)) { connection in
            try connection.execute("DELETE FROM deal")
            #expect(try other.deals.inForce(in: nil, waiting: .milliseconds(1)).count == 20)
        }
    }

    @Test func undoesWhatThrew() throws {
        struct Broken: Error {}
        let shop = try Shop()
        #expect(throws: Broken.self) {
            try shop.store.write(waiting: .seconds(5)) { connection in
                try connection.execute("DELETE FROM deal")
                throw Broken()
            }
        }
        #expect(try shop.count("deal") == 20)
    }

    @Test func aNewerStoreIsNotTouched() throws {
        let shop = try Shop()
        try shop.execute("PRAGMA user_version = 99")
        let error = #expect(throws: StoreError.self) { try Store(directory: shop.folder.path) }
        #expect(error == .madeByNewerRelease(found: 99, known: 1))
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() {
        let error = #expect(throws: StoreError.self) { try Store(directory: "/proc/nowhere") }
        #expect(error?.description.contains("/proc/nowhere") == true)
    }

    @Test(arguments: ["", "it's", "\u{0}\u{1}", "'; DROP TABLE product; --", "naïve 🍓"])
    func valuesAreBoundAsTheyAre(text: String) throws {
        let shop = try Shop()
        let principal = Caller(principal: text)
        _ = try shop.carts.add(1, of: "milk-001", for: principal)
        #expect(try shop.carts.view(for: principal).itemCount == 1)
        #expect(try shop.value("SELECT principal FROM cart_line") == text)
    }
}

struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
    ])
    func agreesWithTheStandard(text: String, digest: String) {
        let hex = SHA256.hash(text.utf8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(hex == digest)
    }
}
