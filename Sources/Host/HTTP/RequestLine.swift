// The first line of a request as it came: the parser takes more than one spelling of it, and others may read those
// otherwise.

import HostBase
import NIOCore
import NIOHTTP1

/// Holds a head that the parser made against the bytes it was made of.
///
/// The parser lets any number of spaces stand between the parts of the line, takes `RTSP/1.0` for HTTP/1.0, and a
/// single CR for an empty line before it. RFC 9112 has one space (section 3), one name (section 2.3) and no CR without
/// LF (section 2.2). As the parser hands the parts on exactly, the line has to be these, with a space between them.
enum RequestLine {
    /// Where the line of a head ends that begins at `start`; `nil` where it is not as RFC 9112 wants it. Empty lines
    /// may come first (section 2.2).
    static func end(of head: HTTPRequestHead, in bytes: Span<UInt8>, from start: Int) -> Int? {
        quickEnd(of: head, in: bytes, from: start)
            ?? quickEnd(of: head, in: bytes, from: lineStart(in: bytes, from: start))
    }

    /// Behind the empty lines, as far as they are whole.
    static func lineStart(in bytes: Span<UInt8>, from start: Int) -> Int {
        var start = start
        while start < bytes.count {
            if bytes[start] == lf {
                start += 1
            } else if bytes[start] == cr, start + 1 < bytes.count, bytes[start + 1] == lf {
                start += 2
            } else {
                break
            }
        }
        return start
    }

    /// Where the line ends, by the lengths of its three parts alone, since the parser has read what stands there; `nil`
    /// where they do not fit.
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

    /// Where a head ends whose first line ends at `lineEnd`: behind the first empty line. The parser has found it
    /// whole.
    static func headEnd(in bytes: Span<UInt8>, lineEnd: Int) -> Int? {
        var last = lineEnd &+ 1
        while last < bytes.count {
            // The last byte of the four says how far the next place is that they could be at.
            if bytes[last] > cr {
                last &+= 4
            } else if bytes[last] == lf, bytes[last &- 1] == cr, bytes[last &- 2] == lf, bytes[last &- 3] == cr {
                return last &+ 1
            } else {
                last &+= 1
            }
        }
        return nil
    }

    // MARK: Of what the parser refused

    /// What about a line is not as it should be.
    enum Fault: Sendable {
        case form, method, version
    }

    /// What is wrong with the first line of bytes that the parser gave up on; `nil` where nothing is, or it is not
    /// whole.
    static func fault(in bytes: ByteBufferView) -> Fault? {
        let bytes = bytes.drop { $0 == cr || $0 == lf }
        guard let end = bytes.firstIndex(of: lf) else { return nil }
        var line = bytes[..<end]
        guard line.popLast() == cr else { return .form }
        let parts = line.split(separator: space, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[1].isEmpty, String(decoding: parts[0], as: UTF8.self).isToken else {
            return .form
        }
        switch String(decoding: parts[2], as: UTF8.self) {
        case "HTTP/1.1", "HTTP/1.0":
            let method = HTTPMethod(rawValue: String(decoding: parts[0], as: UTF8.self))
            return method.isKnown ? nil : .method
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
