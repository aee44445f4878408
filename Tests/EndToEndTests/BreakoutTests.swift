// A pack that wants out: every deed of the list, without confinement to prove that it is tried, and at each level, with
// all that the kernel has and with what Debian 12's kernel has, as root and as somebody else.

import Foundation
import JSON
import Testing

@Suite("Break out") struct BreakoutTests {
    private static let isRoot = getuid() == 0
    /// A user whom nothing else on the machine runs as.
    private static let somebody = 1_900_000 + Int(getpid()) % 100_000

    /// Whether root has all of its privileges here, which containers take some of.
    private static let hasAllPrivileges: Bool = {
        let last = SystemFile.text("/proc/sys/kernel/cap_last_cap")
        let count = Int(last.prefix { $0.isNumber }) ?? 63
        let lines = SystemFile.text("/proc/self/status").split(separator: "\n")
        let set = lines.first { $0.hasPrefix("CapEff:") }.flatMap { UInt64($0.suffix(16), radix: 16) }
        return isRoot && set == (1 << UInt64(count + 1)) - 1
    }()

    /// The version of Landlock that the kernel has; 0: none.
    private static func kernelLandlock() throws -> Int {
        let script = "import ctypes; print(max(0, ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1)))"
        return try #require(Int(run(Setup.python, ["-c", script]).output.prefix { $0.isNumber }))
    }

    /// The version that the kernel of Debian 12 has.
    private static let debian12 = 2

    /// Whom hosts run as here.
    enum Who: String, CaseIterable, CustomTestStringConvertible {
        case root, somebody

        var testDescription: String { rawValue }
    }

    @Test("What gets out without confinement gets out at no level where the list says so", arguments: Who.allCases)
    func everyDeed(_ who: Who) throws {
        if who == .root && !Self.isRoot { return print("break out as root: not tried: these tests do not run as root") }
        var setting = BreakoutSetting(level: .off)
        let programs = try Scratch()
        if who == .somebody && Self.isRoot {
            setting.user = Self.somebody
            setting.executable = try programs.copyHost()
            #expect(unsafe chmod(programs.path, 0o755) == 0)
        }
        let kernel = try Self.kernelLandlock()
        let unconfined = try results(setting, landlock: kernel)
        for (deed, result) in zip(BreakoutDeed.all, unconfined) { expectProof(deed, result, by: who) }
        for level in [BreakoutLevel.standard, .strict] {
            for limit in [nil, Self.debian12] {
                (setting.level, setting.landlock) = (level, limit)
                let version = min(limit ?? kernel, kernel)
                print("break out as \(who) at \(level), Landlock \(version) of \(kernel)")
                for ((deed, before), result) in zip(
                    zip(BreakoutDeed.all, unconfined), try results(setting, landlock: version))
                {
                    let outcome = deed.outcome(at: level, landlock: version)
                    // What this system refuses anyway proves nothing, and is told above.
                    if outcome == .done && !deed.proves(before) { continue }
                    expect(outcome, result, deed.name, setting)
                }
            }
        }
    }

    /// What `toolhost status` has to say of the layers, by what this kernel has.
    ///
    /// - Parameter version: of Landlock, in use.
    private func expectLayers(_ world: BreakoutWorld, landlock version: Int) throws {
        let filters = SystemFile.text("/proc/sys/kernel/seccomp/actions_avail").contains("errno")
        let level = world.setting.level
        let told = try #require(try world.told()["sandbox"])
        #expect(told["level"]?.string == level.rawValue, "\(told)")
        let layers = told["layers"]?.object ?? JSONObject()
        for (name, standing) in layers where standing != "held" {
            print("break out: \(level), Landlock \(version): \(name) \(standing), \(told["remarks"]?[name] ?? "")")
        }
        guard level != .off else {
            #expect(layers.isEmpty, "\(told)")
            return
        }
        #expect(told["landlock"]?.int64 == Int64(version), "\(told)")
        var expected = [
            "files": version == 0 ? "missing" : filters ? "held" : "partly",
            "processes": version > 0 ? "held" : filters ? "partly" : "missing",
            "signals": version >= 6 || filters ? "held" : "missing", "system_calls": filters ? "held" : "missing",
            "abstract_sockets": version >= 6 || level == .strict && filters ? "held" : "missing",
            "privileges": "held",
        ]
        if level == .strict { expected["sockets"] = filters ? "held" : version >= 4 ? "partly" : "missing" }
        for (name, standing) in expected { #expect(layers[name]?.string == standing, "\(name) in \(told)") }
    }

    private func results(_ setting: BreakoutSetting, landlock version: Int) throws -> [BreakoutResult] {
        let world = try BreakoutWorld(setting)
        try expectLayers(world, landlock: version)
        let early = EarlyDeed.all(in: world.scratch.path)
        let earlyResults = try world.earlyResults()
        #expect(early.count == earlyResults.count)
        for (deed, result) in zip(early, earlyResults) {
            expect(
                setting.level == .off ? .done : deed.confined, result,
                "while it is loaded: \(deed.what) \(deed.members)", setting)
        }
        return try BreakoutDeed.all.map { try world.attempt($0) }
    }

    private func expect(
        _ outcome: BreakoutDeed.Outcome, _ result: BreakoutResult, _ name: String, _ setting: BreakoutSetting
    ) {
        let place = "\(name) at \(setting.level), Landlock \(setting.landlock.map(String.init) ?? "as it is")"
        switch (outcome, result) {
        case (.done, .done), (_, .untried): break
        case (.refused(let reasons), .refused(let reason)):
            #expect(reasons.contains(reason), "\(place): \(result)")
        default: Issue.record("\(place): \(result), not \(outcome)")
        }
    }

    /// Without confinement.
    private func expectProof(_ deed: BreakoutDeed, _ result: BreakoutResult, by who: Who) {
        if deed.proves(result) { return }
        print("break out as \(who): not tried: \(deed.name): \(result)")
        if case .untried = result { return }
        let isDemanded =
            switch deed.unconfined {
            case .done, .reaches: true
            case .byRoot: who == .root && Self.hasAllPrivileges
            case .byUser: who == .somebody
            case .ifSystemLets, .ifSystemLetsRoot: false
            }
        #expect(!isDemanded, "\(deed.name): \(result)")
    }

    @Test("The table of the documentation is the list") func documented() throws {
        let path = try Setup.root + "/docs/sandbox.md"
        let page = try String(contentsOfFile: path, encoding: .utf8)
        let start = try #require(page.range(of: "<!-- made: breakout -->\n"))
        let end = try #require(page.range(of: "<!-- /made -->", range: start.upperBound..<page.endIndex))
        guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == nil else {
            let updated = page.replacingCharacters(in: start.upperBound..<end.lowerBound, with: BreakoutDeed.table)
            try Data(updated.utf8).write(to: URL(fileURLWithPath: path))
            return
        }
        let told = String(page[start.upperBound..<end.lowerBound])
        #expect(told == BreakoutDeed.table, "write it anew with UPDATE_GOLDEN=1 and --filter BreakoutTests")
    }
}
