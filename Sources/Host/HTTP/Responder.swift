// The way back to the client of one request, for answers that come later, from elsewhere or in pieces.

import HostObservation
import NIOCore

/// Answers one request. Harmless once the request is answered or its client is gone.
public struct Responder: Sendable {
    private let bound: NIOLoopBound<(connection: Connection, exchange: Exchange)>
    /// Whether the client takes nothing but events.
    private var wantsEvents = false

    init(_ connection: Connection, _ exchange: Exchange, on eventLoop: any EventLoop) {
        bound = NIOLoopBound((connection, exchange), eventLoop: eventLoop)
    }

    public var eventLoop: any EventLoop { bound.eventLoop }

    /// Runs on the event loop: at once when this is it.
    public func onLoop(_ body: @escaping @Sendable () -> Void) {
        if eventLoop.inEventLoop { body() } else { eventLoop.execute(body) }
    }

    /// The way back to a client that takes a stream and nothing else.
    public var inEvents: Responder {
        var copy = self
        copy.wantsEvents = true
        return copy
    }

    /// Answers as a whole. Any thread.
    ///
    /// - Parameter ending: of the call that is answered. It is known then whether or not somebody still waits.
    public func answer(_ response: Response, ending: CallEnding? = nil) {
        if wantsEvents { return whole(response.asEvent, ending) }
        whole(response, ending)
    }

    private func whole(_ response: Response, _ ending: CallEnding?) {
        guard eventLoop.inEventLoop else {
            return eventLoop.execute { wholeOnLoop(response, ending) }
        }
        wholeOnLoop(response, ending)
    }

    private func wholeOnLoop(_ response: Response, _ ending: CallEnding?) {
        let (connection, exchange) = bound.value
        if let ending { exchange.ending = ending }
        connection.answer(response, for: exchange)
    }

    // MARK: On the event loop

    /// Whether the client keeps up with what it is sent.
    public var canTake: Bool { bound.value.connection.canTake }
    public var isQuiescing: Bool { bound.value.connection.state.isQuiescing }

    /// Who is to be told when the client goes away, or the host stops, before the request is answered.
    public func hold(_ source: any AnswerSource) { bound.value.connection.hold(source, for: bound.value.exchange) }

    /// Sends the head of an answer in pieces.
    public func begin(_ head: Response) { bound.value.connection.begin(head, for: bound.value.exchange) }
    public func send(_ bytes: [UInt8]) { bound.value.connection.send(bytes, for: bound.value.exchange) }

    /// - Parameters:
    ///   - reason: for the log.
    ///   - ending: of the call that is answered.
    public func end(reason: String? = nil, ending: CallEnding? = nil) {
        let (connection, exchange) = bound.value
        if let ending { exchange.ending = ending }
        connection.end(for: exchange, reason: reason)
    }
}
