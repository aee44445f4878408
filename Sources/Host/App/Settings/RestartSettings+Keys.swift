// The keys of packs whose processes end.

import HostCalls
import NIOCore

extension RestartSettings {
    /// A longer list is a slip of the pen.
    private static let mostDelays = 16

    init(_ reader: SettingsReader) throws(SettingsError) {
        self.init(delays: try Self.delays(reader), limit: try Self.limit(reader))
    }

    private static func delays(_ reader: SettingsReader) throws(SettingsError) -> [TimeAmount] {
        let delays = try reader.durations(.packRestartDelays, .zero...TimeAmount.hours(1))
        guard (1...mostDelays).contains(delays.count) else {
            throw reader.error(.packRestartDelays, "has not 1 to \(mostDelays) times")
        }
        return delays
    }

    private static func limit(_ reader: SettingsReader) throws(SettingsError) -> Int? {
        let text = reader.string(.packRestartLimit)
        if text.lowercased() == "off" { return nil }
        guard Int(text) != nil else { throw reader.error(.packRestartLimit, "is neither a whole number nor `off`") }
        return try reader.integer(.packRestartLimit, 1...1000)
    }
}
