// The keys of what packs may use up whose YAML does not say.

import HostBase
import HostSandbox

extension PackLimits {
    init(_ reader: SettingsReader) throws(SettingsError) {
        self.init(
            memory: try Self.size(.packMemory, reader, Self.memoryRange),
            threads: reader.string(.packThreads) == "none" ? nil : try Self.threads(reader),
            openFiles: try reader.integer(.packOpenFiles, Self.openFileRange),
            fileSize: try Self.size(.packFileSize, reader, Self.fileSizeRange),
            keepsCoreDumps: try reader.flag(.packCoreDumps))
    }

    private static func threads(_ reader: SettingsReader) throws(SettingsError) -> Int {
        guard Int(reader.string(.packThreads)) != nil else {
            throw reader.error(.packThreads, "is neither a whole number nor `none`")
        }
        return try reader.integer(.packThreads, threadRange)
    }

    private static func size(
        _ key: SettingKey, _ reader: SettingsReader, _ range: ClosedRange<Int>
    ) throws(SettingsError) -> Int? {
        let text = reader.string(key)
        if text == "none" { return nil }
        guard let bytes = ByteCount(parsing: text)?.bytes else {
            throw reader.error(key, "is neither a size such as 512MiB or 2GiB nor `none`")
        }
        guard range.contains(bytes) else {
            throw reader.error(
                key,
                "is not between \(ByteCount(range.lowerBound).text) and \(ByteCount(range.upperBound).text)")
        }
        return bytes
    }
}
