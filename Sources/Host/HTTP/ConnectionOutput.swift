// How a connection writes: whole answers as they are, and everything in pieces through an encoder.

import NIOCore
import NIOHTTP1

/// The way out of a connection. Most never need an encoder, and everything they do would pass through it: 530
/// instructions of a call.
struct ConnectionOutput {
    /// Where whole answers are written: behind the encoder, once there is one.
    private var wire: ChannelHandlerContext?
    private var hasEncoder = false

    mutating func open(_ context: ChannelHandlerContext) { wire = context }
    mutating func close() { wire = nil }

    /// Writes a whole answer.
    func write(_ whole: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        guard let wire else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
        wire.writeAndFlush(NIOAny(IOData.byteBuffer(whole)), promise: promise)
    }

    /// Writes a part of an answer behind a head, or a head that asks for more.
    func write(
        _ part: HTTPServerResponsePart, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>? = nil
    ) {
        context.writeAndFlush(NIOAny(part), promise: promise)
    }

    /// Before the first head.
    ///
    /// - Parameter handler: of the connection, whose context this is.
    /// - Returns: whether there is an encoder.
    mutating func prepareEncoder(before handler: Connection, _ context: ChannelHandlerContext) -> Bool {
        guard !hasEncoder else { return true }
        let pipeline = context.pipeline.syncOperations
        let encoder = HTTPResponseEncoder()
        do {
            try pipeline.addHandlers([encoder, NIOHTTPResponseHeadersValidator()], position: .before(handler))
            wire = try pipeline.context(handler: encoder)
            hasEncoder = true
            return true
        } catch {
            return false
        }
    }
}
