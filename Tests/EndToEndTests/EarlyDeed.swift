// Deeds that the fixture `breakout` does while it is loaded: constructors are the first of a pack that runs.

import Foundation
import JSON
import Testing

/// One, to what there is before the first start.
struct EarlyDeed: Sendable {
    var what: String
    /// Of its arguments, as JSON.
    var members = ""
    /// What comes of it under `standard` and `strict`.
    var confined: BreakoutDeed.Outcome

    /// - Parameter path: the folder of the host, with a file `var/early`.
    static func all(in path: String) -> [EarlyDeed] {
        files(in: path) + [
            EarlyDeed(what: "create", members: #""path":"\#(path)/plugins.d/early""#, confined: .file),
            EarlyDeed(what: "open to read", members: #""path":"/proc/host/environ""#, confined: .any),
            EarlyDeed(what: "signal", members: #""number":0"#, confined: .any),
            EarlyDeed(what: "change limit", confined: .any), EarlyDeed(what: "fork", confined: .call),
            EarlyDeed(what: "run", members: #""path":"/bin/true""#, confined: .any),
            EarlyDeed(what: "gain privileges", confined: .refused(["no_new_privs"])),
        ]
    }

    /// A few of them.
    static func files(in path: String) -> [EarlyDeed] {
        [
            EarlyDeed(what: "read", members: #""path":"\#(path)/var/early""#, confined: .file),
            EarlyDeed(what: "append", members: #""path":"\#(path)/var/early""#, confined: .file),
            EarlyDeed(what: "read", members: #""path":"\#(path)/.env.local""#, confined: .file),
            EarlyDeed(
                what: "find variable", members: #""text":"\#(BreakoutWorld.secretName)""#,
                confined: .refused(["absent"])),
        ]
    }

    /// The fixture with deeds in it.
    static func pack(_ deeds: [EarlyDeed]) throws -> [UInt8] {
        var bytes = try #require(FileManager.default.contents(atPath: Setup.fixtures + "/breakout.so"))
        let place = try #require(bytes.range(of: Data("BREAKOUT-INSTRUCTIONS:".utf8)))
        let lines = deeds.map { #"{"what":"\#($0.what)"\#($0.members.isEmpty ? "" : ",")\#($0.members)}"# + "\n" }
        let text = Data(lines.joined().utf8)
        #expect(text.count < 8000)
        bytes.replaceSubrange(place.upperBound..<(place.upperBound + text.count), with: text)
        return Array(bytes)
    }
}

extension BreakoutWorld {
    /// What came of them, in their order.
    func earlyResults() throws -> [BreakoutResult] {
        let answer = try host.call("constructed")
        return try #require(answer.json?["deeds"]?.array, "\(answer.text)").map(Self.result)
    }
}
