// The keys of what packs may use up whose YAML does not say.

import HostPacks
import HostSandbox

extension PackLimits {
    init(_ reader: SettingsReader) throws(SettingsError) {
        self.init(
            memory: try Self.bound(.packMemory, .memory, reader),
            threads: try Self.bound(.packThreads, .threads, reader),
            openFiles: try Self.bound(.packOpenFiles, .openFiles, reader) ?? Self.standard.openFiles,
            fileSize: try Self.bound(.packFileSize, .fileSize, reader),
            keepsCoreDumps: try reader.flag(.packCoreDumps))
    }

    private static func bound(
        _ key: SettingKey, _ form: LimitForm, _ reader: SettingsReader
    ) throws(SettingsError) -> Int? {
        do {
            return try form.bound(reader.string(key))
        } catch {
            throw reader.error(key, error.problem)
        }
    }
}
