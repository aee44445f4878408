// The shop's store damaged under load, and its disk full: what callers get, what /health says, and the way back.

import Dispatch
import Foundation
import JSON
import Synchronization
import Testing

@Suite("A store that fails")
struct StoreFailureTests {
    private static let add = #"{"productCode":"milk-001","quantity":1}"#

    /// Statuses of calls that change the store, made by some callers at once, until one of them is `wanted`.
    private func statuses(of host: RunningHost, until wanted: Int) -> Set<Int> {
        let seen = Mutex(Set<Int>())
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            for _ in 0..<200 where !seen.withLock({ $0.contains(wanted) }) {
                let answer = try? host.call("add_to_cart", Self.add, ["openai-ephemeral-user-id": "u\(number)"])
                _ = seen.withLock { $0.insert(answer?.status ?? 0) }
            }
        }
        return seen.withLock { $0 }
    }

    @Test("Damaged while it is used: 503, degraded, named in the log; a backup mends it without a restart")
    func damaged() throws {
        try RunningHost.with(HostOptions(packs: PackSource.shop)) { host throws in
            let file = host.state + "/storefront/storefront.db"
            #expect(try host.call("add_to_cart", Self.add).status == 200)
            let copied = try run(
                Setup.python,
                [
                    "-c",
                    "import sqlite3,sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))", file,
                    host.scratch.path + "/backup.db",
                ])
            #expect(copied.succeeded, "\(copied.errors)")
            let size = try #require(
                try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
            for name in ["-wal", "-shm"] { unsafe unlink(file + name) }
            try host.scratch.write(
                [UInt8](repeating: 0x5A, count: size), to: "var/storefront/storefront.db", mode: 0o600)
            let seen = statuses(of: host, until: 503)
            #expect(seen.contains(503) && seen.isSubset(of: [200, 503]), "\(seen)")
            for tool in ["view_cart", "get_deals"] {
                let answer = try host.call(tool)
                #expect(answer.status == 503 && answer["Retry-After"] != nil, "\(answer.text)")
                #expect(answer.text.contains("later") && !answer.text.contains("SQLite"))
            }
            #expect(try host.call("search_products", #"{"query":"milk"}"#).status == 200, "from memory")
            for _ in 0..<2 { #expect(try host.call("view_cart").status == 503) }
            let health = try host.get("/health").json
            #expect(health?["status"] == "degraded" && (health?["ailing_packs"]?.int64 ?? 0) >= 1, "\(health as Any)")
            #expect(host.logSays("The store cannot be used.", "storefront.db", "put a backup in its place", "cart"))
            #expect(host.logSays("a pack is ailing", "cart"))

            for name in ["-wal", "-shm"] { unsafe unlink(file + name) }
            let backup = try #require(FileManager.default.contents(atPath: host.scratch.path + "/backup.db"))
            try host.scratch.write(Array(backup), to: "var/storefront/storefront.db", mode: 0o600)
            #expect(try host.call("view_cart").json?["itemCount"] == 1)
            #expect(try host.call("get_deals").status == 200)
            #expect(try host.call("add_to_cart", Self.add).status == 200)
            #expect(try host.get("/health").json?["status"] == "ok")
            #expect(host.logSays("The store can be used again."))
        }
    }

    @Test("A full disk: 503 that says to come later, degraded, and by itself well again", .enabled(if: getuid() == 0))
    func fullDisk() throws {
        let scratch = try Scratch()
        let options = HostOptions(packs: PackSource.shop)
        try options.stage(in: scratch)
        try scratch.makeFolder("var")
        let disk = scratch.path + "/var"
        // Room for the copies of the packs, and some more.
        let bytes = try PackSource.shop.reduce(16 << 20) { sum, pack in
            try sum + (FileManager.default.attributesOfItem(atPath: pack.path)[.size] as? Int ?? 0)
        }
        guard unsafe mount("tmpfs", disk, "tmpfs", 0, "size=\(bytes),mode=0700") == 0 else { return }
        defer { unsafe umount2(disk, 2) }  // MNT_DETACH
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(try host.call("add_to_cart", Self.add).status == 200)
            let filler = unsafe open(disk + "/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            let zeros = [UInt8](repeating: 0, count: 4096)
            while unsafe write(filler, zeros, zeros.count) == zeros.count {}
            close(filler)
            let seen = statuses(of: host, until: 503)
            #expect(seen.contains(503) && seen.isSubset(of: [200, 503]), "\(seen)")
            let refused = try host.call("add_to_cart", Self.add)
            #expect(refused.status == 503 && refused["Retry-After"] != nil)
            #expect(refused.problem?["code"] == "unavailable")
            #expect(refused.text.contains("Nothing was changed; try again later"))
            #expect(try host.call("add_to_cart", Self.add).status == 503)
            #expect(try host.call("view_cart").status == 200, "what reads goes on")
            #expect(try host.get("/health").json?["status"] == "degraded")
            #expect(host.logSays("The store cannot be used.", "is full", "make room"))
            unsafe unlink(disk + "/filler")
            #expect(try host.call("add_to_cart", Self.add).status == 200)
            #expect(try host.get("/health").json?["status"] == "ok")
        }
    }
}
