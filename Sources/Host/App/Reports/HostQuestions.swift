// What commands ask hosts that run: the state folder of the configuration says which.

import HostControl

extension Configuration {
    /// What the hosts say of themselves, or one of them. Blocks.
    ///
    /// - Throws: `ControlFault` where there is none.
    public func status(host: Int?) throws(ControlFault) -> StatusReport {
        try StatusReport(stateFolder: settings.stateDirectory, host: host)
    }

    /// Has a pack started again. Blocks until that has begun.
    ///
    /// - Returns: what to tell the operator.
    /// - Throws: `ControlFault` with the host's words, or where there is not one host.
    public func restart(pack: String, host: Int?) throws(ControlFault) -> String {
        try PackRestart.ask(pack, stateFolder: settings.stateDirectory, host: host)
    }
}
