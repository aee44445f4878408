// The response to a call that went well, put together only when it goes out: then it is written once, where it is sent from.

import JSONSchema
import NIOCore

/// A tool's result with what stands around it. Comparing two of them compares what they are made of.
struct ResultMessage: Sendable, Equatable {
    let id: RPCID
    /// JSON.
    let content: ResultText
    /// Whether the content is there as a value too, and not only as text.
    let hasStructure: Bool
    let end: [UInt8]

    private static let head = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
    private static let text = Array(#","result":{"content":[{"type":"text","text":"#.utf8)
    private static let structure = Array(#"}],"structuredContent":"#.utf8)
    private static let noStructure = Array("}]".utf8)

    /// About as many bytes as are written, or more.
    var room: Int { roomBeforeStructure + content.count + end.count }

    private var roomBeforeStructure: Int {
        var room = Self.head.count + Self.text.count + Self.structure.count + QuotedText.room(for: content.count)
        switch id {
        case .integer: room += 20
        case .string(let text): room += text.utf8.count * 6 + 2
        }
        return room
    }

    func write(to buffer: inout ByteBuffer) {
        let start = buffer.readableBytes
        buffer.reserveCapacity(minimumWritableBytes: roomBeforeStructure)
        buffer.moveWriterIndex(forwardBy: roomBeforeStructure)
        var output = buffer.mutableReadableBytesSpan
        var end = QuotedText.write(Self.head.span, to: &output, at: start)
        switch id {
        case .integer(let number): end = QuotedText.write(String(number).utf8.span, to: &output, at: end)
        case .string: end = QuotedText.write(id.bytes.span, to: &output, at: end)
        }
        end = QuotedText.write(Self.text.span, to: &output, at: end)
        end = content.withSpan { QuotedText.write(json: $0, to: &output, at: end) }
        end = QuotedText.write((hasStructure ? Self.structure : Self.noStructure).span, to: &output, at: end)
        buffer.moveWriterIndex(to: buffer.readerIndex + end)
        if hasStructure {
            content.withSpan { content in _ = unsafe content.withUnsafeBytes { unsafe buffer.writeBytes($0) } }
        }
        buffer.writeBytes(self.end)
    }

    /// For those who need it as a part of something else.
    var bytes: [UInt8] {
        var buffer = ByteBufferAllocator().buffer(capacity: room)
        write(to: &buffer)
        return Array(buffer.readableBytesView)
    }
}
