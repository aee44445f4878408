// What stands around the chunks of a body, so that where the body ends is known to others than the parser.

/// Finds the end of a body in chunks (RFC 9112 section 7.1), however its bytes are cut, and keeps none of them.
///
/// The parser reads the same bytes and gives up on those that are not well-formed; so lines end where an LF is.
struct ChunkFraming: Sendable {
    private enum State {
        case size
        /// The rest of the line that the size is on: extensions.
        case line
        case data
        /// The line break behind the data.
        case dataEnd
        /// Where a trailer begins, or the empty line behind them all.
        case trailer
        case trailerLine
        case lastBreak
        case end
    }

    private var state = State.size
    /// The size of the chunk, as far as it is read; then how much of its data is still to come.
    private var size: UInt64 = 0

    /// Whether the body and its trailers are behind.
    var isAtEnd: Bool { state == .end }

    /// Goes on with the next bytes of the body.
    ///
    /// - Returns: where in the bytes the body ends, or how many there are where it does not.
    mutating func advance(over bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, state != .end {
            if state == .data {
                let part = min(size, UInt64(bytes.count - index))
                size -= part
                index += Int(part)
                if size == 0 { state = .dataEnd }
            } else {
                take(bytes[index])
                index += 1
            }
        }
        return index
    }

    private mutating func take(_ byte: UInt8) {
        let isLineFeed = byte == UInt8(ascii: "\n")
        switch state {
        case .size:
            if let digit = Self.digit(byte) { size = size << 4 | digit } else { state = .line }
        case .line: if isLineFeed { state = size > 0 ? .data : .trailer }
        case .dataEnd: if isLineFeed { state = .size }
        case .trailer: state = byte == UInt8(ascii: "\r") ? .lastBreak : .trailerLine
        case .trailerLine: if isLineFeed { state = .trailer }
        case .lastBreak: state = .end
        case .data, .end: break
        }
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}
