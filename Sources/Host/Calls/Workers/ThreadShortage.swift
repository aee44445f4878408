// Says that the system gave no thread: whoever wanted one goes on without it, and would do so in silence.

import HostBase
import Logging
import NIOCore

/// A line when threads are lacking, and one when they are not any more.
public final class ThreadShortage: Sendable {
    private let group: (any EventLoopGroup)?
    private let logger: Logger
    private let notice = Notice()

    /// - Parameter group: where to wait for the end of a shortage.
    init(group: (any EventLoopGroup)?, logger: Logger) {
        self.group = group
        self.logger = logger
    }

    /// - Parameters:
    ///   - name: of the thread that did not start.
    ///   - effect: what comes of it.
    public func failed(_ name: String, _ effect: String) {
        notice.met(on: group?.any()) {
            logger.error(
                "the system gives no more threads",
                metadata: [
                    "thread": "\(name)", "effect": "\(effect)",
                    "advice": "raise the limit on processes of this user (ulimit -u), pids.max or TasksMax=",
                ])
        } ended: { [logger] summary in
            logger.notice(
                "threads are not lacking any more",
                metadata: ["after": "\(summary.duration.text)", "failed": "\(summary.times)"])
        }
    }
}
