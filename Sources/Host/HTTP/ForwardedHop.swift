// One place on the way of a request, as proxies write it down: with a port or without, in brackets, in quotes.

import HostBase
import HostNetwork
import NIOCore

/// An element of `X-Forwarded-For`, or an `X-Real-IP`.
///
/// No standard says how they look. Beside bare addresses there are `192.0.2.1:5678` and `[2001:db8::1]:443`, as Azure's
/// gateways and load balancers of AWS can write them, and what RFC 7239 section 6 made of those: quotes, `unknown`, and
/// names that hide somebody (`_hidden`).
struct ForwardedHop: Sendable {
    let address: SocketAddress
    /// Without port and zone; an IPv4 address that is mapped into IPv6 as what it is.
    let name: String

    /// `nil` for what is no address, whoever may be meant.
    init?(_ text: Substring) {
        var text = text.trimmed[...]
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        guard let host = Self.host(text) else { return nil }
        // A zone is about a link of another machine.
        let zone = host.contains(":") ? host.firstIndex(of: "%").map { host[$0...] } ?? "" : ""
        guard zone.count != 1, let address = try? SocketAddress(ipAddress: String(host.dropLast(zone.count)), port: 0)
        else { return nil }
        self.init(address)
    }

    /// `nil` for a socket of another kind.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        if let mapped = IPv6Address.mapped(text), let address = try? SocketAddress(ipAddress: mapped, port: 0) {
            self.address = address
            name = mapped
        } else {
            self.address = address
            name = text
        }
    }

    /// Without brackets and port. More than one colon without brackets is an IPv6 address alone: where its port would
    /// begin nobody can say.
    private static func host(_ text: Substring) -> Substring? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else { return nil }
            let host = text[text.index(after: text.startIndex)..<end]
            return host.contains(":") ? host : nil
        }
        guard let colon = text.firstIndex(of: ":"), !text[text.index(after: colon)...].contains(":") else {
            return text
        }
        return isPort(text[colon...]) ? text[..<colon] : nil
    }

    /// Nothing, or a colon and digits.
    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let digits = text.utf8.dropFirst()
        return text.hasPrefix(":") && (1...5).contains(digits.count) && digits.allSatisfy(\.isASCIIDigit)
    }
}
