// The keys of the log.

import HostBase

extension LogSettings {
    init(_ reader: SettingsReader) throws(SettingsError) {
        self.init(
            format: try reader.choice(.logFormat, as: Format.self), level: try reader.choice(.logLevel, as: Level.self))
    }
}
