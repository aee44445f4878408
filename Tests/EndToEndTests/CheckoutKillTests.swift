// kill -9 at random moments under load: an order that was acknowledged exists once, and none is half there.

import Dispatch
import Foundation
import JSON
import Synchronization
import Testing

@Suite("Killed while checking out")
struct CheckoutKillTests {
    private static let hosts = 3
    private static let roundsEach = 100 * Setup.rounds
    private static let shoppersEach = 2
    private static let stock: Int64 = 1_000_000

    @Test("300 rounds or more, by three processes that share one store")
    func kills() throws {
        let shared = try Scratch()
        try shared.write(
            #"{"code":"kill-001","name":"Bread","category":"bakery","description":"A loaf.","price":1.25,"#
                + "\"stock\":\(Self.stock)}\n", to: "products.jsonl")
        let options = HostOptions(
            packs: PackSource.shop,
            policies: ["catalog": "config: {products: \"\(shared.path)/products.jsonl\"}"],
            // A caller's principal names the issuer, which is the host's own URL and must not change with the port.
            environment: ["STATE_DIR": shared.path + "/state", "PUBLIC_URL": "http://localhost:9"])
        // The first start makes store and keys.
        try RunningHost.with(options) { host throws in #expect(try host.call("view_cart").status == 200) }

        // What is killed needs the two packs that write, and starts the faster for it.
        let killed = HostOptions(
            packs: [.shipped("cart"), .shipped("checkout")], environment: options.environment)
        let ledger = OrderLedger()
        DispatchQueue.concurrentPerform(iterations: Self.hosts) { index in
            do {
                try rounds(of: index, killed, ledger)
            } catch {
                ledger.surprise("host \(index): \(error)")
            }
        }
        #expect(ledger.surprises == [])
        #expect(ledger.orders.count > Self.hosts * Self.roundsEach / 2, "hardly anything was ordered")
        try ledger.reckon(database: shared.path + "/state/storefront/storefront.db", stock: Self.stock)
        print("Killed \(Self.hosts * Self.roundsEach) times, \(ledger.orders.count) orders, each there once")
    }

    private func rounds(of index: Int, _ options: HostOptions, _ ledger: OrderLedger) throws {
        let scratch = try Scratch()
        try options.stage(in: scratch)
        let shoppers = (0..<Self.shoppersEach).map { OrderingShopper("shopper-\(index)-\($0)", ledger) }
        for _ in 1...Self.roundsEach {
            let host = try RunningHost(options, in: scratch)
            let group = DispatchGroup()
            for shopper in shoppers {
                DispatchQueue.global().async(group: group) { shopper.shop(at: host) }
            }
            usleep(UInt32.random(in: 1_000...60_000))  // the random moment
            host.process.signal(SIGKILL)
            group.wait()
            #expect(host.process.wait() == .signalled(SIGKILL))
        }
        // What is still open is settled by a host that is left alone.
        try RunningHost.with(options, in: scratch) { host throws in
            for shopper in shoppers { try shopper.settle(at: host) }
        }
    }
}
