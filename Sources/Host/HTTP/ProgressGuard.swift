// Watches what the parser alone does not: bytes without end that lead nowhere, such as chunk extensions, whatever
// follows a request that is the connection's last, and how the first line of a request was written.

import NIOCore
import NIOHTTP1

/// Counts the bytes that came in since the parser last made a part of a request out of them, and holds heads against
/// theirs.
///
/// Heads have limits of their own in the parser; bytes between chunks (RFC 9112 section 7.1.1) have none there.
final class ProgressGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    private var count = 0
    private var hasProgress = false
    private var isStopped = false
    private var bounds = RequestBounds()

    /// - Parameter limits: a head within them passes, with the separators that they do not count.
    init(limits: HTTPSettings) {
        limit = limits.maxHeaderBytes + 4 * limits.maxHeaderFields + 64
    }

    /// Whether bytes have come of which the parser has made nothing yet: a part of a head, between requests.
    var isMidPart: Bool { count > 0 || kept > 0 }

    /// How many bytes are kept: no more than a head may have, and what was read with its beginning or its end.
    var kept: Int { bounds.kept }

    /// The parser made something of the bytes.
    ///
    /// - Returns: whether it may be taken; not so where a head was made of a line that is none.
    func takes(_ part: HTTPServerRequestPart) -> Bool {
        hasProgress = true
        return isStopped || bounds.takes(part)
    }

    /// What is wrong with the line that the parser gave up on; `nil` where it is something else.
    func lineFault() -> RequestLine.Fault? { bounds.lineFault() }

    /// Nothing that comes from here on will be understood: it is thrown away. The parser would keep it, all of it
    /// behind an offer to change the protocol, or fail again and again.
    func stop() {
        isStopped = true
        bounds = RequestBounds()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isStopped else { return }
        let buffer = unwrapInboundIn(data)
        let size = buffer.readableBytes
        bounds.read(buffer)
        hasProgress = false
        context.fireChannelRead(data)
        bounds.forget()
        count = hasProgress ? 0 : count + size
        guard count > limit else { return }
        count = 0
        context.fireErrorCaught(HTTPParserError.invalidChunkSize)
    }
}
