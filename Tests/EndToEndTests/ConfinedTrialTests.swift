// A pack that is only looked at is loaded, too: its constructors find no more than where it is served.

import Foundation
import JSON
import Testing

@Suite("Break out of a trial") struct ConfinedTrialTests {
    @Test(
        "Constructors in a trial reach what the level lets them", arguments: [BreakoutLevel.off, .standard, .strict],
        [["tools"], ["inspect", "plugins.d/breakout.so"]])
    func constructors(_ level: BreakoutLevel, _ arguments: [String]) throws {
        let scratch = try Scratch()
        let options = HostOptions(
            packs: [],
            environment: ["PACK_SANDBOX": level.rawValue, BreakoutWorld.secretName: "secret"], isolation: .process)
        try options.stage(in: scratch)
        try scratch.makeFolder("var")
        #expect(unsafe chmod(scratch.path + "/var", 0o700) == 0)
        try scratch.write(Array("secret\n".utf8), to: "var/early", mode: 0o600)
        try scratch.write(Array("TOOLS_READ_ONLY=false\n".utf8), to: ".env.local", mode: 0o600)
        let deeds = EarlyDeed.files(in: scratch.path)
        let end = EarlyDeed(what: "tell and end", confined: .done)
        try scratch.write(EarlyDeed.pack(deeds + [end]), to: "plugins.d/breakout.so", mode: 0o755)
        let told = try run(
            Setup.executable, arguments, environment: options.environment(in: scratch), directory: scratch.path)
        let place = try #require(told.output.range(of: #"it wrote: {"deeds":["#), "\(told)")
        let text = told.output[told.output.index(place.upperBound, offsetBy: -10)...]
        let results = try #require(text.range(of: "]}")).upperBound
        let list = try JSONValue(parsing: String(text[..<results]))["deeds"]?.array ?? []
        #expect(list.count == deeds.count, "\(told)")
        // What is looked at outside a deployment is confined whatever that says.
        let isFree = level == .off && arguments[0] == "tools"
        for (deed, result) in zip(deeds, list.map(BreakoutWorld.result)) {
            switch (isFree ? .done : deed.confined, result) {
            case (.done, .done): break
            case (.refused(let reasons), .refused(let reason)): #expect(reasons.contains(reason), "\(deed): \(result)")
            case (let outcome, _): Issue.record("\(deed): \(result), not \(outcome)")
            }
        }
    }

    @Test("Where its file requires a layer that is missing, nothing of a pack runs in a trial, either")
    func required() throws {
        let scratch = try Scratch()
        let options = HostOptions(
            packs: [], environment: ["PACK_SANDBOX_ABI": "0"], isolation: .process)
        try options.stage(in: scratch)
        let end = EarlyDeed(what: "tell and end", confined: .done)
        try scratch.write(EarlyDeed.pack([end]), to: "plugins.d/breakout.so", mode: 0o755)
        try scratch.write("sandbox: {level: strict, required: true}\n", to: "plugins.d/breakout.yaml")
        let told = try run(
            Setup.executable, ["tools"], environment: options.environment(in: scratch), directory: scratch.path)
        #expect(told.end == .exited(1), "\(told)")
        #expect(told.output.contains("is to run only where its sandbox holds (sandbox.required)"), "\(told)")
        #expect(told.output.contains("files missing") && !told.output.contains("deeds"), "\(told)")
    }
}
