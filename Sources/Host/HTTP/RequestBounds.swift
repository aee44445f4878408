// Where in the bytes of a connection one request ends and the next begins, which the parser does not tell.

import NIOCore
import NIOHTTP1

/// Follows what the parser makes of the bytes of a connection, and holds each first line against its own bytes.
///
/// A request ends behind its head, or behind the body that the parser counts, or where chunks end. So the place of the
/// next one is known exactly, however the bytes are cut; of them only a head is kept that is not whole yet.
struct RequestBounds {
    private enum Place {
        /// Between messages.
        case head
        /// In a message with these fields; whether its body comes in chunks has not mattered yet. To find out from the
        /// bytes took 2,000 instructions of a call whose body comes in a read of its own.
        case message(HTTPHeaders)
        /// In one whose body is as long as what the parser makes of it.
        case body
        case chunks(ChunkFraming)
    }

    /// The bytes at hand: those of the last read, and of the ones before it the part of a head that they ended with.
    private var bytes = ByteBuffer()
    private var place = Place.head
    /// Where in the bytes the next head begins, or the body of a message, or what of its chunks has not been looked at.
    private var next = 0
    /// What the parser made a body of since then.
    private var bodySize = 0
    /// Whether the parser is at the end of all messages that it has begun.
    private var isBetween = true

    /// How many bytes are kept.
    var kept: Int { bytes.readableBytes }

    /// Takes what was read, before the parser does.
    mutating func read(_ buffer: ByteBuffer) {
        if bytes.readableBytes == 0 { bytes = buffer } else { bytes.writeImmutableBuffer(buffer) }
    }

    /// The parser made something of the bytes.
    ///
    /// - Returns: whether it may be taken; not so where a head is not where it has to be, or has a line that is none.
    mutating func takes(_ part: HTTPServerRequestPart) -> Bool {
        switch part {
        case .head(let head): return takes(head)
        case .body(let part): bodySize &+= part.readableBytes
        case .end: isBetween = true
        }
        return true
    }

    private mutating func takes(_ head: HTTPRequestHead) -> Bool {
        // Nothing came through here where parts are made by somebody else.
        guard bytes.readableBytes > 0 else { return true }
        settle()
        guard case .head = place, let end = end(of: head) else { return false }
        place = .message(head.headers)
        next = end
        bodySize = 0
        isBetween = false
        return true
    }

    private func end(of head: HTTPRequestHead) -> Int? {
        let span = bytes.readableBytesUInt8Span
        guard let line = RequestLine.end(of: head, in: span, from: next) else { return nil }
        return RequestLine.headEnd(in: span, lineEnd: line)
    }

    /// The parser takes no other transfer coding to the end.
    private static func isChunked(_ fields: HTTPHeaders) -> Bool {
        fields.contains { name, _ in name.utf8.count == codingName.count && name.lowercased() == codingName }
    }

    private static let codingName = "transfer-encoding"

    /// Goes on to where the message ends, or as far as its bytes are here.
    private mutating func settle() {
        if case .message(let fields) = place { place = Self.isChunked(fields) ? .chunks(ChunkFraming()) : .body }
        switch place {
        case .body:
            next += bodySize
            bodySize = 0
            if isBetween { place = .head }
        case .chunks(var framing):
            next = framing.advance(over: bytes.readableBytesUInt8Span, from: next)
            place = framing.isAtEnd ? .head : .chunks(framing)
        case .head, .message: break
        }
    }

    /// The parser has read all: nothing is kept but a part of a head. Buffers are used again, and connections wait for
    /// long.
    mutating func forget() {
        defer { next = 0 }
        // Nearly always. Chunks have bytes around them, so the body is none in chunks.
        if case .message = place, isBetween, next &+ bodySize == bytes.readableBytes {
            place = .head
            bytes = ByteBuffer()
            return
        }
        settle()
        if case .head = place {
            next = RequestLine.lineStart(in: bytes.readableBytesUInt8Span, from: next)
        } else {
            next = bytes.readableBytes
        }
        // A buffer of its own, which does not keep all that was read with it.
        guard next > 0 else { return }
        bytes = next < bytes.readableBytes ? ByteBuffer(bytes: bytes.readableBytesView.dropFirst(next)) : ByteBuffer()
    }

    /// What is wrong with the line that the parser gave up on; `nil` where it is something else.
    mutating func lineFault() -> RequestLine.Fault? {
        guard isBetween else { return nil }
        settle()
        guard case .head = place else { return nil }
        return RequestLine.fault(in: bytes.readableBytesView.dropFirst(next))
    }
}
