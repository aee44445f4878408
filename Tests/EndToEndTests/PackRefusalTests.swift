// What the host does not serve: each broken file is refused by name and with its reason, and the others answer.

import Foundation
import JSON
import Testing

@Suite("Refused packs", .host(RefusedFixture.everything, environment: ["TOOL_START_TIMEOUT": "3s"]))
struct PackRefusalTests {
    @Test("The log names file and reason", arguments: RefusedFixture.all)
    func logged(_ refusal: RefusedFixture) throws {
        let host = try RunningHost.current
        let file = "b_\(refusal.name).so"
        let isNamed = host.logLine { $0.description.contains(file) } != nil
        let lines = host.log.map(\.description).filter { $0.contains(file) }
        let isExplained = lines.contains { line in refusal.words.allSatisfy { line.contains($0) } }
        #expect(isNamed && isExplained, "\(refusal.words) in none of \(lines)")
    }

    @Test("The good packs on both sides of them answer")
    func othersAnswer() throws {
        let host = try RunningHost.current
        #expect(try host.call("echo", #"{"a":1}"#).text == #"{"a":1}"#)
        #expect(try host.call("newer_minor").status == 200)
    }

    @Test("Nothing of a refused pack is served", arguments: ["duplicate_id", "needs_newer_host", "wild_pointer"])
    func notServed(_ tool: String) throws {
        #expect(try RunningHost.current.call(tool).status == 404)
    }

    @Test("The health document counts them and tells nothing else")
    func health() throws {
        let answer = try RunningHost.current.get("/health")
        #expect(answer.status == 200)
        #expect(!answer.text.contains("warehouse") && !answer.text.contains("b_"))
        let document = try #require(answer.json)
        #expect(document.description.contains("\(RefusedFixture.all.count)"), "\(document)")
    }

    @Test("`toolhost tools` lists what is not served, and why")
    func listed() throws {
        let host = try RunningHost.current
        let listing = try run(
            Setup.executable, ["tools"],
            environment: HostOptions(environment: ["TOOL_START_TIMEOUT": "3s"]).environment(in: host.scratch))
        let text = listing.output + listing.errors
        for refusal in RefusedFixture.all {
            let lines = text.split(separator: "\n").filter { $0.contains("b_\(refusal.name).so") }
            #expect(!lines.isEmpty, "\(refusal.name) is missing")
        }
        #expect(listing.output.contains("echo"))
    }

    /// What only shows in a deployment, inspect cannot know.
    static let inspectable = RefusedFixture.all.filter { refusal in
        !["duplicate_id", "duplicate_tool", "fail_start", "hang_start"].contains(refusal.name)
    }

    @Test("`toolhost inspect` says what is wrong with one file", arguments: inspectable)
    func inspected(_ refusal: RefusedFixture) throws {
        let path = try "\(Setup.fixtures)/\(refusal.name).so"
        let report = try run(Setup.executable, ["inspect", path], within: .seconds(60))
        #expect(!report.succeeded)
        let text = report.output + report.errors
        for word in refusal.words { #expect(text.contains(word), "\(word) is not in \(text)") }
    }

    @Test("A file or folder that others may write to is refused")
    func writableByOthers() throws {
        let scratch = try Scratch()
        try HostOptions(packs: ["good", "newer_minor"]).stage(in: scratch)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o777], ofItemAtPath: scratch.path + "/plugins.d/newer_minor.so")
        try RunningHost.with(in: scratch) { host throws in
            #expect(host.logSays("newer_minor.so", "writ"))
            #expect(try host.call("newer_minor").status == 404)
            #expect(try host.call("echo").status == 200)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: scratch.path + "/plugins.d")
        let served = try? RunningHost.with(in: scratch) { host in try host.call("echo").status }
        #expect(served != 200)
    }
}
