// The store of an earlier release: no shop goes on without it, and the commands that are told bring it along.

import Foundation
import Testing
import ToolSDK

@testable import Storefront

struct EarlierStoreTests {
    private func file(_ size: Int, _ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(repeating: 7, count: size).write(to: URL(fileURLWithPath: path))
    }

    @Test(
        "It counts where it has something and its successor has nothing",
        arguments: [
            (nil, nil, false), (0, nil, false), (9, nil, true), (9, 0, true), (9, 9, false), (nil, 9, false),
        ] as [(Int?, Int?, Bool)])
    func whatCounts(old: Int?, new: Int?, isFound: Bool) throws {
        let folder = try TemporaryFolder()
        if let old { try file(old, folder.path + "/storefront.db") }
        if let new { try file(new, folder.path + "/storefront/storefront.db") }
        for end in ["", "/"] {
            #expect((EarlierStore(beside: folder.path + "/storefront" + end) != nil) == isFound)
        }
    }

    @Test(arguments: ["", "/storefront", "storefront", "/"]) func placesWithNothingBesideThemAreNone(path: String) {
        #expect(EarlierStore(beside: path) == nil)
    }

    @Test(
        "A shop beside one does not start, makes nothing, and goes on with it after the commands",
        arguments: [
            "state", "a state's \"$folder`",
        ])
    func theWayOut(name: String) throws {
        let folder = try TemporaryFolder()
        let state = "\(folder.path)/\(name)"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let before = try Store(directory: state)
        _ = try Carts(before).add(2, of: "milk-001", for: ada)
        let configuration = ShopConfiguration(storeDir: state + "/storefront")
        let error = #expect(throws: ToolError.self) {
            _ = try Backend(configuration, host: TestHost().link) { Carts($0) }
        }
        #expect(!FileManager.default.fileExists(atPath: state + "/storefront"))
        let commands = try #require(EarlierStore(beside: state + "/storefront")?.commands)
        #expect(error?.message.hasSuffix(commands) == true)

        // What is in the log beside the store alone comes along, too.
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", commands]
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0, "sqlite3 has to be installed")
        withExtendedLifetime(before) {}
        let carts = try #require(try Backend(configuration, host: TestHost().link) { Carts($0) }.shop)
        #expect(try carts.view(for: ada).itemCount == 2)
        let names = try FileManager.default.contentsOfDirectory(atPath: state).filter { !$0.contains("db-") }
        #expect(names.sorted() == ["storefront", "storefront.db.moved"])
        let mode = try FileManager.default.attributesOfItem(atPath: state + "/storefront/storefront.db")
        #expect(mode[.posixPermissions] as? Int == 0o600)
    }
}
