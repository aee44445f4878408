// Overwriting a pack's file while it is served and called: what runs is the host's own copy.

import Dispatch
import Foundation
import Synchronization
import Testing

@Suite("Replaced packs")
struct ReplacedPackTests {
    @Test("A pack file is overwritten in place, truncated and removed under load; every call is answered")
    func overwritten() throws {
        let host = try RunningHost(HostOptions(packs: [.shipped("catalog"), "good"]))
        defer { host.stop() }
        let wrong = Mutex<[String]>([])
        let calls = Mutex(0)
        let stopped = Mutex(false)
        DispatchQueue.concurrentPerform(iterations: 4) { index in
            if index == 0 {
                for name in ["catalog.so", "good.so"] {
                    let path = host.scratch.path + "/plugins.d/" + name
                    for contents in [Data(repeating: 0xCC, count: 8_000_000), Data("text".utf8), Data()] {
                        // In place, through the same inode, as `cp` does it.
                        let handle = FileHandle(forUpdatingAtPath: path)
                        try? handle?.truncate(atOffset: 0)
                        try? handle?.write(contentsOf: contents)
                        try? handle?.close()
                        let before = calls.withLock { $0 }
                        _ = eventually { calls.withLock { $0 } > before + 30 || !host.isRunning }
                    }
                    try? FileManager.default.removeItem(atPath: path)
                }
                stopped.withLock { $0 = true }
                return
            }
            while !stopped.withLock({ $0 }) && host.isRunning {
                let tool = index == 1 ? "search_products" : "echo_worker"
                let answer = try? host.call(tool, #"{"query":"milk"}"#)
                if answer?.status != 200 { wrong.withLock { $0.append("\(tool): \(answer?.text ?? "nothing")") } }
                calls.withLock { $0 += 1 }
            }
        }
        #expect(wrong.withLock { $0 } == [])
        #expect(host.isRunning)
        #expect(host.stop() == .exited(0))
    }

    @Test("The copy lies under the state folder, named by its SHA-256, and is not writable")
    func privateCopy() throws {
        let host = try RunningHost()
        defer { host.stop() }
        let sum = try run("/usr/bin/sha256sum", [host.scratch.path + "/plugins.d/good.so"])
        let digest = String(sum.output.prefix(64))
        let found = try run(
            "/usr/bin/find", [host.scratch.path + "/var", "-name", "\(digest)*", "-not", "-perm", "/222"])
        #expect(found.output.contains(digest), "\(found.output)")
    }

    @Test("A copy that was tampered with is not loaded")
    func tamperedCopy() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        try RunningHost.with(in: scratch) { _ in }
        let copies = try run("/usr/bin/find", [scratch.path + "/var", "-name", "*.so"]).output.split(separator: "\n")
        let copy = try #require(copies.first.map(String.init))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy)
        try Data("not a pack".utf8).write(to: URL(fileURLWithPath: copy))
        try RunningHost.with(in: scratch) { host throws in
            #expect(try host.call("echo", #"{"a":1}"#).text == #"{"a":1}"#)
        }
    }
}
