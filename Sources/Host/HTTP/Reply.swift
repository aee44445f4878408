// The way back to the client of one request, for answers that come later, from elsewhere or in pieces.

import NIOCore

/// What makes an answer in pieces. The connection calls it, always on its event loop.
protocol AnswerStream: AnyObject, Sendable {
    /// The client can take more again.
    func resume()
    /// The host is about to stop: a stream that would go on for ever ends now.
    func quiesce()
    /// The client went away; nothing can be sent any more.
    func gone()
}

/// Answers one request. Harmless once the request is answered or its client is gone.
struct Reply: Sendable {
    let eventLoop: any EventLoop
    private let bound: NIOLoopBound<(connection: Connection, exchange: Exchange)>
    /// Whether the client takes nothing but events.
    private var wantsEvents = false

    init(_ connection: Connection, _ exchange: Exchange, on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        bound = NIOLoopBound((connection, exchange), eventLoop: eventLoop)
    }

    /// Runs on the event loop: at once when this is it.
    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if eventLoop.inEventLoop { body() } else { eventLoop.execute(body) }
    }

    /// The way back to a client that takes a stream and nothing else.
    var inEvents: Reply {
        var copy = self
        copy.wantsEvents = true
        return copy
    }

    /// Answers as a whole. Any thread.
    func answer(_ response: Response) {
        if wantsEvents { return whole(response.asEvent) }
        whole(response)
    }

    private func whole(_ response: Response) {
        guard eventLoop.inEventLoop else {
            return eventLoop.execute { bound.value.connection.answer(response, for: bound.value.exchange) }
        }
        let (connection, exchange) = bound.value
        connection.answer(response, for: exchange)
    }

    // MARK: On the event loop

    /// Whether the client keeps up with what it is sent.
    var canTake: Bool { bound.value.connection.canTake }
    var isQuiescing: Bool { bound.value.connection.isQuiescing }

    /// Abandons the call when the client goes away before its answer.
    func hold(_ call: Call?) { bound.value.connection.hold(call, for: bound.value.exchange) }
    func hold(_ stream: any AnswerStream) { bound.value.connection.hold(stream, for: bound.value.exchange) }

    /// Sends the head of an answer in pieces.
    func begin(_ head: Response) { bound.value.connection.begin(head, for: bound.value.exchange) }
    func send(_ bytes: [UInt8]) { bound.value.connection.send(bytes, for: bound.value.exchange) }
    /// - Parameter reason: for the log.
    func end(reason: String? = nil) { bound.value.connection.end(for: bound.value.exchange, reason: reason) }
}
