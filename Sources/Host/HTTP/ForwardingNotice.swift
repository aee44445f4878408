// Says that a trusted proxy names its clients in a way that is not understood: until that is mended, all of them look
// like one.

import HostBase
import Logging
import NIOCore

/// A line when it begins and one when it is over.
final class ForwardingNotice: Sendable {
    private let logger: Logger
    /// Callers are few at night: what a proxy does wrong it does for months.
    private let notice = Notice(Spell(quiet: .minutes(10)))

    init(logger: Logger) {
        self.logger = logger
    }

    /// It happened once more, on this loop.
    ///
    /// - Parameter client: what the caller is taken for.
    func met(_ unread: ClientAddress.Unread, from peer: Peer, takenFor client: String, on eventLoop: any EventLoop) {
        notice.met(on: eventLoop) {
            logger.warning(
                "a trusted proxy does not say in a readable way for whom it calls; all such callers count as one",
                metadata: [
                    "proxy": "\(peer.name)", "field": "\(unread.field.text)",
                    "value": "\(ForeignText.quoted(unread.value))", "taken_for": "\(client)",
                    "key": "TRUSTED_PROXIES",
                ])
        } ended: { [logger] summary in
            logger.notice(
                "trusted proxies say in a readable way again for whom they call",
                metadata: ["after": "\(summary.duration.text)", "requests": "\(summary.times)"])
        }
    }
}
