// Ranges of addresses as operators write them: of peers that are believed, of networks that packs may reach.

import HostBase
import NIOCore

/// An address or a network in CIDR form (RFC 4632), IPv4 or IPv6.
public struct NetworkRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let prefixLength: Int

    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = try? SocketAddress(ipAddress: String(parts[0]), port: 0),
            let bytes = Self.bytes(of: address)
        else { return nil }
        var length = bytes.count * 8
        if parts.count == 2 {
            // The first 96 bits of a mapped address say only that it is one.
            let hidden = bytes.count == 4 && parts[0].contains(":") ? 96 : 0
            guard parts[1].isASCIIDigits, let given = Int(parts[1]),
                (hidden...length + hidden).contains(given)
            else { return nil }
            length = given - hidden
        }
        self.bytes = bytes
        self.prefixLength = length
    }

    public func contains(_ address: SocketAddress) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        var left = prefixLength
        for (a, b) in zip(bytes, other) {
            if left <= 0 { return true }
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            if a & mask != b & mask { return false }
            left -= 8
        }
        return true
    }

    /// In network order; an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) counts as IPv4.
    private static func bytes(of address: SocketAddress) -> [UInt8]? {
        guard let text = address.ipAddress else { return nil }
        if !text.contains(":") { return octets(text[...]) }
        var head = text[...]
        var embedded: [UInt8] = []
        if text.contains("."), let colon = text.lastIndex(of: ":") {
            embedded = octets(text[text.index(after: colon)...]) ?? []
            head = text[...colon]
            if head.hasSuffix(":") && !head.hasSuffix("::") { head = head.dropLast() }
        }
        let halves = head.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let front = groups(halves[0])
        let back = halves.count == 2 ? groups(halves[1]) + embedded : embedded
        let gap = 16 - front.count - back.count
        guard gap >= 0 else { return nil }
        let bytes = front + [UInt8](repeating: 0, count: gap) + back
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
    }

    private static func octets(_ text: Substring) -> [UInt8]? {
        let octets = text.split(separator: ".").compactMap { UInt8($0) }
        return octets.count == 4 ? octets : nil
    }

    private static func groups(_ text: Substring) -> [UInt8] {
        text.split(separator: ":").flatMap { group -> [UInt8] in
            let value = UInt16(group.prefix { $0 != "%" }, radix: 16) ?? 0
            return [UInt8(value >> 8), UInt8(value & 0xFF)]
        }
    }
}
