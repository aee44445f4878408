// A whole answer as it goes over the wire, in one buffer: the encoder would take it in three parts, each on its own way
// through the pipeline.

import NIOCore
import NIOHTTP1

/// The head of a response (RFC 9112 section 4) while it is written, then its body.
struct ResponseBytes {
    /// The head is the first `count` bytes; behind them there is room.
    private var head: [UInt8] = []
    private var count = 0

    init(_ status: HTTPResponseStatus) {
        head.append(addingCapacity: 512) { $0.append(repeating: 0, count: 512) }
        writeLine(status == .ok ? "HTTP/1.1 200 OK" : "HTTP/1.1 \(status.code) \(status.reasonPhrase)")
    }

    /// - Parameter name: a token (RFC 9110 section 5.6.2), from the program.
    mutating func field(_ name: String, _ value: String) {
        let (name, value) = (name.utf8.span, value.utf8.span)
        makeRoom(name.count + value.count + 4)
        let start = count
        let colon = start + name.count
        var output = head.mutableSpan
        Self.put(name, to: &output, at: start)
        output[colon] = UInt8(ascii: ":")
        output[colon + 1] = UInt8(ascii: " ")
        Self.put(value, to: &output, at: colon + 2)
        count = Self.endLine(of: &output, at: colon + 2 + value.count)
    }

    /// The answer: head, empty line, body.
    mutating func finish(body: [UInt8], _ allocator: ByteBufferAllocator) -> ByteBuffer {
        writeLine("")
        var buffer = allocator.buffer(capacity: count + body.count)
        buffer.writeBytes(head[..<count])
        buffer.writeBytes(body)
        return buffer
    }

    /// The same with a body whose length nobody knows before it is written: so it is written first, behind room for the
    /// head, which then says how long it is.
    mutating func finish(body: ResultMessage, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        let room = count + Self.roomForLength
        var buffer = allocator.buffer(capacity: room + body.room)
        buffer.moveWriterIndex(forwardBy: room)
        body.write(to: &buffer)
        field("content-length", String(buffer.writerIndex - room))
        writeLine("")
        buffer.setBytes(head[..<count], at: room - count)
        buffer.moveReaderIndex(to: room - count)
        return buffer
    }

    /// The field, the longest number, and two line breaks.
    private static let roomForLength = "content-length: ".utf8.count + 20 + 4

    private mutating func writeLine(_ text: String) {
        let text = text.utf8.span
        makeRoom(text.count + 2)
        let start = count
        var output = head.mutableSpan
        Self.put(text, to: &output, at: start)
        count = Self.endLine(of: &output, at: start + text.count)
    }

    private mutating func makeRoom(_ size: Int) {
        if head.count - count < size { head += [UInt8](repeating: 0, count: max(size, head.count)) }
    }

    /// A text cannot end its line, let alone the head, whatever is in it: control characters become spaces (RFC 9110
    /// section 5.5).
    @inline(__always)
    private static func put(_ text: Span<UInt8>, to output: inout MutableSpan<UInt8>, at start: Int) {
        guard !EightBytes.copy(text, to: &output, at: start) else { return }
        for index in start..<start + text.count where output[index] < 0x20 || output[index] == 0x7F {
            output[index] = UInt8(ascii: " ")
        }
    }

    @inline(__always)
    private static func endLine(of output: inout MutableSpan<UInt8>, at end: Int) -> Int {
        output[end] = UInt8(ascii: "\r")
        output[end + 1] = UInt8(ascii: "\n")
        return end + 2
    }
}
