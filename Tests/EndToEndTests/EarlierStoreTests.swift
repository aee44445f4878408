// A state folder as the first release left it: no shop opens beside its store, and the host says how it comes along.

import Foundation
import JSON
import Testing

@Suite("The store of an earlier release")
struct EarlierStoreTests {
    @Test(
        "All four packs wait for it, what they say brings it along, and nothing of it is lost",
        arguments: Setup.isolations)
    func upgrade(_ isolation: Isolation) throws {
        let scratch = try Scratch()
        // Carts belong to somebody of an issuer, whose name is the host's own.
        let options = HostOptions(
            packs: PackSource.shop, environment: ["PUBLIC_URL": "http://localhost:9"], isolation: isolation)
        try options.stage(in: scratch)
        let state = scratch.path + "/var"
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(try host.call("add_to_cart", #"{"productCode":"milk-001","quantity":3}"#).status == 200)
        }
        // The first release kept it in the state folder itself, and knew no other folder.
        for name in try FileManager.default.contentsOfDirectory(atPath: state + "/storefront") {
            try FileManager.default.moveItem(atPath: "\(state)/storefront/\(name)", toPath: "\(state)/\(name)")
        }
        for name in ["storefront", "data"] { try? FileManager.default.removeItem(atPath: "\(state)/\(name)") }

        let commands = try RunningHost.with(options, in: scratch) { host throws in
            #expect(try host.call("view_cart").status == 404)
            let reasons = host.log.compactMap { $0["reason"]?.string }.filter { $0.contains("sqlite3 ") }
            #expect(reasons.count == 4)
            return try #require(reasons.first?.components(separatedBy: "run as the host's user: ").last)
        }
        #expect(!FileManager.default.fileExists(atPath: state + "/storefront/storefront.db"))
        let result = try run("/bin/sh", ["-c", commands])
        #expect(result.succeeded, "\(commands) \(result.errors)")
        try RunningHost.with(options, in: scratch) { host throws in
            let answer = try host.call("view_cart")
            #expect(answer.json?["itemCount"] == 3, "\(answer)")
        }
        #expect(FileManager.default.fileExists(atPath: state + "/storefront.db.moved"))
    }
}
