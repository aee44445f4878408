// Says that connections are turned away because as many as there may be are open: each of them is told, the operator is
// not.

import HostBase
import Logging
import NIOCore

/// A line when it begins and one when it is over.
final class CrowdNotice: Sendable {
    private let limit: Int
    private let logger: Logger
    private let notice = Notice()

    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    /// One more was turned away, on this loop.
    func turnedAway(on eventLoop: any EventLoop) {
        notice.met(on: eventLoop) {
            logger.warning(
                "connections are turned away: as many as there may be are open",
                metadata: ["limit": "\(limit)", "key": "HTTP_MAX_CONNECTIONS"])
        } ended: { [logger] summary in
            logger.notice(
                "no connection is turned away any more",
                metadata: ["after": "\(summary.duration.text)", "turned_away": "\(summary.times)"])
        }
    }
}
