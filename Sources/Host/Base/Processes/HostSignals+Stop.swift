// What a stop means, by its reason: the last lines of the log, and the status that supervisors read.

import Logging

extension HostSignals.Stop {
    /// What the process ends with, if it ends in time.
    public var status: Int32 {
        switch self {
        case .asked: 0
        case .byPack: ExitStatus.endedByPack
        case .givenUp: ExitStatus.stuck
        }
    }

    public func write(to logger: Logger) {
        let message: Logger.Message = "stopping: open requests may end, and soon new ones are not accepted"
        switch self {
        case .asked(let signal):
            logger.info(message, metadata: ["signal": "\(signal)"])
        case .byPack(let pack, let signal):
            var metadata: Logger.Metadata = ["signal": "\(signal)"]
            if let pack { metadata["pack"] = "\(pack)" }
            logger.critical("a pack sent the process a signal that ends it", metadata: metadata)
            logger.info(message, metadata: ["signal": "\(signal)"])
        case .givenUp:
            logger.info(message)
        }
    }
}
