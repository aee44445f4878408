// Bounds what a client may send without getting anywhere, which the parser alone does not: endless chunk extensions, and
// whatever follows a request that is the connection's last.

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
    private var isStopped = false

    /// - Parameter limits: a head within them passes, with the separators that they do not count.
    init(limits: Settings.HTTP) {
        limit = limits.maxHeaderBytes + 4 * limits.maxHeaderFields + 64
    }

    /// Whether bytes have come of which the parser has made nothing yet: a part of a head, between requests.
    var isMidPart: Bool { count > 0 }

    /// The parser made something of the bytes.
    func noteProgress() {
        hasProgress = true
    }

    /// Nothing that comes from here on will be understood: it is thrown away. The parser would keep it, all of it behind an
    /// offer to change the protocol, or fail again and again.
    func stop() {
        isStopped = true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isStopped else { return }
        let size = unwrapInboundIn(data).readableBytes
        hasProgress = false
        context.fireChannelRead(data)
        count = hasProgress ? 0 : count + size
        guard count > limit else { return }
        count = 0
        context.fireErrorCaught(HTTPParserError.invalidChunkSize)
    }
}
