// Ends packs, each on a thread of its own, and waits no longer than promised.

import Dispatch
import HostBase
import HostCalls
import Logging
import NIOCore

/// Stops packs.
public enum PackStopper {
    /// For a host that answers nobody any more. Blocks until every pack has stopped or the time is over.
    public static func stop(_ packs: [Pack], within time: TimeAmount, logger: Logger) {
        let deadline = NIODeadline.now() + time
        let stops = packs.map { pack in
            pack.desk.abandonAll()
            let done = DispatchSemaphore(value: 0)
            let isStarted = Thread.start("pack-stop") {
                // Said before anybody says that it did not stop in time.
                let empty = deadline - min(.milliseconds(200), .nanoseconds(time.nanoseconds / 4))
                if !pack.desk.stop(emptyBy: empty, deadline: deadline) {
                    logger.warning("a pack is not stopped: a call is still inside it", metadata: ["pack": "\(pack.id)"])
                }
                done.signal()
            }
            if !isStarted {
                logger.warning(
                    "a pack is not stopped: the system has no thread for it", metadata: ["pack": "\(pack.id)"])
                done.signal()
            }
            return (pack, done)
        }
        for (pack, done) in stops {
            let left = max(0, (deadline - NIODeadline.now()).nanoseconds)
            if done.wait(timeout: .now() + .nanoseconds(Int(left))) == .timedOut {
                logger.warning("a pack did not stop in time", metadata: ["pack": "\(pack.id)"])
            }
        }
    }
}
