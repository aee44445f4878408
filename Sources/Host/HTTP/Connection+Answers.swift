// What a connection does for whoever answers: whole answers, answers in pieces, and the end of either.

import NIOCore
import NIOHTTP1

extension Connection {
    /// Remembers what an unanswered request waits for.
    func hold(_ source: any AnswerSource, for exchange: Exchange) {
        if self.exchange === exchange { exchange.source = source }
    }

    /// Whether the client keeps up with what it is sent.
    var canTake: Bool { context?.channel.isWritable ?? false }

    /// Answers as a whole.
    func answer(_ response: Response, for exchange: Exchange) {
        guard self.exchange === exchange, let context else { return }
        let step = state.answers(closes: response.closes)
        if case .nothing = step.action { return }
        let bytes = front.bytes(
            response, for: exchange, keepsAlive: state.keepsAlive, context.channel.allocator)
        finish(step, response, exchange, context, whole: bytes)
    }

    /// Writes the head of an answer whose body follows in pieces.
    func begin(_ head: Response, for exchange: Exchange) {
        guard self.exchange === exchange, let context else { return }
        let step = state.streams()
        if case .nothing = step.action { return }
        exchange.answer = head
        perform(step, context)
        perform(state.wrote(canTake: canTake), context)
    }

    func send(_ bytes: [UInt8], for exchange: Exchange) {
        guard self.exchange === exchange, let context else { return }
        let step = state.sends()
        if case .nothing = step.action { return }
        perform(step, context, context.channel.allocator.buffer(bytes: bytes))
        perform(state.wrote(canTake: canTake), context)
    }

    /// - Parameter reason: for the log.
    func end(for exchange: Exchange, reason: String?) {
        guard self.exchange === exchange, var response = exchange.answer, let context else { return }
        let step = state.endsStream()
        if case .nothing = step.action { return }
        response.reason = reason
        finish(step, response, exchange, context, whole: nil)
    }

    /// The last of an answer: all of it, or the end of what was written in pieces.
    private func finish(
        _ step: ConnectionStep, _ response: Response, _ exchange: Exchange, _ context: ChannelHandlerContext,
        whole: ByteBuffer?
    ) {
        self.exchange = nil
        // It holds the way back to this exchange.
        exchange.source = nil
        perform(step, context, whole)
        front.service.ended(exchange, .answered(status: response.status.code, reason: response.reason))
        guard case .write = step.action else { return }
        station.works(at: exchange.started, on: context.eventLoop)
        perform(state.told(canTake: context.channel.isWritable), context)
    }

    // MARK: Writing

    /// - Parameter whole: `nil`: the answer was written in pieces.
    func writeEnd(_ whole: ByteBuffer?, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        if let whole { output.write(whole, promise) } else { output.write(.end(nil), context, promise) }
    }

    /// What the client still sends is read and thrown away for a moment: closing over unread bytes would reset the
    /// connection and could destroy the answer on its way.
    func writeLast(_ whole: ByteBuffer?, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let promise = context.eventLoop.makePromise(of: Void.self)
        writeEnd(whole, context, promise)
        promise.futureResult.whenComplete { _ in
            let (connection, context) = bound.value
            connection.perform(connection.state.wroteLast(), context)
        }
        forgetRest(context)
    }

    func writeHead(_ context: ChannelHandlerContext) {
        guard output.prepareEncoder(before: self, context) else { return context.close(promise: nil) }
        guard let exchange, let head = exchange.answer else { return }
        output.write(.head(front.head(head, for: exchange, keepsAlive: state.keepsAlive)), context)
    }

    func giveSign() {
        guard let exchange, case .stream(let sign) = exchange.answer?.body else { return }
        send(sign, for: exchange)
    }

    /// Asks for the body.
    func invite(_ context: ChannelHandlerContext) {
        guard let exchange else { return }
        guard output.prepareEncoder(before: self, context) else { return context.close(promise: nil) }
        output.write(.head(HTTPResponseHead(version: exchange.version, status: .continue)), context)
        perform(state.invited(), context)
    }

    /// Ends a connection on which nothing is asked, once the client has taken what is left of the last answer.
    func leave(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let promise = context.eventLoop.makePromise(of: Void.self)
        output.write(context.channel.allocator.buffer(capacity: 0), promise)
        promise.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
    }
}
