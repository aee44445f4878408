// The systemd unit of the documentation: as closed as it says, and a host with its packs runs within it.

import Foundation
import JSON
import Testing

@Suite("The documented unit") struct UnitTests {
    /// Debian 12 has it where systemd is.
    private static let analyze = "/usr/bin/systemd-analyze"
    private static let hasAnalyze = FileManager.default.isExecutableFile(atPath: analyze)

    /// What `docs/operating.md` shows.
    private func unit() throws -> String {
        let page = try String(contentsOfFile: Setup.root + "/docs/operating.md", encoding: .utf8)
        let start = try #require(page.range(of: "```text\n[Unit]\n"))
        let end = try #require(page.range(of: "\n```\n", range: start.upperBound..<page.endIndex))
        return "[Unit]\n" + page[start.upperBound..<end.lowerBound] + "\n"
    }

    private func values(_ key: String, in unit: String) -> [String] {
        unit.split(separator: "\n").filter { $0.hasPrefix(key + "=") }
            .flatMap { $0.dropFirst(key.count + 1).split(separator: " ").map(String.init) }
    }

    @Test(
        "systemd-analyze security gives it what the page says, and 2.0 at most",
        .enabled(if: hasAnalyze, "systemd-analyze is not there"))
    func exposure() throws {
        let scratch = try Scratch()
        try scratch.write(try unit(), to: "toolhost.service")
        let result = try run(
            Self.analyze,
            ["security", "--offline=true", "--threshold=20", "--no-pager", scratch.path + "/toolhost.service"])
        #expect(result.succeeded, "\(result.output) \(result.errors)")
        let page = try String(contentsOfFile: Setup.root + "/docs/operating.md", encoding: .utf8)
        let told = try #require(page.firstMatch(of: /`systemd-analyze security` gives it ([0-9.]+)\./)).output.1
        // A later systemd may weigh otherwise.
        if try run(Self.analyze, ["--version"]).output.hasPrefix("systemd 252 ") {
            #expect(
                result.output.contains("exposure level for toolhost.service: \(told) "), "\(result.output.suffix(200))")
        }
    }

    /// The names of system calls that the filter has, with those of its groups.
    private func systemCalls(_ filter: [String]) throws -> Set<String> {
        var names: Set<String> = []
        var groups = filter
        var known: Set<String> = []
        while let next = groups.popLast() {
            guard next.hasPrefix("@") else {
                names.insert(next)
                continue
            }
            guard known.insert(next).inserted else { continue }
            let listing = try run(Self.analyze, ["syscall-filter", "--no-pager", next])
            #expect(listing.succeeded, "\(listing.errors)")
            groups += listing.output.split(separator: "\n").filter { $0.hasPrefix(" ") && !$0.contains("#") }
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        return names
    }

    /// A host that may make these system calls alone, and the sockets of the unit.
    private func options(
        _ packs: [PackSource], policies: [String: String] = [:], _ names: Set<String>, in scratch: Scratch
    ) throws -> HostOptions {
        let families = ["AF_UNIX": AF_UNIX, "AF_INET": AF_INET, "AF_INET6": AF_INET6]
        let allowed = try values("RestrictAddressFamilies", in: unit()).map { "\(try #require(families[$0]))" }
        try scratch.write(names.sorted().joined(separator: "\n") + "\n", to: "names")
        let options = HostOptions(
            packs: packs, policies: policies, isolation: .process,
            wrapper: ["\(try Setup.fixtures)/unit_filter", scratch.path + "/names", allowed.joined(separator: ",")])
        try options.stage(in: scratch)
        return options
    }

    private func layers(_ pack: JSONValue?) -> [String: String] {
        let layers = pack?["sandbox"]?["layers"]?.object ?? JSONObject()
        return Dictionary(layers.map { ($0.key, $0.value.string ?? "") }) { $1 }
    }

    @Test(
        "A host and its packs run by its filter of system calls and sockets, as confined as without it",
        .enabled(if: hasAnalyze, "systemd-analyze is not there"))
    func systemCalls() throws {
        let names = try systemCalls(values("SystemCallFilter", in: unit()))
        #expect(names.count > 200 && names.contains("openat") && !names.contains("ptrace"))
        let scratch = try Scratch()
        let options = try options(["good"] + PackSource.shop, names, in: scratch)
        let unfiltered = try RunningHost.with(HostOptions(isolation: .process)) { layers(try $0.pack("good")) }
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(try host.call("echo_worker").status == 200)
            #expect(try host.call("search_products", #"{"query":"a"}"#).status == 200)
            let packs = try #require(try host.status().first?["packs"]?.array)
            #expect(packs.count == 5 && packs.allSatisfy { $0["state"] == "running" }, "\(packs)")
            #expect(try !unfiltered.isEmpty && layers(host.pack("good")) == unfiltered)
            let before = host.runner("good")
            #expect(try host.toolhost(["pack", "restart", "good"]).succeeded)
            #expect(eventually { host.runner("good").map { $0 != before } ?? false })
            #expect(try eventually { try host.call("echo_worker").status == 200 })
        }
    }

    @Test(
        "Where a filter leaves packs no means to confine themselves, each layer is told to be missing",
        .enabled(if: hasAnalyze, "systemd-analyze is not there"))
    func withoutMeans() throws {
        let names = try systemCalls(values("SystemCallFilter", in: unit()))
        let scratch = try Scratch()
        let options = try options(
            ["good", .fixture("config")], policies: ["config": "sandbox: {required: true}\n"],
            names.filter { !$0.hasPrefix("landlock_") && $0 != "seccomp" }, in: scratch)
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(try host.call("echo_worker").status == 200)
            let layers = layers(try host.pack("good"))
            for name in ["files", "signals", "abstract_sockets", "system_calls"] {
                #expect(layers[name] == "missing", "\(name) of \(layers)")
            }
            #expect(layers["privileges"] == "held", "\(layers)")
            #expect(host.logSays("this system cannot hold all that packs are to be kept from", "files missing"))
            // One that is to run so or not at all does not.
            #expect(try host.call("show_config").status == 404)
            #expect(host.logSays("pack refused", "config.so", "sandbox.required"))
        }
    }
}
