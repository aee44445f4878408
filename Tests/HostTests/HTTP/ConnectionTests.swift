// What a connection does when its channel tells it of something in the middle of something else.

import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import ToolHost

/// A client that takes everything, but only once it is flushed: each answer makes the channel full, and empty again, before
/// writing it has come back.
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

@Suite struct ConnectionTests {
    @Test func requestsAreAnsweredInTurnEvenWhenAnAnswerIsTakenWhileItIsWritten() throws {
        let settings = try Settings(
            source: SettingsSource(environment: ["PUBLIC_URL": "https://a.example"], file: [:]),
            workingDirectory: "/srv")
        let service = NamedService("a")
        let front = HTTPFront(service: service, limits: settings.http, logger: Logger(label: "test"))
        let place = LoopPlace(0, of: LoopPlaces(loops: 1), isWatched: false, now: .now())
        let channel = EmbeddedChannel(handlers: [
            SlowTaker(),
            Connection(front: front, progress: ProgressGuard(limits: settings.http), place: place, stage: nil),
        ])
        channel.pipeline.fireChannelActive()
        for _ in 1...3 {
            let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/later", headers: ["host": "a"])
            try channel.writeInbound(HTTPServerRequestPart.head(head))
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
        }
        for answered in 1...3 {
            #expect(service.waitingCount == 1)
            service.answerNext()
            #expect(service.ended.count == answered)
            #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        }
        #expect(service.ended == Array(repeating: "/later 200", count: 3))
        #expect(throws: Never.self) { try channel.finish() }
    }
}
