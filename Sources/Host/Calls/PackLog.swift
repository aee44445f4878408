// What the host says of one pack in its log. Every line of it names the pack.

import Logging
import NIOCore
import ToolABI

/// The log of one pack. Also tells one pack's calls from another's: no two packs have the same one.
public final class PackLog: Sendable {
    public let packID: String
    public let logger: Logger

    public init(packID: String, logger: Logger) {
        self.packID = packID
        var logger = logger
        logger[metadataKey: "pack"] = "\(packID)"
        self.logger = logger
    }

    func late(_ call: Call, by lateness: TimeAmount) {
        logger.warning(
            "a tool settled its call after the caller had been answered",
            metadata: Self.metadata(call, ["late_ms": "\(lateness.nanoseconds / 1_000_000)"]))
    }

    func overrun(_ call: Call) {
        logger.warning("a call keeps its thread beyond its deadline", metadata: Self.metadata(call, [:]))
    }

    func stuck(workers: Int, refused: Int) {
        logger.error(
            "a pack is stuck: all the threads it may have are kept beyond their deadlines, and its calls are refused",
            metadata: [
                "threads": "\(workers)", "key": "TOOL_PACK_WORKERS", "refused": "\(refused)",
                "advice": "turn off the tools that the lines before this one name, or restart the host",
            ])
    }

    func unstuck() {
        logger.notice("a pack that was stuck has a thread again, and its calls are let in")
    }

    /// - Parameter wasIssued: whether there ever was a call with this number.
    public func twice(wasIssued: Bool, requestID: String?) {
        logger.error(
            wasIssued ? "a tool settled a call that is not open any more" : "a tool settled a call that never was",
            metadata: requestID.map { ["request_id": "\($0)"] })
    }

    func fault(_ reason: String, _ call: Call) {
        logger.error("a tool broke its contract", metadata: Self.metadata(call, ["reason": "\(reason)"]))
    }

    /// - Parameter reason: why the latest of its calls failed.
    func condition(_ change: PackCondition.Change, because reason: String) {
        switch change {
        case .ails(let tool):
            logger.warning(
                "a pack is ailing: its calls fail again and again",
                metadata: ["tool": "\(tool)", "reason": "\(reason)"])
        case .recovered(let tool):
            logger.notice("a pack is well again", metadata: ["tool": "\(tool)", "reason": "a call succeeded"])
        case .forgotten:
            logger.notice("a pack is well again", metadata: ["reason": "no call of it failed for a while"])
        }
    }

    func demotion(of tool: String) {
        logger.warning(
            "an inline tool overran one millisecond again and again and runs on the workers from now on",
            metadata: ["tool": "\(tool)"])
    }

    /// - Parameter tool: `nil` where the results came by `complete`.
    public func slowRelease(of tool: String?) {
        logger.warning(
            "releasing a pack's results kept the network waiting for over a millisecond again and again",
            metadata: tool.map { ["tool": "\($0)"] })
    }

    private static func metadata(_ call: Call, _ more: Logger.Metadata) -> Logger.Metadata {
        more.merging([
            "tool": "\(call.tool.name)", "request_id": "\(call.context.requestID)",
        ]) { own, _ in own }
    }
}
