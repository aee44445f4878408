// Where packs may reach other services and as whom, as configured.

import NIOCore
import NIOSSL

/// What the `AGENTS_` and `OUTBOUND_` keys say.
struct OutboundSettings: Sendable {
    /// Client credentials (RFC 6749 section 4.4).
    struct Client: Sendable {
        var tokenEndpoint: OutboundURL
        var id: String
        var secret: String
        var scope: String
    }

    /// What the host shows at the origin of `NEXTJS_URL`.
    enum Credential: Sendable {
        case none
        case apiKey(String)
        case token(Client)
    }

    /// Without a slash at its end.
    var agentsURL: String?
    var credential = Credential.none
    var forwardsUserToken = false
    /// Trusted besides the system's.
    var authorities: [NIOSSLCertificate] = []
    var addresses = AddressPolicy()
    /// Scheme `http` always: how the proxy itself is spoken to.
    var proxy: Origin?
    var maxResponseBytes: Int
    var circuitFailures: Int
    var circuitPause: TimeAmount
    var healthInterval: TimeAmount
    var warnings: [String] = []
    /// What a group may write to, of the file of certificates.
    var fileRemarks: [FileTrust.Remark] = []

    /// The one origin that the host has credentials for.
    var agentsOrigin: Origin? { agentsURL.flatMap { OutboundURL($0)?.origin } }

    /// TLS as every connection that the host opens uses it: verified, against the system's authorities and the
    /// operator's.
    var tls: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !authorities.isEmpty { configuration.additionalTrustRoots = [.certificates(authorities)] }
        return configuration
    }
}
