// What the log says of a pack in a process of its own: that it ended and why, and when it comes back.

import HostBase
import Logging
import NIOCore

extension PackLog {
    /// The line of one end; it is the only one unless the pack is given up.
    ///
    /// - Parameter next: what comes of it; `nil` where it was asked for.
    public func ended(_ end: RunnerEnd, next: RestartPolicy.Decision?, at now: NIODeadline) {
        var metadata = end.metadata
        switch next {
        case nil: break
        case .start(let due): metadata["restart"] = "\(due <= now ? "at once" : "in \((due - now).text)")"
        case .never: metadata["restart"] = "never"
        }
        // Whoever asked for it needs no alarm.
        logger.log(level: end.cause == .asked ? .notice : .error, "the process of a pack ended", metadata: metadata)
    }

    /// - Parameters:
    ///   - restarts: how often it was started anew so far.
    ///   - process: the number of the one in which it runs.
    public func runsAgain(restarts: Int, process: Int32?) {
        var metadata: Logger.Metadata = ["restarts": "\(restarts)"]
        if let process { metadata["pid"] = "\(process)" }
        logger.notice("a pack runs again", metadata: metadata)
    }

    public func givenUp() {
        logger.error(
            "a pack failed again and again and is not started any more; its calls are refused",
            metadata: [
                "key": "PACK_RESTART_LIMIT",
                "advice":
                    "toolhost pack restart \(packID) starts it again as it is; a replaced file needs a restart of the host",
            ])
    }

    /// - Parameter end: the last one that it was kept out for.
    public func quarantined(_ tool: String, by end: RunnerEnd) {
        let advice = "turn the tool off until its authors have mended it"
        logger.error(
            "a tool brought its pack down again and again, and its calls are refused for a while",
            metadata: [
                "tool": "\(tool)", "pause": "\(ToolQuarantine.pause.text)", "reason": "\(end.sentence)",
                "advice": "\(end.isOverLimit ? "raise the bound as the reason says, or " : "")\(advice)",
            ])
    }

    /// - Parameter reason: such as `a call succeeded`.
    public func freed(_ tool: String, because reason: String) {
        logger.notice(
            "the calls of a tool that brought its pack down are let in",
            metadata: ["tool": "\(tool)", "reason": "\(reason)"])
    }
}
