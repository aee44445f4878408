// A whole answer as it goes over the wire, in one buffer: the encoder would take it in three parts, each on its own way
// through the pipeline.

import NIOCore
import NIOHTTP1

/// The head of a response (RFC 9112 section 4) while it is written, then its body.
struct ResponseBytes {
    private var head: [UInt8] = []

    private static let ok = Array("HTTP/1.1 200 OK\r\n".utf8)

    init(_ status: HTTPResponseStatus) {
        head.reserveCapacity(512)
        guard status != .ok else {
            head += Self.ok
            return
        }
        head += "HTTP/1.1 ".utf8
        head += String(status.code).utf8
        head.append(UInt8(ascii: " "))
        let reason = status.reasonPhrase.utf8.span
        head.append(addingCapacity: reason.count) { Self.write(reason, to: &$0) }
        head += "\r\n".utf8
    }

    /// - Parameter name: a token (RFC 9110 section 5.6.2), from the program.
    mutating func field(_ name: String, _ value: String) {
        let (name, value) = (name.utf8.span, value.utf8.span)
        head.append(addingCapacity: name.count + value.count + 4) { output in
            Self.write(name, to: &output)
            output.append(UInt8(ascii: ":"))
            output.append(UInt8(ascii: " "))
            Self.write(value, to: &output)
            output.append(UInt8(ascii: "\r"))
            output.append(UInt8(ascii: "\n"))
        }
    }

    /// The answer: head, empty line, body.
    func finish(body: [UInt8], _ allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: head.count + 2 + body.count)
        buffer.writeBytes(head)
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(body)
        return buffer
    }

    /// The same with a body whose length nobody knows before it is written: so it is written first, behind room for the
    /// head, which then says how long it is.
    consuming func finish(body: ResultMessage, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        let room = head.count + Self.roomForLength
        var buffer = allocator.buffer(capacity: room + body.room)
        buffer.moveWriterIndex(forwardBy: room)
        body.write(to: &buffer)
        field("content-length", String(buffer.writerIndex - room))
        head += "\r\n".utf8
        buffer.setBytes(head, at: room - head.count)
        buffer.moveReaderIndex(to: room - head.count)
        return buffer
    }

    /// The field, the longest number, and two line breaks.
    private static let roomForLength = "content-length: ".utf8.count + 20 + 4

    /// A value cannot end its field, let alone the head, whatever is in it (RFC 9110 section 5.5).
    private static func write(_ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        for index in bytes.indices {
            let byte = bytes[index]
            output.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte)
        }
    }
}
