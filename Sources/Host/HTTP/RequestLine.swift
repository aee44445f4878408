// The first line of a request as it came: the parser takes more than one spelling of it, and others may read those otherwise.

import NIOCore
import NIOHTTP1

/// Holds a head that the parser made against the bytes it was made of.
///
/// The parser lets any number of spaces stand between the parts of the line, takes `RTSP/1.0` for HTTP/1.0, and a single CR for
/// an empty line before it. RFC 9112 has one space (section 3), one name (section 2.3) and no CR without LF (section 2.2). As
/// the parser hands the parts on exactly, the line has to be these, with a space between them.
enum RequestLine {
    /// What comes before a head in the bytes that it is looked for in.
    struct Before: Sendable {
        /// Where the line of that message ends; `nil` where its head is not in these bytes.
        var lineEnd: Int?
        /// Bytes of its body that came with them, without any chunks around them.
        var bodySize = 0
        /// Whether the body is one in chunks, where the head is gone that says so.
        var isChunked = false

        /// The same once these bytes are gone, and the message is not at its end.
        func rest(of bytes: ByteBuffer) -> Before {
            guard let lineEnd else { return Before(isChunked: isChunked) }
            return Before(isChunked: RequestLine.isChunked(bytes.readableBytesUInt8Span, from: lineEnd))
        }
    }

    /// Where the line of a head ends that begins the bytes; `nil` where it is not as RFC 9112 wants it.
    static func end(of head: HTTPRequestHead, in bytes: ByteBuffer) -> Int? {
        end(of: head, in: bytes.readableBytesUInt8Span, from: 0)
    }

    /// The same of one that comes behind another message, which the parser has read to its end.
    static func end(of head: HTTPRequestHead, in bytes: ByteBuffer, behind message: Before) -> Int? {
        let bytes = bytes.readableBytesUInt8Span
        guard let lineEnd = message.lineEnd else {
            return message.isChunked
                ? search(for: head, in: bytes, from: message.bodySize)
                : end(of: head, in: bytes, from: message.bodySize)
        }
        guard let body = emptyLineEnd(bytes, from: lineEnd - 2) else { return nil }
        guard isChunked(bytes, from: lineEnd) else { return end(of: head, in: bytes, from: body + message.bodySize) }
        return chunksEnd(bytes, from: body).flatMap { end(of: head, in: bytes, from: $0) }
    }

    /// Empty lines may come first (section 2.2).
    private static func end(of head: HTTPRequestHead, in bytes: Span<UInt8>, from start: Int) -> Int? {
        if let end = quickEnd(of: head, in: bytes, from: start) { return end }
        var start = start
        while start + 1 < bytes.count {
            if bytes[start] == lf {
                start += 1
            } else if bytes[start] == cr, bytes[start + 1] == lf {
                start += 2
            } else {
                break
            }
        }
        return quickEnd(of: head, in: bytes, from: start)
    }

    /// Of the three parts only the lengths count: what stands there the parser has read.
    @inline(__always)
    private static func quickEnd(of head: HTTPRequestHead, in bytes: Span<UInt8>, from start: Int) -> Int? {
        let target = start &+ length(of: head.method)
        let version = target &+ 2 &+ head.uri.utf8.count
        guard version &+ 10 <= bytes.count, bytes[start] > space, bytes[target] == space, bytes[target &+ 1] != space,
            bytes[version &- 1] == space,
            EightBytes.load(bytes, at: version) == (head.version == .http1_1 ? version11 : version10),
            bytes[version &+ 8] == cr, bytes[version &+ 9] == lf
        else { return nil }
        return version &+ 10
    }

    @inline(__always)
    private static func length(of method: HTTPMethod) -> Int {
        // The one whose name is written otherwise here than there.
        method == .MSEARCH ? 8 : method.rawValue.utf8.count
    }

