// What is said to hold, and what is not.

import JSON
import Testing

@testable import HostSandbox

@Suite struct SandboxReportTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var level = SandboxLevel.standard
        var network = SandboxNetwork.any
        var landlock = 7
        var filters = true
        var privileges = true
        var isLeaky = false
        var isTold = true
        /// Layers that are not held.
        var lacking: [String: SandboxReport.Standing] = [:]
    }

    @Test(arguments: [
        Row(testDescription: "all"),
        Row(testDescription: "strict", level: .strict, network: .none),
        Row(testDescription: "Debian 12", landlock: 2, lacking: ["abstract_sockets": .missing]),
        Row(testDescription: "Debian 12, no sockets", level: .strict, network: .none, landlock: 2),
        Row(
            testDescription: "Debian 12, Unix sockets", level: .strict, network: .unix, landlock: 2,
            lacking: ["abstract_sockets": .missing]),
        Row(
            testDescription: "no Landlock", landlock: 0,
            lacking: ["files": .missing, "processes": .partly, "abstract_sockets": .missing]),
        Row(testDescription: "no filter", filters: false, lacking: ["files": .partly, "system_calls": .missing]),
        Row(
            testDescription: "no filter, strict", level: .strict, network: .none, filters: false,
            lacking: ["files": .partly, "sockets": .partly, "system_calls": .missing]),
        Row(
            testDescription: "neither", level: .strict, network: .none, landlock: 0, filters: false,
            lacking: [
                "files": .missing, "processes": .missing, "signals": .missing, "abstract_sockets": .missing,
                "sockets": .missing, "system_calls": .missing,
            ]),
        Row(testDescription: "capabilities left", privileges: false, lacking: ["privileges": .missing]),
        Row(testDescription: "let in all the same", isLeaky: true, lacking: ["files": .missing]),
        Row(testDescription: "a container that listens", isTold: false, lacking: ["told": .missing]),
        Row(
            testDescription: "neither a filter nor anybody who listens", filters: false, isTold: false,
            lacking: ["files": .partly, "system_calls": .missing]),
        Row(testDescription: "off", level: .off),
    ])
    func layers(_ row: Row) throws {
        var steps = SandboxReport.Steps(landlock: row.landlock)
        if row.landlock == 0 { steps.landlockError = "Function not implemented" }
        if !row.filters { steps.systemCallError = "Invalid argument" }
        if !row.privileges { steps.privilegeError = "Operation not permitted" }
        if !row.isTold { steps.listenerError = "Device or resource busy" }
        steps.isLeaky = row.isLeaky
        var plan = SandboxPlan(level: row.level, network: row.network, file: "")
        plan.tellsRefusals = true
        let report = SandboxReport(plan, steps)
        #expect(
            Dictionary(uniqueKeysWithValues: report.lacking.map { ($0.name, $0.standing) }) == row.lacking)
        #expect(report.lacking.allSatisfy { !$0.remark.isEmpty })
        #expect(Set(report.unkept.map(\.name)) == Set(row.lacking.keys).subtracting(["told"]))
        #expect((report.untold != nil) == (row.lacking["told"] != nil))
        // What is held in part says which part is not.
        #expect(
            report.lacking.allSatisfy { ($0.standing == .partly) == $0.remark.hasPrefix("open ") }, "\(report.text)")
        #expect(report.layers.isEmpty == (row.level == .off))
        #expect(SandboxReport(json: report.json) == report)
    }

    @Test(arguments: ["null", "{}", #"{"level":"strict","landlock":2,"layers":{"files":"sure"},"remarks":{}}"#])
    func whatIsNoneIsNone(_ text: String) throws {
        #expect(SandboxReport(json: try JSONValue(parsing: text)) == nil)
    }
}
