// One call as everybody hears of it who watches: made once for each, however it came and however it ended.

import NIOCore

/// Who called what, from where, how it ended, and what it took. Strings and numbers alone.
package struct CallReport: Sendable, Hashable {
    /// How it came.
    package enum Way: Sendable, Hashable {
        case rest
        /// Over REST, answered by its head alone.
        case restHead(method: String, path: String)
        /// - Parameter era: of the protocol.
        case mcp(era: String)
        /// Within a batch, which has one status for all its calls.
        case batch(era: String)
    }

    /// The authenticated application; `nil` where nobody knows who it was.
    package var client: String?
    package var subject: String?
    /// The client's, seen through trusted proxies.
    package var address: String?
    package var requestID: String
    /// As the client sent it; empty where it did not.
    package var traceparent: String
    package var way: Way
    /// `nil` where no tool has the name that was called.
    package var tool: String?
    /// Id of the tool's pack.
    package var pack: String?
    /// Its outcome, and what it took.
    package var ending: CallEnding
    /// Why it is no success: one of a bounded set of words. `nil` where it is one.
    package var reason: String?
    /// The status of HTTP; 499 where the client was gone, 0 for a call in a batch.
    package var status: Int
    /// From the request's head, in a batch from the call's turn, until it was answered.
    package var time: TimeAmount

    package init(
        client: String? = nil, subject: String? = nil, address: String? = nil, requestID: String, traceparent: String,
        way: Way, tool: String? = nil, pack: String? = nil, ending: CallEnding, reason: String? = nil, status: Int,
        time: TimeAmount
    ) {
        self.client = client
        self.subject = subject
        self.address = address
        self.requestID = requestID
        self.traceparent = traceparent
        self.way = way
        self.tool = tool
        self.pack = pack
        self.ending = ending
        self.reason = reason
        self.status = status
        self.time = time
    }
}

/// Somebody who wants to hear of each call. Told after the answer was handed to the socket, on an event loop: it may
/// not block.
package protocol CallObserver: Sendable {
    func ended(_ call: CallReport)
}

/// All who hear of calls: the log first.
package struct CallObservers: Sendable {
    package let log: CallLog
    package var others: [any CallObserver] = []

    package init(log: CallLog, others: [any CallObserver] = []) {
        self.log = log
        self.others = others
    }

    package func ended(_ call: CallReport) {
        log.ended(call)
        for observer in others { observer.ended(call) }
    }
}
