// What server and connections know of whoever answers: everything behind them stands behind this protocol.

import NIOCore
import NIOHTTP1

/// Answers the requests of a server's connections.
///
/// For one request the functions are called in the order in which they stand here, each at most once and on the event
/// loop of its connection.
public protocol HTTPService: AnyObject, Sendable {
    /// Whether this path may be asked when there are as many connections as there may be. Everything else is refused
    /// then.
    func isAnsweredInACrowd(_ path: String) -> Bool

    /// A request has begun. The service keeps what it wants to know of it later in a subclass of its own.
    func exchange(_ head: HTTPRequestHead, _ fields: RequestFields, id: String, peer: Peer) -> Exchange

    /// Decides on a request by its head.
    func plan(_ head: HTTPRequestHead, _ exchange: Exchange, on eventLoop: any EventLoop) -> Plan

    /// A request whose plan is to read it is complete. It is answered through `reply`, now or later.
    func handle(_ exchange: Exchange, body: [UInt8], _ reply: Responder)

    /// A request, or what never became one, is over. The next one of its connection is not dealt with before.
    func ended(_ exchange: Exchange, _ end: ExchangeEnd)
}

/// How an exchange ended.
public enum ExchangeEnd: Sendable {
    /// The whole answer is on its way.
    ///
    /// - Parameter reason: see `Response`.
    case answered(status: UInt, reason: String?)
    /// The client went away before its answer.
    case gone
    /// The host has waited no longer.
    case cut
}
