// Where packs may reach other services and as whom, as configured.

import HostBase
import HostNetwork
import NIOCore
import NIOSSL

/// What the `AGENTS_` and `OUTBOUND_` keys say.
public struct OutboundSettings: Sendable {
    /// Client credentials (RFC 6749 section 4.4).
    public struct Client: Sendable {
        public var tokenEndpoint: OutboundURL
        public var id: String
        public var secret: String
        public var scope: String

        public init(tokenEndpoint: OutboundURL, id: String, secret: String, scope: String) {
            self.tokenEndpoint = tokenEndpoint
            self.id = id
            self.secret = secret
            self.scope = scope
        }
    }

    /// What the host shows at the origin of `NEXTJS_URL`.
    public enum Credential: Sendable {
        case none
        case apiKey(String)
        case token(Client)
    }

    /// Without a slash at its end.
    public var agentsURL: String?
    public var credential = Credential.none
    public var forwardsUserToken = false
    /// Trusted besides the system's.
    public var authorities: [NIOSSLCertificate] = []
    public var addresses = AddressPolicy()
    /// Scheme `http` always: how the proxy itself is spoken to.
    public var proxy: Origin?
    var maxResponseBytes: Int
    var circuitFailures: Int
    var circuitPause: TimeAmount
    var healthInterval: TimeAmount
    public var warnings: [String] = []
    /// What a group may write to, of the file of certificates.
    public var fileRemarks: [FileTrust.Remark] = []

    package init(
        agentsURL: String? = nil, credential: Credential = .none, forwardsUserToken: Bool = false,
        authorities: [NIOSSLCertificate] = [], addresses: AddressPolicy = AddressPolicy(), proxy: Origin? = nil,
        maxResponseBytes: Int, circuitFailures: Int, circuitPause: TimeAmount, healthInterval: TimeAmount,
        warnings: [String] = [], fileRemarks: [FileTrust.Remark] = []
    ) {
        self.agentsURL = agentsURL
        self.credential = credential
        self.forwardsUserToken = forwardsUserToken
        self.authorities = authorities
        self.addresses = addresses
        self.proxy = proxy
        self.maxResponseBytes = maxResponseBytes
        self.circuitFailures = circuitFailures
        self.circuitPause = circuitPause
        self.healthInterval = healthInterval
        self.warnings = warnings
        self.fileRemarks = fileRemarks
    }

    /// The one origin that the host has credentials for.
    var agentsOrigin: Origin? { agentsURL.flatMap { OutboundURL($0)?.origin } }

    /// TLS as every connection that the host opens uses it: verified, against the system's authorities and the
    /// operator's.
    public var tls: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !authorities.isEmpty { configuration.additionalTrustRoots = [.certificates(authorities)] }
        return configuration
    }
}
