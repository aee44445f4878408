// On whose behalf a peer calls: its own address, unless it is a proxy that the operator trusts.

import HostNetwork
import NIOCore
import NIOHTTP1

/// The other end of a connection, which every request on it comes from.
public struct Peer: Sendable {
    /// For the log.
    var name = "unknown"
    /// A proxy whose word about the client is believed.
    var isTrusted = false
}

/// Reads `X-Forwarded-For`, `X-Real-IP` and `X-Request-Id`, from trusted proxies only.
///
/// `Forwarded` (RFC 7239) is not read: hardly a proxy writes it by itself, and where one writes the other field, a
/// client would write this one.
struct ClientAddress: Sendable {
    /// Who calls, as far as trusted proxies say so.
    struct Client: Sendable, Equatable {
        var name: String
        /// What a trusted proxy says that is no address: `name` is the last place before it.
        var unread: Unread?
    }

    struct Unread: Sendable, Equatable {
        var field: RequestFields.Name
        var value: String
    }

    let trusted: [NetworkRange]

    func peer(_ address: SocketAddress?) -> Peer {
        guard let address, let hop = ForwardedHop(address) else { return Peer() }
        return Peer(name: hop.name, isTrusted: isTrusted(hop.address))
    }

    private func isTrusted(_ address: SocketAddress) -> Bool {
        trusted.contains { $0.contains(address) }
    }

    /// The last address in the chain that is not a trusted proxy's.
    ///
    /// Each place was written down by the one behind it, so that whatever stands to the left of somebody who is not
    /// trusted may be made up. An element that cannot be read is such a somebody, too: what is left of it is never
    /// looked at.
    func client(_ fields: RequestFields, peer: Peer) -> Client {
        var client = Client(name: peer.name)
        guard peer.isTrusted else { return client }
        let chain = fields[.forwardedFor].flatMap { $0.split(separator: ",") }.filter {
            $0.contains { !$0.isWhitespace }
        }
        guard chain.isEmpty else {
            for element in chain.reversed() {
                guard let hop = ForwardedHop(element) else {
                    client.unread = Unread(field: .forwardedFor, value: String(element))
                    break
                }
                client.name = hop.name
                if !isTrusted(hop.address) { break }
            }
            return client
        }
        // Where there are two, one is the client's own, and nobody knows which.
        let real = fields[.realIP]
        guard !real.isEmpty else { return client }
        if let value = real.first, let hop = ForwardedHop(value[...]), real.count == 1 {
            client.name = hop.name
        } else {
            client.unread = Unread(field: .realIP, value: real.joined(separator: ", "))
        }
        return client
    }
}