    /// Of a body in chunks whose first ones are gone nobody knows where it ends, but for the line break that it ends with.
    private static func search(for head: HTTPRequestHead, in bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        let line = Array("\(head.method == .MSEARCH ? "M-SEARCH" : head.method.rawValue) \(head.uri) HTTP/1.".utf8)
        while index + line.count <= bytes.count {
            if starts(bytes, at: index, with: line), isBegun(bytes, at: index),
                let end = quickEnd(of: head, in: bytes, from: index)
            {
                return end
            }
            index += 1
        }
        return nil
    }

    /// Whether line breaks come before it, and no CR of its own among them.
    private static func isBegun(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        var first = index
        while first > 0, bytes[first - 1] == cr || bytes[first - 1] == lf { first -= 1 }
        for place in first..<index where bytes[place] == cr && (place + 1 == index || bytes[place + 1] != lf) {
            return false
        }
        return first < index || index == 0
    }

    /// Whether one of the fields behind this line says so. The parser takes no other transfer coding to the end.
    fileprivate static func isChunked(_ bytes: Span<UInt8>, from lineEnd: Int) -> Bool {
        var index = lineEnd
        while index < bytes.count, bytes[index] != cr {
            var name = 0
            while name < codingName.count, index + name < bytes.count,
                bytes[index + name] | 0x20 == codingName[name] | 0x20
            {
                name += 1
            }
            if name == codingName.count { return true }
            while index < bytes.count, bytes[index] != lf { index += 1 }
            index += 1
        }
        return false
    }

    private static let codingName = Array("transfer-encoding:".utf8)

    private static func starts(_ bytes: Span<UInt8>, at start: Int, with line: [UInt8]) -> Bool {
        for (offset, byte) in line.enumerated() where bytes[start + offset] != byte { return false }
        return true
    }

    /// Behind the first empty line whose line break before it begins here or later.
    private static func emptyLineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index >= 0, index + 4 <= bytes.count {
            if bytes[index] == cr, bytes[index + 1] == lf, bytes[index + 2] == cr, bytes[index + 3] == lf {
                return index + 4
            }
            index += 1
        }
        return nil
    }

    /// Behind a body in chunks (section 7.1) and its trailers. The parser has found it well-formed.
    private static func chunksEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, Character(Unicode.Scalar(bytes[index])).isHexDigit {
            var size = 0
            while index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue {
                guard size < bytes.count else { return nil }
                size = size * 16 + digit
                index += 1
            }
            while index < bytes.count, bytes[index] != lf { index += 1 }
            if size == 0 { return emptyLineEnd(bytes, from: index - 1) }
            guard size < bytes.count - index else { return nil }
            index += size + 3
        }
        return nil
    }

    // MARK: Of what the parser refused

    /// What about a line is not as it should be.
    enum Fault: Sendable {
        case form, method, version
    }

    /// What is wrong with the first line of bytes that the parser gave up on; `nil` where nothing is, or it is not whole.
    static func fault(in bytes: ByteBuffer) -> Fault? {
        let bytes = bytes.readableBytesView.drop { $0 == cr || $0 == lf }
        guard let end = bytes.firstIndex(of: lf) else { return nil }
        var line = bytes[..<end]
        guard line.popLast() == cr else { return .form }
        let parts = line.split(separator: space, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[1].isEmpty, OutboundFields.isToken(String(decoding: parts[0], as: UTF8.self))
        else { return .form }
        switch String(decoding: parts[2], as: UTF8.self) {
        case "HTTP/1.1", "HTTP/1.0":
            let method = HTTPMethod(rawValue: String(decoding: parts[0], as: UTF8.self))
            return Route.knownMethods.contains(method) ? nil : .method
        case let version
        where version.utf8.count == 8 && version.hasPrefix("HTTP/") && version.dropFirst(6).first == ".":
            return .version
        default: return .form
        }
    }

    private static let space = UInt8(ascii: " ")
    private static let cr = UInt8(ascii: "\r")
    private static let lf = UInt8(ascii: "\n")
    private static let version11 = EightBytes.load("HTTP/1.1".utf8.span, at: 0)
    private static let version10 = EightBytes.load("HTTP/1.0".utf8.span, at: 0)
}
