// On whose behalf a peer calls: its own address, unless it is a proxy that the operator trusts.

import NIOCore
import NIOHTTP1

/// The other end of a connection, which every request on it comes from.
struct Peer: Sendable {
    /// For the log.
    var name = "unknown"
    /// A proxy whose word about the client is believed.
    var isTrusted = false
}

/// Reads `X-Forwarded-For`, `X-Real-IP` and `X-Request-Id`, from trusted proxies only.
struct ClientAddress: Sendable {
    let trusted: [NetworkRange]

    func peer(_ address: SocketAddress?) -> Peer {
        guard let address else { return Peer() }
        return Peer(name: address.ipAddress ?? Peer().name, isTrusted: isTrusted(address))
    }

    private func isTrusted(_ address: SocketAddress) -> Bool {
        trusted.contains { $0.contains(address) }
    }

    /// The last address in the chain that is not a trusted proxy's.
    func client(_ fields: RequestFields, peer: Peer) -> String {
        guard peer.isTrusted else { return peer.name }
        let chain = fields[.forwardedFor].flatMap { $0.split(separator: ",") }
        if chain.isEmpty {
            guard let real = fields.first(.realIP), Self.address(real) != nil else { return peer.name }
            return real
        }
        var client = peer.name
        for hop in chain.reversed() {
            guard let address = Self.address(String(hop)) else { break }
            client = address.ipAddress ?? client
            if !isTrusted(address) { break }
        }
        return client
    }

    private static func address(_ text: String) -> SocketAddress? {
        try? SocketAddress(ipAddress: text.trimmed, port: 0)
    }
}
