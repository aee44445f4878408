// One connection: reads requests one at a time, in order, within limits of size and time, and writes the answers.

import NIOCore
import NIOHTTP1

/// The last handler of the pipeline. Everything runs on the connection's event loop.
///
/// While a request is being answered what follows is held, and once something is held nothing more is read. So a client
/// that sends many requests at once gets its answers in order and cannot make the host hold more than two reads' worth of
/// them; and for one that waits for its answer the socket need not be taken out of the poll and put back. While the
/// connection's last request is being answered nothing is read, and behind it all is thrown away.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// Between requests.
        case idle
        /// The head was accepted; its body is on the way.
        case receiving
        /// The answer is on the way.
        case answering
        /// The answer was the last one; what still comes in is thrown away.
        case closing
    }

    private let front: HTTPFront
    private let progress: ProgressGuard
    private let place: LoopPlace
    private var context: ChannelHandlerContext?
    /// Where whole answers are written: behind the encoder, once there is one.
    private var wire: ChannelHandlerContext?
    private var hasEncoder = false
    private var peer: Peer?
    private var phase = Phase.idle
    private var exchange: Exchange?
    private var held = CircularBuffer<HTTPServerRequestPart>()
    private var wantsRead = false
    private var isDraining = false
    /// Every answer is the last one of its connection.
    private(set) var isQuiescing: Bool
    /// Where nothing is asked, the connection ends.
    private var isLeaving: Bool
    /// The host has ended the connection, and not its client.
    private var isCut = false
    private let isSpare: Bool
    private var requests = 0
    private var limit: NIODeadline?
    private var watch: (task: Scheduled<Void>, at: NIODeadline)?
    /// The parser gave up; nothing that follows can be understood.
    private var isBroken = false {
        didSet { if isBroken { progress.stop() } }
    }

    /// - Parameters:
    ///   - place: of the loop that the connection lives on.
    ///   - stage: of a host that is stopping.
    ///   - isSpare: there are as many connections as there may be: this one may ask for health, once.
    init(front: HTTPFront, progress: ProgressGuard, place: LoopPlace, stage: StopStage?, isSpare: Bool = false) {
        self.front = front
        self.progress = progress
        self.place = place
        isQuiescing = stage != nil
        isLeaving = stage != nil && stage != .announced
        self.isSpare = isSpare
    }

    // MARK: Life of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wire = context
        if context.channel.isActive { watch(for: inTime(front.limits.headerTimeout)) }
    }

    func channelActive(context: ChannelHandlerContext) {
        watch(for: inTime(front.limits.headerTimeout))
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.task.cancel()
        watch = nil
        if let exchange {
            self.exchange = nil
            exchange.source?.gone()
            exchange.source = nil
            if phase == .answering { front.service.ended(exchange, isCut ? .cut : .gone) }
        }
        phase = .closing
        held.removeAll()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        wire = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let stage = event as? StopStage { stop(stage, context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func stop(_ stage: StopStage, _ context: ChannelHandlerContext) {
        isQuiescing = true
        switch stage {
        case .announced:
            // A client that has sent half a request has not been promised anything yet.
            if phase == .receiving { watch(for: inTime(front.limits.bodyTimeout)) }
            exchange?.source?.quiesce()
        case .closing:
            isLeaving = true
            // What has arrived by now is answered first.
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: Self.lastLook) {
                let (connection, context) = bound.value
                guard connection.phase == .idle, connection.held.isEmpty else { return }
                // The rest of a head may be on its way, and so may the first request of a connection just made.
                if connection.progress.isMidPart || connection.requests == 0 {
                    connection.watch(for: Self.arrival)
                } else {
                    connection.leave(context)
                }
            }
        case .cut:
            isLeaving = true
            isCut = true
            context.close(promise: nil)
        }
    }

    /// What a client gets of a time to send something.
    private func inTime(_ time: TimeAmount) -> TimeAmount {
        isQuiescing || isSpare ? min(Self.arrival, time) : time
    }

    /// How long a host that is stopping, or crowded, waits for a request.
    private static let arrival = TimeAmount.seconds(3)
    /// Enough for an event loop to read what the system already has for it.
    private static let lastLook = TimeAmount.milliseconds(5)

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            exchange?.source?.resume()
            resume(context)
        }
        if exchange?.begun != nil { watchStream(context) }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            context.close(promise: nil)
            return
        }
        refuse(ConnectionProblem.unreadable(error, line: progress.lineFault(), front.limits))
    }

    /// Ends the connection over something that is no request.
    private func refuse(_ response: Response) {
        // An answer that is under way has the floor; the connection is beyond repair after it.
        if phase == .answering || phase == .closing {
            isBroken = true
            return
        }
        let exchange = self.exchange ?? front.unreadable()
        self.exchange = exchange
        phase = .answering
        answer(response, for: exchange)
    }

    // MARK: Reading

    /// Whether what comes next can be of use now.
    private var mayRead: Bool {
        guard held.isEmpty else { return false }
        guard phase == .answering, let exchange else { return true }
        return exchange.keepsAlive && !isBroken
    }

    func read(context: ChannelHandlerContext) {
        if mayRead {
            context.read()
        } else {
            wantsRead = true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard progress.takes(part) else { return refuse(ConnectionProblem.badLine) }
        if phase == .answering || !held.isEmpty {
            held.append(part)
        } else {
            process(part, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        timeBody()
        context.fireChannelReadComplete()
    }

    /// A body mostly comes with its head; only one that does not is timed.
    private func timeBody() {
        guard phase == .receiving, let exchange, !exchange.isTimed else { return }
        exchange.isTimed = true
        watch(for: inTime(front.limits.bodyTimeout))
    }

    private func process(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (part, phase) {
        case (.head(let head), .idle):
            begin(head, context)
        case (.body(let bytes), .receiving):
            receive(bytes)
        case (.end, .receiving):
            finish(context)
        case (_, .idle), (_, .receiving), (_, .answering), (_, .closing):
            break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        requests += 1
        let peer = self.peer ?? front.peer(context.channel.remoteAddress)
        self.peer = peer
        let exchange = front.exchange(head, from: peer)
        self.exchange = exchange
        phase = .receiving
        guard !isSpare || front.service.isAnsweredInACrowd(exchange.path) else {
            exchange.keepsAlive = false
            return decide(.answer(ConnectionProblem.crowded), exchange, context)
        }
        if isSpare { exchange.keepsAlive = false }
        decide(front.plan(head, exchange, on: context.eventLoop), exchange, context)
    }

    private func decide(_ plan: Plan, _ exchange: Exchange, _ context: ChannelHandlerContext) {
        exchange.plan = plan
        switch plan {
        case .later(let future):
            let bound = NIOLoopBound((self, exchange, context), eventLoop: context.eventLoop)
            future.whenSuccess { plan in
                let (connection, exchange, context) = bound.value
                guard connection.exchange === exchange else { return }
                connection.decide(plan, exchange, context)
                if exchange.hasWholeBody { connection.run(context) }
            }
        case .answer(let response):
            let isTooLong = exchange.announcedLength ?? 0 > front.limits.maxBodyBytes
            if response.closes || exchange.expectsContinue || isTooLong {
                // The body is not waited for, so nothing that follows on this connection can be understood.
                exchange.keepsAlive = false
                phase = .answering
                answer(response, for: exchange)
            }
        case .read:
            guard exchange.announcedLength ?? 0 <= front.limits.maxBodyBytes else { return refuseBody(exchange) }
            if exchange.expectsContinue {
                exchange.expectsContinue = false
                let head = HTTPResponseHead(version: exchange.version, status: .continue)
                guard prepareEncoder(context) else { return context.close(promise: nil) }
                context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            }
        }
    }

    private func receive(_ bytes: ByteBuffer) {
        guard let exchange else { return }
        guard exchange.bodySize + bytes.readableBytes <= front.limits.maxBodyBytes else { return refuseBody(exchange) }
        exchange.append(bytes)
    }

    private func refuseBody(_ exchange: Exchange) {
        phase = .answering
        // Nobody gets to know the limit before having shown who they are.
        if case .answer(let response) = exchange.plan {
            return answer(response.closingConnection, for: exchange)
        }
        answer(ConnectionProblem.bodyTooLarge(front.limits), for: exchange)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let exchange else { return }
        exchange.hasWholeBody = true
        phase = .answering
        if !exchange.keepsAlive { progress.stop() }
        watch(for: nil)
        run(context)
    }

    /// The request is complete.
    private func run(_ context: ChannelHandlerContext) {
        guard let exchange else { return }
        switch exchange.plan {
        case .later:
            break
        case .answer(let response):
            answer(response, for: exchange)
        case .read:
            let reply = Reply(self, exchange, on: context.eventLoop)
            front.service.handle(exchange, body: exchange.takeBody(), reply)
        }
    }

    // MARK: Answering

    func answer(_ response: Response, for exchange: Exchange) {
        guard self.exchange === exchange, phase == .answering, exchange.begun == nil, let context else { return }
        if response.closes || isQuiescing || isBroken { exchange.keepsAlive = false }
        let bytes = front.bytes(response, for: exchange, context.channel.allocator)
        finish(response, exchange, context, whole: bytes)
    }

    /// The last of an answer: all of it, or the end of what was written in pieces.
    private func finish(
        _ response: Response, _ exchange: Exchange, _ context: ChannelHandlerContext, whole: ByteBuffer? = nil
    ) {
        self.exchange = nil
        // It holds the way back to this exchange.
        exchange.source = nil
        front.service.ended(exchange, .answered(status: response.status.code, reason: response.reason))
        guard exchange.keepsAlive else {
            phase = .closing
            progress.stop()
            // Set first: the answer is mostly written at once.
            watch(for: front.limits.writeTimeout)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let promise = context.eventLoop.makePromise(of: Void.self)
            writeLast(whole, context, promise)
            promise.futureResult.whenComplete { _ in
                // What the client still sends is read and thrown away for a moment: closing over unread bytes would
                // reset the connection and could destroy the answer on its way.
                let (connection, context) = bound.value
                context.close(mode: .output, promise: nil)
                connection.watch(for: Self.lingering)
            }
            held.removeAll()
            releaseRead(context)
            return
        }
        writeLast(whole, context, nil)
        place.works(at: exchange.started, on: context.eventLoop)
        if context.channel.isWritable {
            phase = .idle
            watch(for: front.limits.idleTimeout)
            resume(context)
        } else {
            watch(for: front.limits.writeTimeout)
        }
    }

    private func writeLast(_ whole: ByteBuffer?, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        guard let whole else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise) }
        guard let wire else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
        wire.writeAndFlush(NIOAny(IOData.byteBuffer(whole)), promise: promise)
    }

    private static let lingering = TimeAmount.seconds(2)

    /// Remembers what an unanswered request waits for.
    func hold(_ source: any AnswerSource, for exchange: Exchange) {
        if self.exchange === exchange { exchange.source = source }
    }

    // MARK: Answering in pieces

    /// Most connections never need an encoder, and everything they do would pass through it.
    ///
    /// - Returns: whether there is one.
    private func prepareEncoder(_ context: ChannelHandlerContext) -> Bool {
        guard !hasEncoder else { return true }
        let pipeline = context.pipeline.syncOperations
        let encoder = HTTPResponseEncoder()
        do {
            try pipeline.addHandlers([encoder, NIOHTTPResponseHeadersValidator()], position: .before(self))
            wire = try pipeline.context(handler: encoder)
            hasEncoder = true
            return true
        } catch {
            return false
        }
    }

    /// After this time without a piece a stream gives a sign of life, so that no proxy takes it for dead.
    private static let heartbeat = TimeAmount.seconds(15)

    /// Whether the client keeps up with what it is sent.
    var canTake: Bool { context?.channel.isWritable ?? false }

    /// Writes the head of an answer whose body follows in pieces.
    func begin(_ head: Response, for exchange: Exchange) {
        guard self.exchange === exchange, phase == .answering, exchange.begun == nil, let context else { return }
        if isQuiescing || isBroken { exchange.keepsAlive = false }
        guard prepareEncoder(context) else { return context.close(promise: nil) }
        exchange.begun = head
        context.writeAndFlush(wrapOutboundOut(.head(front.head(head, for: exchange))), promise: nil)
        watchStream(context)
    }

    func send(_ bytes: [UInt8], for exchange: Exchange) {
        guard self.exchange === exchange, exchange.begun != nil, let context else { return }
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        watchStream(context)
    }

    /// - Parameter reason: for the log.
    func end(for exchange: Exchange, reason: String?) {
        guard self.exchange === exchange, var response = exchange.begun, let context else { return }
        response.reason = reason
        if isQuiescing || isBroken { exchange.keepsAlive = false }
        finish(response, exchange, context)
    }

    /// A client that takes nothing is given up in time; one that keeps up hears a sign of life.
    private func watchStream(_ context: ChannelHandlerContext) {
        watch(for: context.channel.isWritable ? Self.heartbeat : front.limits.writeTimeout)
    }

    /// Goes on with what was held back, once the last answer is written.
    private func resume(_ context: ChannelHandlerContext) {
        if phase == .answering, exchange == nil, context.channel.isWritable {
            phase = .idle
            watch(for: front.limits.idleTimeout)
        }
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        while phase != .answering, let part = held.popFirst() { process(part, context) }
        if phase == .idle, held.isEmpty, isLeaving || isBroken { return leave(context) }
        timeBody()
        releaseRead(context)
    }

    /// Ends a connection on which nothing is asked, once the client has taken what is left of the last answer.
    private func leave(_ context: ChannelHandlerContext) {
        phase = .closing
        progress.stop()
        watch(for: front.limits.writeTimeout)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let promise = context.eventLoop.makePromise(of: Void.self)
        writeLast(context.channel.allocator.buffer(capacity: 0), context, promise)
        promise.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
    }

    private func releaseRead(_ context: ChannelHandlerContext) {
        guard wantsRead, mayRead else { return }
        wantsRead = false
        context.read()
    }

    // MARK: Time

    /// Sets the time by which the present phase must end. A task that is scheduled too early looks again; only one that
    /// would look too late is replaced, so that a busy connection schedules next to nothing.
    private func watch(for time: TimeAmount?) {
        guard let time, let context else {
            limit = nil
            return
        }
        let limit = context.eventLoop.now + time
        self.limit = limit
        if let watch, watch.at <= limit { return }
        watch?.task.cancel()
        schedule(at: limit)
    }

    private func schedule(at deadline: NIODeadline) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        watch = (context.eventLoop.scheduleTask(deadline: deadline) { bound.value.look() }, deadline)
    }

    private func look() {
        watch = nil
        guard let limit, let context else { return }
        guard limit <= context.eventLoop.now else { return schedule(at: limit) }
        timeOut()
    }

    private func timeOut() {
        guard let context else { return }
        switch phase {
        case .idle where isQuiescing && progress.isMidPart:
            let exchange = front.unreadable()
            self.exchange = exchange
            phase = .answering
            answer(ConnectionProblem.stopping, for: exchange)
        case .idle where requests == 0:
            let exchange = front.unreadable()
            self.exchange = exchange
            phase = .answering
            answer(ConnectionProblem.noHead(within: front.limits.headerTimeout), for: exchange)
        case .receiving where isQuiescing:
            guard let exchange else { return }
            phase = .answering
            answer(ConnectionProblem.stopping, for: exchange)
        case .receiving:
            guard let exchange else { return }
            phase = .answering
            answer(ConnectionProblem.noBody(within: front.limits.bodyTimeout), for: exchange)
        case .answering where exchange?.begun != nil && canTake:
            if let exchange, case .stream(let sign) = exchange.begun?.body { send(sign, for: exchange) }
        case .idle, .answering, .closing:
            context.close(promise: nil)
        }
    }
}
