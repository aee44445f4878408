// Watches what the parser alone does not: bytes without end that lead nowhere, such as chunk extensions, whatever follows a
// request that is the connection's last, and how the first line of a request was written.

import NIOCore
import NIOHTTP1

/// Counts the bytes that came in since the parser last made a part of a request out of them, and holds heads against theirs.
///
/// Heads have limits of their own in the parser; bytes between chunks (RFC 9112 section 7.1.1) have none there.
final class ProgressGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    private var count = 0
    private var hasProgress = false
    private var isStopped = false
    /// What the parser is making something of, back to where the head begins that is not there yet.
    private var bytes = ByteBuffer()
    /// The last message of which something is in `bytes`; `nil` while that is the beginning of a head.
    private var message: RequestLine.Before?
    /// Whether no message has begun that has not ended.
    private var isBetween = true

    /// - Parameter limits: a head within them passes, with the separators that they do not count.
    init(limits: Settings.HTTP) {
        limit = limits.maxHeaderBytes + 4 * limits.maxHeaderFields + 64
    }

    /// Whether bytes have come of which the parser has made nothing yet: a part of a head, between requests.
    var isMidPart: Bool { count > 0 }

    /// The parser made something of the bytes.
    ///
    /// - Returns: whether it may be taken; not so where a head was made of a line that is none.
    func takes(_ part: HTTPServerRequestPart) -> Bool {
        hasProgress = true
        switch part {
        case .head(let head):
            isBetween = false
            // Nothing came through here where parts are made by somebody else.
            guard bytes.readableBytes > 0 else { return true }
            let end =
                if let message { RequestLine.end(of: head, in: bytes, behind: message) } else {
                    RequestLine.end(of: head, in: bytes)
                }
            guard let end else { return false }
            message = RequestLine.Before(lineEnd: end)
        case .body(let part): message?.bodySize &+= part.readableBytes
        case .end: isBetween = true
        }
        return true
    }

    /// What is wrong with the line that the parser gave up on; `nil` where it is something else.
    var lineFault: RequestLine.Fault? { isBetween && message == nil ? RequestLine.fault(in: bytes) : nil }

    /// Nothing that comes from here on will be understood: it is thrown away. The parser would keep it, all of it behind an
    /// offer to change the protocol, or fail again and again.
    func stop() {
        isStopped = true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isStopped else { return }
        let buffer = unwrapInboundIn(data)
        let size = buffer.readableBytes
        if bytes.readableBytes == 0 { bytes = buffer } else { bytes.writeImmutableBuffer(buffer) }
        hasProgress = false
        context.fireChannelRead(data)
        forget()
        count = hasProgress ? 0 : count + size
        guard count > limit else { return }
        count = 0
        context.fireErrorCaught(HTTPParserError.invalidChunkSize)
    }

    /// Keeps no more than a part of a head, and what came before it at once: buffers are used again, and connections wait for
    /// long.
    private func forget() {
        if isBetween {
            guard hasProgress, let message, Self.isEnd(of: bytes, message) else { return }
            self.message = nil
        } else {
            message = message?.rest(of: bytes)
        }
        bytes = ByteBuffer()
    }

    /// Whether nothing has come behind the message that has ended: a body of stated length, or the empty line behind a head or
    /// a body in chunks. One that has such a line in the middle of it, at the very place, may be taken for an end too early;
    /// then a head that came behind it in pieces is refused.
    private static func isEnd(of bytes: ByteBuffer, _ message: RequestLine.Before) -> Bool {
        let span = bytes.readableBytesUInt8Span
        if message.lineEnd == nil, !message.isChunked { return message.bodySize == span.count }
        if message.lineEnd != nil, isEmptyLine(span, endingAt: span.count &- message.bodySize) { return true }
        return isEmptyLine(span, endingAt: span.count)
    }

    private static func isEmptyLine(_ bytes: Span<UInt8>, endingAt end: Int) -> Bool {
        guard end >= 4 else { return false }
        return bytes[end &- 4] == 0x0D && bytes[end &- 3] == 0x0A && bytes[end &- 2] == 0x0D && bytes[end &- 1] == 0x0A
    }
}
