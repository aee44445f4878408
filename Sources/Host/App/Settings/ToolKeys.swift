// The keys of calls, packs and the watchdog, which are one family to the operator.

import HostCalls
import HostPacks
import NIOCore

/// What the keys in `TOOL` say. They are read in one go: of several wrong ones the first is told, whoever obeys it.
struct ToolKeys {
    private enum FormatPolicy: String, CaseIterable {
        case annotate, assert
    }

    let calls: CallSettings
    let policy: ToolPolicy
    let startTimeout: TimeAmount
    let inlineHang: TimeAmount
    let assertsFormats: Bool

    init(_ reader: SettingsReader) throws(SettingsError) {
        policy = ToolPolicy(
            enabled: reader.list(.toolsEnabled), disabled: reader.list(.toolsDisabled),
            readOnly: try reader.flag(.toolsReadOnly))
        let timeout = try reader.duration(.toolTimeout, .milliseconds(1)...CallSettings.longestTimeout)
        let workers = try reader.integer(.toolWorkers, 2...1024)
        let packWorkers = try reader.integer(.toolPackWorkers, 1...1023)
        let packCalls = try reader.integer(.toolPackCalls, 1...1_000_000)
        startTimeout = try reader.duration(.toolStartTimeout, .milliseconds(50)...TimeAmount.minutes(10))
        inlineHang = try reader.duration(.toolInlineHang, .seconds(2)...TimeAmount.minutes(10))
        let maxResultCharacters = try reader.integer(.toolMaxResult, 100...100_000_000)
        assertsFormats = try reader.choice(.assertFormats, as: FormatPolicy.self) == .assert
        let nullArguments = try reader.choice(.nullArguments, as: CallSettings.NullPolicy.self)
        if packWorkers >= workers {
            throw reader.error(.toolPackWorkers, "is not below TOOL_WORKERS (\(workers)): one pack could take all")
        }
        calls = CallSettings(
            timeout: timeout, workers: workers, packWorkers: packWorkers, packCalls: packCalls,
            maxResultCharacters: maxResultCharacters, nullArguments: nullArguments)
    }
}
