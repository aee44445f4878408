// What a pack's process may use up: on the way to the process, and where it would not be enough for the host's part.

import JSON
import Testing

@testable import HostSandbox

@Suite struct PackLimitsTests {
    private static let loose = PackLimits(
        memory: nil, threads: nil, openFiles: 64, fileSize: nil, keepsCoreDumps: true)

    @Test(arguments: [PackLimits.standard, loose])
    func theyArriveAsTheyWere(limits: PackLimits) {
        #expect(PackLimits(json: limits.json) == limits)
    }

    /// Nothing is taken for "no bound" that does not say so.
    @Test(arguments: [
        "{}", "null", #"{"memory":1,"threads":2,"open_files":3,"file_size":4}"#,
        #"{"memory":"1","threads":2,"open_files":3,"file_size":4,"core_dumps":true}"#,
        #"{"threads":2,"open_files":3,"file_size":4,"core_dumps":true}"#,
        #"{"memory":1,"threads":2,"open_files":null,"file_size":4,"core_dumps":true}"#,
    ])
    func nothingElseIsTaken(text: String) throws {
        #expect(PackLimits(json: try JSONValue(parsing: text)) == nil)
    }

    @Test func aPacksOwnRulesComeFirst() {
        var rules = LimitRules()
        #expect(PackLimits.standard.with(rules) == .standard)
        rules.memory = .some(nil)
        rules.threads = 40
        rules.openFiles = 100
        rules.fileSize = 1 << 20
        rules.keepsCoreDumps = true
        #expect(
            PackLimits.standard.with(rules)
                == PackLimits(memory: nil, threads: 40, openFiles: 100, fileSize: 1 << 20, keepsCoreDumps: true))
    }

    @Test(
        arguments: [
            (1024, 256, 2, 9, nil), (64, 17, 32, 9, nil), (64, 256, 33, 9, "open_files"),
            (64, nil, 33, 9, "open_files"),
            (64, 16, 2, 9, "threads"), (64, nil, 2, 64, nil),
        ] as [(Int, Int?, Int, Int, String?)])
    func theHostsPartNeedsSome(files: Int, threads: Int?, loops: Int, workers: Int, lacking: String?) {
        let limits = PackLimits(
            memory: nil, threads: threads, openFiles: files, fileSize: nil, keepsCoreDumps: false)
        let text = limits.shortfall(loops: loops, workers: workers)
        #expect(text?.split(separator: " ").first.map(String.init) == lacking, "\(text ?? "")")
    }
}
