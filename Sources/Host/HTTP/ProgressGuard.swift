// Bounds what a client may send without getting anywhere, which the parser alone does not: endless chunk extensions.

import NIOCore
import NIOHTTP1

/// Counts the bytes that came in since the parser last made a part of a request out of them.
///
/// Heads have limits of their own in the parser; bytes between chunks (RFC 9112 section 7.1.1) have none there.
final class ProgressGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    private var count = 0
    private var hasProgress = false

    /// - Parameter limits: a head within them passes, with the separators that they do not count.
    init(limits: Settings.HTTP) {
        limit = limits.maxHeaderBytes + 4 * limits.maxHeaderFields + 64
    }

    /// The parser made something of the bytes.
    func noteProgress() {
        hasProgress = true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let size = unwrapInboundIn(data).readableBytes
        hasProgress = false
        context.fireChannelRead(data)
        count = hasProgress ? 0 : count + size
        guard count > limit else { return }
        count = 0
        context.fireErrorCaught(HTTPParserError.invalidChunkSize)
    }
}
