// Places of this machine that settings name: taken when the host starts, and an error names the key that is to be
// changed.

import HostBase
import HostHTTP
import HostNetwork

extension Settings {
    /// Makes the state folder and judges it.
    func prepareStateFolder() throws(SettingsError) {
        do {
            _ = try StateFolder(path: stateDirectory, trust: files)
        } catch {
            throw SettingsError(key: SettingKey.stateDirectory.name, problem: "\(error)", example: "")
        }
    }

    /// Takes the port.
    func bind() throws(SettingsError) -> BoundSocket {
        do {
            return try BoundSocket(host: host, port: port)
        } catch {
            throw SettingsError(
                key: "\(SettingKey.serverHost.name), \(SettingKey.serverPort.name)",
                problem: "cannot listen on \(host), port \(port): " + ConnectionFailure.reason(of: error), example: "")
        }
    }
}
