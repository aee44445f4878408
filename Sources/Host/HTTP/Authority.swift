// Which host a request names: read in one way only, so that nobody else can read another one there.

import HostNetwork

/// A host and perhaps a port, as `Host`, request targets and settings name them (RFC 3986 section 3.2, RFC 9110 section
/// 7.2), without user information.
///
/// A name may have letters, digits, `-`, `.`, `_` and `~`. Section 3.2.2 allows more, but no name of a host has others,
/// and an escape is a second spelling.
public struct Authority: Sendable, Equatable {
    /// In lower case and without the dot of the root; an IPv6 address stands in brackets, in its one spelling (RFC
    /// 5952).
    public let host: String
    /// `nil` where there is none, or nothing behind the colon.
    public let port: Int?

    /// `nil` for what is no authority, and for an empty host.
    public init?(_ text: String) {
        guard Self.isWellFormed(text.utf8.span), !text.isEmpty else { return nil }
        let lowercased = text.lowercased()
        if lowercased.hasPrefix("["), let end = lowercased.firstIndex(of: "]") {
            let address = lowercased[lowercased.index(after: lowercased.startIndex)..<end]
            guard let address = IPv6Address.canonical(String(address)) else { return nil }
            host = "[\(address)]"
            port = Int(lowercased[end...].dropFirst(2))
        } else {
            let name = lowercased.prefix { $0 != ":" }
            port = Int(lowercased.dropFirst(name.count + 1))
            host = String(name.count > 1 && name.hasSuffix(".") ? name.dropLast() : name)
            guard !name.isEmpty, !host.hasPrefix("."), !host.hasSuffix(".") else { return nil }
        }
    }

    /// Whether the text is an authority, or empty as where a target has none (RFC 9112 section 3.2).
    public static func isWellFormed(_ text: Span<UInt8>) -> Bool {
        var index = 0
        if text.count > 0, text[0] == UInt8(ascii: "[") {
            guard let end = addressEnd(text) else { return false }
            index = end
        } else {
            while index < text.count, isName(text[index]) { index &+= 1 }
        }
        guard index < text.count else { return true }
        return text[index] == UInt8(ascii: ":") && index > 0 && isPort(text, from: index &+ 1)
    }

    /// Where an address in brackets ends.
    private static func addressEnd(_ text: Span<UInt8>) -> Int? {
        var bytes: [UInt8] = []
        var index = 1
        while index < text.count, text[index] != UInt8(ascii: "]") {
            bytes.append(text[index])
            index += 1
        }
        guard index < text.count, bytes.allSatisfy({ $0 < 0x80 && $0 != 0 }),
            IPv6Address.canonical(String(decoding: bytes, as: UTF8.self)) != nil
        else { return nil }
        return index + 1
    }

    @inline(__always)
    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    /// Digits of a number up to 65535, with zeros before it or without; none at all is a port, too (RFC 3986 section
    /// 3.2.3).
    private static func isPort(_ text: Span<UInt8>, from start: Int) -> Bool {
        var (index, number) = (start, 0)
        while index < text.count {
            guard (0x30...0x39).contains(text[index]), number <= 65_535 else { return false }
            number = number &* 10 &+ Int(text[index] &- 0x30)
            index &+= 1
        }
        return number <= 65_535
    }
}
