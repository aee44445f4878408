// A whole answer as it goes over the wire, in one buffer: the encoder would take it in three parts, each on its own way
// through the pipeline.

import NIOCore
import NIOHTTP1

/// The head of a response (RFC 9112 section 4) while it is written, then its body.
struct ResponseBytes {
    private var head: [UInt8] = []

    init(_ status: HTTPResponseStatus) {
        head.reserveCapacity(512)
        head += "HTTP/1.1 ".utf8
        head += String(status.code).utf8
        head.append(UInt8(ascii: " "))
        write(status.reasonPhrase)
        head += "\r\n".utf8
    }

    /// - Parameter name: a token (RFC 9110 section 5.6.2), from the program.
    mutating func field(_ name: String, _ value: String) {
        head += name.utf8
        head += ": ".utf8
        write(value)
        head += "\r\n".utf8
    }

    /// The answer: head, empty line, body.
    func finish(body: [UInt8], _ allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: head.count + 2 + body.count)
        buffer.writeBytes(head)
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(body)
        return buffer
    }

    /// A value cannot end its field, let alone the head, whatever is in it (RFC 9110 section 5.5).
    private mutating func write(_ value: String) {
        let bytes = value.utf8.span
        head.append(addingCapacity: bytes.count) { output in
            for index in bytes.indices {
                let byte = bytes[index]
                output.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte)
            }
        }
    }
}
