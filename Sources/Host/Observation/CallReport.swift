// One call as everybody hears of it who watches: made once for each, however it came and however it ended.

import NIOCore

/// Who called what, from where, how it ended, and what it took. Strings and numbers alone.
struct CallReport: Sendable, Hashable {
    /// How it came.
    enum Way: Sendable, Hashable {
        case rest
        /// Over REST, answered by its head alone.
        case restHead(method: String, path: String)
        /// - Parameter era: of the protocol.
        case mcp(era: String)
        /// Within a batch, which has one status for all its calls.
        case batch(era: String)
    }

    /// The authenticated application; `nil` where nobody knows who it was.
    var client: String?
    var subject: String?
    /// The client's, seen through trusted proxies.
    var address: String?
    var requestID: String
    /// As the client sent it; empty where it did not.
    var traceparent: String
    var way: Way
    /// `nil` where no tool has the name that was called.
    var tool: String?
    /// Id of the tool's pack.
    var pack: String?
    /// Its outcome, and what it took.
    var ending: CallEnding
    /// Why it is no success: one of a bounded set of words. `nil` where it is one.
    var reason: String?
    /// Of HTTP; 499 where the client was gone, 0 of a call in a batch.
    var status: Int
    /// From the request's head, in a batch from the call's turn, until it was answered.
    var time: TimeAmount
}

/// Somebody who wants to hear of each call. Told after the answer was handed to the socket, on an event loop: it may
/// not block.
protocol CallObserver: Sendable {
    func ended(_ call: CallReport)
}

/// All who hear of calls: the log first.
struct CallObservers: Sendable {
    let log: CallLog
    var others: [any CallObserver] = []

    func ended(_ call: CallReport) {
        log.ended(call)
        for observer in others { observer.ended(call) }
    }
}
