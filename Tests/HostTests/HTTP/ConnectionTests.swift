// What a connection does when its channel tells it of something in the middle of something else.

import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HostApp
@testable import HostHTTP

/// A client that takes everything, but only once it is flushed: each answer makes the channel full, and empty again,
/// before writing it has come back.
private final class SlowTaker: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        set(context, isWritable: false)
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        set(context, isWritable: true)
    }

    private func set(_ context: ChannelHandlerContext, isWritable: Bool) {
        (context.channel as? EmbeddedChannel)?.isWritable = isWritable
        context.fireChannelWritabilityChanged()
    }
}

/// A client that takes nothing of its own accord: the channel is full with the first large piece, even while whoever
/// writes it is told that there is room.
private final class NoTaker: ChannelOutboundHandler {
    typealias OutboundIn = IOData

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let size = unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
        guard size > Burst.size, let channel = context.channel as? EmbeddedChannel, channel.isWritable else { return }
        channel.isWritable = false
        context.fireChannelWritabilityChanged()
    }
}

/// Writes more than a channel holds as soon as there is room.
private final class Burst: AnswerSource {
    static let size = 1 << 16
    private let reply: Responder
    private let ends: Bool

    init(_ reply: Responder, ends: Bool) {
        self.reply = reply
        self.ends = ends
    }

    func resume() {
        reply.send(Array(repeating: UInt8(ascii: "a"), count: Self.size + 1))
        if ends { reply.end() }
    }

    func gone() {}
}

@Suite struct ConnectionTests {
    private let settings: HTTPSettings
    private let service = NamedService("a")

    init() throws {
        let source = SettingsSource(environment: ["PUBLIC_URL": "https://a.example"], file: [:])
        settings = try Settings(source: source, workingDirectory: "/srv").http
    }

    /// - Parameter client: what the connection writes to.
    private func channel(to client: any ChannelHandler & SendableMetatype) throws -> EmbeddedChannel {
        let front = HTTPFront(service: service, limits: settings, logger: Logger(label: "test"))
        let station = LoopStation(0, of: LoopSpread(loops: 1), isWatched: false, now: .now())
        let channel = EmbeddedChannel(handlers: [
            client, Connection(front: front, progress: ProgressGuard(limits: settings), station: station, stage: nil),
        ])
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
        return channel
    }

    private func ask(_ path: String, _ channel: EmbeddedChannel) throws {
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path, headers: ["host": "a"])
        try channel.writeInbound(HTTPServerRequestPart.head(head))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
    }

    @Test func requestsAreAnsweredInTurnEvenWhenAnAnswerIsTakenWhileItIsWritten() throws {
        let channel = try channel(to: SlowTaker())
        for _ in 1...3 { try ask("/later", channel) }
        for answered in 1...3 {
            #expect(service.waitingCount == 1)
            service.answerNext()
            #expect(service.ended.count == answered)
            #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        }
        #expect(service.ended == Array(repeating: "/later 200", count: 3))
        #expect(throws: Never.self) { try channel.finish() }
    }

    @Test func theEndOfAnAnswerIsToldBeforeTheNextRequestIsDealtWith() throws {
        let channel = try channel(to: SlowTaker())
        for path in ["/later", "/second", "/third"] { try ask(path, channel) }
        service.answerNext()
        #expect(service.ended == ["/later 200", "/second 200", "/third 200"])
        #expect(throws: Never.self) { try channel.finish() }
    }

    // MARK: Clients that take nothing

    /// A stream that writes as soon as the channel says that it has room.
    private func burst(ends: Bool) throws -> EmbeddedChannel {
        let channel = try channel(to: NoTaker())
        try ask("/later", channel)
        let reply = service.next()
        reply.hold(Burst(reply, ends: ends))
        reply.begin(Response(status: .ok, body: .stream(signOfLife: Array("\n".utf8))))
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(!channel.isWritable)
        return channel
    }

    @Test func aClientThatTakesNoneOfAStreamHasTheTimeForTakingIt() throws {
        let channel = try burst(ends: false)
        #expect(settings.writeTimeout > ConnectionDeadline.heartbeat)
        channel.embeddedEventLoop.advanceTime(by: settings.writeTimeout - .seconds(1))
        #expect(channel.isActive && service.ended.isEmpty)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(service.ended == ["/later gone"])
    }

    @Test func whatFollowsAStreamWaitsUntilItsEndIsTaken() throws {
        let channel = try burst(ends: true)
        #expect(service.ended == ["/later 200"])
        try ask("/later", channel)
        #expect(service.waitingCount == 0)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(service.waitingCount == 1)
        service.answerNext()
        #expect(service.ended == ["/later 200", "/later 200"])
        #expect(throws: Never.self) { try channel.finish() }
    }

    @Test func theEndOfAStreamHasTheTimeForTakingItToo() throws {
        let channel = try burst(ends: true)
        #expect(settings.idleTimeout > settings.writeTimeout)
        channel.embeddedEventLoop.advanceTime(by: settings.writeTimeout)
        #expect(!channel.isActive)
    }
}
