// Files that settings name: opened in the one way, with errors that name the key.

import HostBase

extension SettingsReader {
    /// How files that decide are judged.
    var fileTrust: FileTrust {
        get throws(SettingsError) {
            FileTrust(groupWritable: try choice(.groupWritable, as: FileTrust.GroupWritable.self))
        }
    }

    /// The file that a key names, which has to be there.
    func file(_ key: SettingKey, in workingDirectory: String) throws(SettingsError) -> DecidingFile {
        let name = string(key)
        let path = name.hasPrefix("/") ? name : "\(workingDirectory)/\(name)"
        do {
            if let file = try DecidingFile(path: path, trust: fileTrust) { return file }
        } catch let fault as FileFault {
            throw SettingsError(key: key.name, problem: fault.description, example: "")
        } catch let error as SettingsError {
            throw error
        } catch {
            throw SettingsError(key: key.name, problem: "\(error)", example: "")
        }
        throw SettingsError(
            key: key.name, problem: "\(path) cannot be read: there is no such file", example: key.example)
    }
}
