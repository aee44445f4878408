// One call as everybody hears of it who watches: made once for each, however it came and however it ended.

import NIOCore

/// Who called what, from where, how it ended, and what it took. Strings and numbers alone.
public struct CallReport: Sendable, Hashable {
    /// How it came.
    public enum Way: Sendable, Hashable {
        case rest
        /// Over REST, answered by its head alone.
        case restHead(method: String, path: String)
        /// - Parameter era: of the protocol.
        case mcp(era: String)
        /// Within a batch, which has one status for all its calls.
        case batch(era: String)
    }

    /// The authenticated application; `nil` where nobody knows who it was.
    public var client: String?
    public var subject: String?
    /// The client's, seen through trusted proxies.
    public var address: String?
    public var requestID: String
    /// As the client sent it; empty where it did not.
    public var traceparent: String
    public var way: Way
    /// `nil` where no tool has the name that was called.
    public var tool: String?
    /// Id of the tool's pack.
    public var pack: String?
    /// Its outcome, and what it took.
    public var ending: CallEnding
    /// Why it is no success: one of a bounded set of words. `nil` where it is one.
    public var reason: String?
    /// From the request's head, in a batch from the call's turn, until it was answered.
    public var time: TimeAmount
    /// The status of HTTP; 499 where the client was gone, 0 for a call in a batch.
    public var status: Int
}

extension CallReport {
    /// Hands on to the memberwise initializer, from which it differs in the order alone: a value of so many parts that
    /// an initializer sets one after the other is copied whole once more, 400 instructions of a call.
    @inline(__always)
    public init(
        client: String? = nil, subject: String? = nil, address: String? = nil, requestID: String, traceparent: String,
        way: Way, tool: String? = nil, pack: String? = nil, ending: CallEnding, reason: String? = nil, status: Int,
        time: TimeAmount
    ) {
        self.init(
            client: client, subject: subject, address: address, requestID: requestID, traceparent: traceparent,
            way: way, tool: tool, pack: pack, ending: ending, reason: reason, time: time, status: status)
    }
}

/// Somebody who wants to hear of each call. Told after the answer was handed to the socket, on an event loop: it may
/// not block.
public protocol CallObserver: Sendable {
    func ended(_ call: CallReport)
}

/// All who hear of calls: the log first.
public struct CallObservers: Sendable {
    public let log: CallLog
    public var others: [any CallObserver] = []

    public init(log: CallLog, others: [any CallObserver] = []) {
        self.log = log
        self.others = others
    }

    public func ended(_ call: CallReport) {
        log.ended(call)
        for observer in others { observer.ended(call) }
    }
}
