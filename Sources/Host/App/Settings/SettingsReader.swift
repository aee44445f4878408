// Turns raw values into typed ones, with an error that names the key where a value makes no sense.

import HostBase
import NIOCore

/// Reads typed values of `SettingKey`s.
struct SettingsReader {
    let source: SettingsSource

    func string(_ key: SettingKey) -> String {
        source[key.name] ?? key.defaultValue
    }

    /// Items between commas, white space around them removed, empty ones left out.
    func list(_ key: SettingKey) -> [String] {
        string(key).split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }
    }

    func integer(_ key: SettingKey, _ range: ClosedRange<Int>) throws(SettingsError) -> Int {
        guard let value = Int(string(key)) else { throw error(key, "is not a whole number") }
        guard range.contains(value) else {
            throw error(key, "is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }

    func flag(_ key: SettingKey) throws(SettingsError) -> Bool {
        switch string(key).lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw error(key, "is neither true nor false")
        }
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ key: SettingKey, as type: Value.Type)
        throws(SettingsError) -> Value where Value.RawValue == String
    {
        if let value = Value(rawValue: string(key).lowercased()) { return value }
        throw error(key, "is none of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }

    func duration(_ key: SettingKey, _ range: ClosedRange<TimeAmount>) throws(SettingsError) -> TimeAmount {
        try duration(string(key), key, range, "is")
    }

    /// Times between commas.
    func durations(_ key: SettingKey, _ range: ClosedRange<TimeAmount>) throws(SettingsError) -> [TimeAmount] {
        var values: [TimeAmount] = []
        for item in list(key) { values.append(try duration(item, key, range, "has \"\(item)\", which is")) }
        return values
    }

    private func duration(
        _ text: String, _ key: SettingKey, _ range: ClosedRange<TimeAmount>, _ verb: String
    ) throws(SettingsError) -> TimeAmount {
        guard let value = TimeAmount(parsing: text) else {
            throw error(key, "\(verb) not a time such as 500ms, 30s or 2m")
        }
        guard range.contains(value) else {
            throw error(key, "\(verb) not between \(range.lowerBound.text) and \(range.upperBound.text)")
        }
        return value
    }

    /// - Parameter isQuoted: `false` for a value that may have a secret in it by mistake, such as a URL with a
    ///   password.
    func error(_ key: SettingKey, _ problem: String, isQuoted: Bool = true) -> SettingsError {
        let shown = key.isSecret || !isQuoted ? "the value" : "\"\(string(key))\""
        return SettingsError(key: key.name, problem: "\(shown) \(problem)", example: key.example)
    }
}
