// On whose behalf a peer calls: its own address, unless it is a proxy that the operator trusts.

import NIOCore
import NIOHTTP1

/// Reads `X-Forwarded-For`, `X-Real-IP` and `X-Request-Id`, from trusted proxies only.
struct ClientAddress: Sendable {
    let trusted: [NetworkRange]

    func isTrusted(_ peer: SocketAddress?) -> Bool {
        guard let peer else { return false }
        return trusted.contains { $0.contains(peer) }
    }

    /// The last address in the chain that is not a trusted proxy's.
    func client(_ headers: HTTPHeaders, peer: SocketAddress?) -> String {
        let own = peer?.ipAddress ?? "unknown"
        guard isTrusted(peer) else { return own }
        let chain = headers[canonicalForm: "x-forwarded-for"]
        if chain.isEmpty {
            guard let real = headers.first(name: "x-real-ip"), Self.address(real) != nil else { return own }
            return real
        }
        var client = own
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
