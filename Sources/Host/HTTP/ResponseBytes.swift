// A whole answer as it goes over the wire, in one buffer: the encoder would take it in three parts, each on its own way
// through the pipeline.

import HostBase
import NIOCore
import NIOHTTP1

/// The head of a response (RFC 9112 section 4) while it is written, then its body.
///
/// One buffer takes less than half of the instructions that three parts through the encoder took. The head is written
/// where it is sent from, which saves an allocation and 400 instructions of a call.
struct ResponseBytes {
    /// The head is the first `count` bytes; behind them there is room, up to the writer's index.
    private var buffer: ByteBuffer
    private var count = 0

    /// Most heads are shorter.
    private static let roomForHead = 512

    /// - Parameter bodySize: for how many bytes of a body there is to be room.
    init(_ status: HTTPResponseStatus, bodySize: Int, _ allocator: ByteBufferAllocator) {
        buffer = allocator.buffer(capacity: Self.roomForHead + bodySize)
        buffer.moveWriterIndex(forwardBy: Self.roomForHead)
        writeLine(status == .ok ? "HTTP/1.1 200 OK" : "HTTP/1.1 \(status.code) \(status.reasonPhrase)")
    }

    /// - Parameter name: a token (RFC 9110 section 5.6.2), from the program.
    mutating func field(_ name: String, _ value: String) {
        let (name, value) = (name.utf8.span, value.utf8.span)
        makeRoom(name.count + value.count + 4)
        let start = count
        let colon = start + name.count
        var output = buffer.mutableReadableBytesSpan
        Self.put(name, to: &output, at: start)
        output.storeBytes(of: UInt8(ascii: ":"), toByteOffset: colon, as: UInt8.self)
        output.storeBytes(of: UInt8(ascii: " "), toByteOffset: colon + 1, as: UInt8.self)
        Self.put(value, to: &output, at: colon + 2)
        count = Self.endLine(of: &output, at: colon + 2 + value.count)
    }

    /// The answer: head, empty line, body.
    mutating func finish(body: Span<UInt8>) -> ByteBuffer {
        writeLine("")
        buffer.moveWriterIndex(to: count)
        _ = unsafe body.withUnsafeBytes { unsafe buffer.writeBytes($0) }
        return buffer
    }

    /// The answer with a body whose length nobody knows before it is written: so it is written first, behind room for
    /// the rest of the head, which then says how long it is.
    mutating func finish(body: FramedResult) -> ByteBuffer {
        makeRoom(Self.roomForLength)
        let start = count + Self.roomForLength
        buffer.moveWriterIndex(to: start)
        body.write(to: &buffer)
        field("content-length", String(buffer.writerIndex - start))
        writeLine("")
        // It would throw if the head were not in the buffer.
        _ = try? buffer.copyBytes(at: 0, to: start - count, length: count)
        buffer.moveReaderIndex(to: start - count)
        return buffer
    }

    /// The field, the longest number, and two line breaks.
    private static let roomForLength = "content-length: ".utf8.count + 20 + 4

    private mutating func writeLine(_ text: String) {
        let text = text.utf8.span
        makeRoom(text.count + 2)
        let start = count
        var output = buffer.mutableReadableBytesSpan
        Self.put(text, to: &output, at: start)
        count = Self.endLine(of: &output, at: start + text.count)
    }

    private mutating func makeRoom(_ size: Int) {
        guard buffer.writerIndex - count < size else { return }
        let more = max(size, buffer.writerIndex)
        buffer.reserveCapacity(minimumWritableBytes: more)
        buffer.moveWriterIndex(forwardBy: more)
    }

    /// A text cannot end its line, let alone the head, whatever is in it: control characters become spaces (RFC 9110
    /// section 5.5).
    @inline(__always)
    private static func put(_ text: Span<UInt8>, to output: inout MutableRawSpan, at start: Int) {
        guard !EightBytes.copy(text, to: &output, at: start) else { return }
        for index in text.indices where text[index] < 0x20 || text[index] == 0x7F {
            output.storeBytes(of: UInt8(ascii: " "), toByteOffset: start + index, as: UInt8.self)
        }
    }

    @inline(__always)
    private static func endLine(of output: inout MutableRawSpan, at end: Int) -> Int {
        output.storeBytes(of: UInt8(ascii: "\r"), toByteOffset: end, as: UInt8.self)
        output.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: end + 1, as: UInt8.self)
        return end + 2
    }
}
