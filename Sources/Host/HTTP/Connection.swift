// One connection: hands what happens on its channel to the values that decide, and does what they say.

import Glibc
import NIOCore
import NIOHTTP1

/// The last handler of the pipeline. Everything runs on the connection's event loop.
///
/// Requests are read one at a time, in order. While one is being answered what follows is held, and once something is
/// held nothing more is read. So a client that sends many requests at once gets its answers in order and cannot make
/// the host hold more than two reads' worth of them; and for one that waits for its answer the socket need not be taken
/// out of the poll and put back, two system calls of each call that is not answered at once. While the connection's
/// last request is being answered nothing is read, and behind it all is thrown away.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    let front: HTTPFront
    let station: LoopStation
    let progress: ProgressGuard
    var state: ConnectionState
    var deadline: ConnectionDeadline
    var timer: Scheduled<Void>?
    var context: ChannelHandlerContext?
    var output = ConnectionOutput()
    private var peer: Peer?
    var exchange: Exchange?
    private var held = CircularBuffer<HTTPServerRequestPart>()
    private var wantsRead = false
    private var isDraining = false
    /// The connection has ended within a request's head.
    private var isInHead = false

    /// - Parameters:
    ///   - station: of the loop that the connection lives on.
    ///   - stage: of a host that is stopping.
    ///   - isSpare: there are as many connections as there may be: this one may ask for what is answered in a crowd,
    ///     once.
    init(front: HTTPFront, progress: ProgressGuard, station: LoopStation, stage: StopStage?, isSpare: Bool = false) {
        self.front = front
        self.progress = progress
        self.station = station
        state = ConnectionState(maxBodyBytes: front.limits.maxBodyBytes, stage: stage, isSpare: isSpare)
        deadline = ConnectionDeadline(front.limits)
    }

    // MARK: Life of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output.open(context)
        if context.channel.isActive { perform(state.opened(), context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        perform(state.opened(), context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        let step = state.closes(isInHead: isInHead)
        let exchange = self.exchange
        self.exchange = nil
        exchange?.source?.gone()
        exchange?.source = nil
        switch step.action {
        case .tellGone: front.service.ended(exchange ?? front.unreadable(), .gone)
        case .tellCut: front.service.ended(exchange ?? front.unreadable(), .cut)
        default: break
        }
        held.removeAll()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        output.close()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let stage = event as? StopStage { perform(state.stops(stage), context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { exchange?.source?.resume() }
        // What was written just now may have filled the channel again.
        perform(state.wrote(canTake: context.channel.isWritable), context)
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The system has no room to watch it (epoll_ctl(2)): it is closed, and nobody else would hear of that.
        if let error = error as? IOError, error.errnoCode == ENOSPC {
            context.channel.parent?.pipeline.fireErrorCaught(error)
        }
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        // What ends in the middle because the connection does is no mistake, and nobody is there to be told.
        if error == .invalidEOFState, !context.channel.isActive {
            isInHead = exchange == nil
            return
        }
        let step = state.fails()
        guard step.action == .refuse(.unreadable) else { return perform(step, context) }
        refuse(ConnectionProblem.unreadable(error, line: progress.lineFault(), front.limits))
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        if state.mayRead {
            context.read()
        } else {
            wantsRead = true
        }
    }

    private func releaseRead(_ context: ChannelHandlerContext) {
        guard wantsRead, state.mayRead else { return }
        wantsRead = false
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard progress.takes(part) else { return perform(state.fails(), context) }
        if state.holds() {
            held.append(part)
        } else {
            process(part, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        perform(state.readAll(), context)
        context.fireChannelReadComplete()
    }

    private func process(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            if state.phase == .idle { begin(head, context) }
        case .body(let bytes):
            perform(state.received(bytes.readableBytes), context, bytes)
        case .end:
            perform(state.completed(), context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let peer = self.peer ?? front.peer(context.channel.remoteAddress)
        self.peer = peer
        let exchange = front.exchange(head, from: peer)
        self.exchange = exchange
        state.begins(RequestFraming(head, exchange.fields))
        let isTurnedAway = state.isSpare && !front.service.isAnsweredInACrowd(exchange.path)
        decide(
            isTurnedAway
                ? .answer(ConnectionProblem.crowded) : front.plan(head, exchange, on: context.eventLoop),
            exchange, context)
    }

    private func decide(_ plan: Plan, _ exchange: Exchange, _ context: ChannelHandlerContext) {
        switch plan {
        case .later(let future):
            let bound = NIOLoopBound((self, exchange, context), eventLoop: context.eventLoop)
            future.whenSuccess { plan in
                let (connection, exchange, context) = bound.value
                guard connection.exchange === exchange else { return }
                connection.decide(plan, exchange, context)
            }
        case .answer(let response):
            exchange.answer = response
            perform(state.decidedToAnswer(closes: response.closes), context)
        case .read:
            perform(state.decidedToRead(), context)
        }
    }

    /// Deals with what was held.
    private func drain(_ context: ChannelHandlerContext) {
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        while state.deals, let part = held.popFirst() {
            if held.isEmpty { state.holdsNothing() }
            process(part, context)
        }
        perform(state.settles(), context)
        releaseRead(context)
    }

    // MARK: Acting

    /// - Parameter bytes: of a body, or what is to be written.
    func perform(_ step: ConnectionStep, _ context: ChannelHandlerContext, _ bytes: ByteBuffer? = nil) {
        if step.isDeaf { progress.stop() }
        if let wait = step.wait { watch(wait, context) }
        switch step.action {
        case .nothing, .tellGone, .tellCut: break
        case .keep: if let bytes { exchange?.append(bytes) }
        case .invite: invite(context)
        case .handle: handle(context)
        case .answerPlanned: if let exchange, let response = exchange.answer { answer(response, for: exchange) }
        case .refuse(let refusal): refuse(response(to: refusal))
        case .write: writeEnd(bytes, context, nil)
        case .writeLast: writeLast(bytes, context)
        case .writeHead: writeHead(context)
        case .writePiece: if let bytes { output.write(.body(.byteBuffer(bytes)), context) }
        case .giveSign: giveSign()
        case .goOn: drain(context)
        case .quiesce: exchange?.source?.quiesce()
        case .lookSoon: lookSoon(context)
        case .leave: leave(context)
        case .closeOutput: context.close(mode: .output, promise: nil)
        case .close: context.close(promise: nil)
        }
    }

    private func handle(_ context: ChannelHandlerContext) {
        guard let exchange else { return }
        let reply = Responder(self, exchange, on: context.eventLoop)
        front.service.handle(exchange, body: exchange.takeBody(), reply)
    }

    private func refuse(_ response: Response) {
        let exchange = self.exchange ?? front.unreadable()
        self.exchange = exchange
        answer(response, for: exchange)
    }

    private func response(to refusal: ConnectionStep.Refusal) -> Response {
        switch refusal {
        // The parser has not noticed; where it has, it says what is wrong.
        case .unreadable: ConnectionProblem.badLine
        case .tooLarge: ConnectionProblem.bodyTooLarge(front.limits)
        case .noHead: ConnectionProblem.noHead(within: front.limits.headerTimeout)
        case .noBody: ConnectionProblem.noBody(within: front.limits.bodyTimeout)
        case .stopping: ConnectionProblem.stopping
        }
    }

    /// Throws away what was held, and reads to throw that away, too.
    func forgetRest(_ context: ChannelHandlerContext) {
        held.removeAll()
        releaseRead(context)
    }
}
