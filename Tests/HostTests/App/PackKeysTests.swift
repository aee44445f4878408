// The keys of where packs run, and of when they are started again.

import NIOCore
import Testing

@testable import HostApp
@testable import HostCalls
@testable import HostPacks
@testable import HostSandbox

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

    @Test func whatPacksMayUseUp() throws {
        #expect(try packs([:]).limits == .standard)
        let values = [
            "PACK_MEMORY": "512MiB", "PACK_THREADS": "40", "PACK_OPEN_FILES": "80", "PACK_FILE_SIZE": "1048576",
            "PACK_CORE_DUMPS": "true",
        ]
        #expect(
            try packs(values).limits
                == PackLimits(memory: 512 << 20, threads: 40, openFiles: 80, fileSize: 1 << 20, keepsCoreDumps: true))
        let none = try packs(["PACK_MEMORY": "none", "PACK_THREADS": "none", "PACK_FILE_SIZE": "none"]).limits
        #expect(none.memory == nil && none.threads == nil && none.fileSize == nil)
    }

    @Test(arguments: [
        (SettingKey.packMemory, LimitForm.memory), (.packThreads, .threads), (.packOpenFiles, .openFiles),
        (.packFileSize, .fileSize),
    ])
    func meaningsSayTheLeast(key: SettingKey, form: LimitForm) {
        #expect(key.meaning.contains("At least \(form.ends.least)"))
    }

    @Test(arguments: [
        ("PACK_ISOLATION", "container", "\"container\" is none of process, host. Example: PACK_ISOLATION=host"),
        ("PACK_NICENESS", "-1", "is not between 0 and 19"), ("PACK_NICENESS", "20", "is not between 0 and 19"),
        (
            "PACK_MEMORY", "much",
            "\"much\" is neither a size from 32MiB to 64TiB nor `none`; a size is a whole number of bytes, or one with"
        ),
        ("PACK_MEMORY", "64M", "(powers of 1000): 64MiB in place of 64M. Example: PACK_MEMORY=512MiB"),
        ("PACK_MEMORY", "31MiB", "\"31MiB\" is neither a size from 32MiB to 64TiB nor `none`. Example:"),
        ("PACK_FILE_SIZE", "0", "is neither a size from 64KiB to"),
        ("PACK_THREADS", "few", "is neither a whole number from 16 to 1000000 nor `none`. Example: PACK_THREADS=128"),
        ("PACK_THREADS", "8", "is neither a whole number from 16 to"),
        ("PACK_OPEN_FILES", "none", "is not a whole number from 64 to 1048576"),
        ("PACK_OPEN_FILES", "32", "is not a whole number from 64 to"),
        ("PACK_CORE_DUMPS", "maybe", "is neither true nor false"),
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
