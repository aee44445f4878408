// The parser behind its guard, as on a connection, and what becomes of the heads that it makes.

import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import HostApp
@testable import HostHTTP

/// What becomes of pieces of bytes that come one after the other.
struct GuardedParser {
    /// For each head whether it may be taken; the last one is `nil` where the parser gave up.
    let heads: [Bool?]
    /// How many bytes were kept at most once a piece was read.
    let kept: Int
    /// Whether they ended with a part of something.
    let isMidPart: Bool

    private static let limits = Result {
        try Settings(source: SettingsSource(environment: [:], file: [:]), workingDirectory: "/srv").http
    }

    init(_ pieces: [some Sequence<UInt8>]) throws {
        let progress = ProgressGuard(limits: try Self.limits.get())
        let taker = Taker(progress)
        let channel = EmbeddedChannel(handlers: [progress, ByteToMessageHandler(HTTPRequestDecoder()), taker])
        channel.pipeline.fireChannelActive()
        var kept = 0
        for piece in pieces {
            try channel.writeInbound(ByteBuffer(bytes: piece))
            kept = max(kept, progress.kept)
        }
        isMidPart = progress.isMidPart
        _ = try? channel.finish()
        heads = taker.heads.map { $0 } + (taker.hasFailed ? [nil] : [])
        self.kept = kept
    }

    private final class Taker: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        let progress: ProgressGuard
        var heads: [Bool] = []
        var hasFailed = false

        init(_ progress: ProgressGuard) { self.progress = progress }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let part = unwrapInboundIn(data)
            let taken = progress.takes(part)
            if case .head = part { heads.append(taken) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { hasFailed = true }
    }
}
