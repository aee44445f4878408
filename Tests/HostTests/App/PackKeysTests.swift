// The keys of where packs run, and of when they are started again.

import NIOCore
import Testing

@testable import HostApp
@testable import HostCalls
@testable import HostPacks

@Suite struct PackKeysTests {
    private func packs(_ values: [String: String]) throws -> PackSettings {
        try Settings(source: SettingsSource(environment: values), workingDirectory: "/srv").packs
    }

    @Test func packsRunInProcessesOfTheirOwnUnlessTheOperatorSaysOtherwise() throws {
        #expect(try packs([:]).isolation == .process)
        #expect(try packs(["PACK_ISOLATION": "host"]).isolation == .host)
        #expect(try packs(["PACK_ISOLATION": "Process"]).isolation == .process)
        #expect(try packs([:]).niceness == 0 && packs(["PACK_NICENESS": "19"]).niceness == 19)
    }

    @Test(
        arguments: [
            ([:], [0, 1000, 5000, 30_000, 60_000], 5), (["PACK_RESTART_DELAYS": "250ms"], [250], 5),
            (["PACK_RESTART_DELAYS": " 0 , 2m,, 1h "], [0, 120_000, 3_600_000], 5),
            (["PACK_RESTART_LIMIT": "1"], [0, 1000, 5000, 30_000, 60_000], 1),
            (["PACK_RESTART_LIMIT": "OFF", "PACK_RESTART_DELAYS": "0"], [0], nil),
        ] as [([String: String], [Int64], Int?)])
    func startsAfterAnEnd(values: [String: String], delays: [Int64], limit: Int?) throws {
        #expect(
            try packs(values).restarts
                == RestartSettings(delays: delays.map { .milliseconds($0) }, limit: limit))
    }

    @Test(arguments: [
        ("PACK_ISOLATION", "container", "\"container\" is none of process, host. Example: PACK_ISOLATION=host"),
        ("PACK_NICENESS", "-1", "is not between 0 and 19"), ("PACK_NICENESS", "20", "is not between 0 and 19"),
        ("PACK_RESTART_DELAYS", "0,soon", "has \"soon\", which is not a time such as 500ms, 30s or 2m"),
        ("PACK_RESTART_DELAYS", "0,2h", "has \"2h\", which is not between 0s and 3600s"),
        ("PACK_RESTART_DELAYS", ",", "has not 1 to 16 times. Example: PACK_RESTART_DELAYS=0,2s,10s"),
        ("PACK_RESTART_DELAYS", Array(repeating: "1s", count: 17).joined(separator: ","), "has not 1 to 16 times"),
        ("PACK_RESTART_LIMIT", "never", "is neither a whole number nor `off`. Example: PACK_RESTART_LIMIT=off"),
        ("PACK_RESTART_LIMIT", "0", "is not between 1 and 1000"), ("PACK_RESTART_LIMIT", "-1", "is not between"),
    ])
    func whatMakesNoSenseIsToldWithTheKey(key: String, value: String, problem: String) throws {
        let error = try #require(throws: SettingsError.self) { try packs([key: value]) }
        #expect(error.key == key)
        #expect(error.description.contains(problem), "\(error)")
    }

    @Test func aSlipOfThePenIsTold() {
        let warnings = SettingsSource(environment: ["PACK_RESTARTS": "5", "PACK_ISOLATE": "host"]).warnings()
        #expect(warnings.count == 2)
        #expect(warnings.contains { $0.contains("PACK_ISOLATE; did you mean PACK_ISOLATION?") })
    }
}
