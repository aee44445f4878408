// Which addresses a request may connect to: not into the operator's own networks by way of somebody else's DNS.

import HostNetwork
import NIOCore

/// Judges the addresses that a name stands for.
public struct AddressPolicy: Sendable {
    /// Private networks that names may stand for, as the operator says.
    public var permitted: [NetworkRange] = []

    /// The addresses that may be connected to, in their order.
    ///
    /// An address that the operator wrote down as the origin is named, whatever network it is in. So is `localhost`
    /// (RFC 6761 section 6.3), for this machine and nothing else.
    func usable(_ addresses: [SocketAddress], for origin: Origin) -> [SocketAddress] {
        if (try? SocketAddress(ipAddress: origin.host, port: origin.port)) != nil { return addresses }
        if origin.host == "localhost" || origin.host.hasSuffix(".localhost") {
            return addresses.filter { address in Self.loopback.contains { $0.contains(address) } }
        }
        return addresses.filter { address in
            permitted.contains { $0.contains(address) } || !Self.isSpecial(address)
        }
    }

    /// Whether an address is not one of the public Internet.
    static func isSpecial(_ address: SocketAddress) -> Bool {
        special.contains { $0.contains(address) }
    }

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap { NetworkRange($0) }

    /// What the registries of special-purpose addresses (RFC 6890) do not call global, the multicast addresses, and the
    /// prefixes that carry an IPv4 address inside an IPv6 one: those lead wherever a translator leads.
    private static let special = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { NetworkRange($0) }
}
