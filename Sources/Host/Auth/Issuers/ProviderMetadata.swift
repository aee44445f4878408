// What an issuer publishes about itself: believed only if it speaks of the issuer that was asked for.

import HostBase
import JSON

/// Metadata of an OpenID Provider or authorization server (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2).
public struct ProviderMetadata: Sendable, Hashable {
    public enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        case notJSON(String)
        case noIssuer
        /// RFC 8414 section 3.3: such a document must not be used.
        case otherIssuer(found: String, expected: String)
        case insecure(member: String)

        public var description: String {
            switch self {
            case .notJSON(let reason): "it is not a JSON object: \(reason)"
            case .noIssuer: "it has no issuer"
            case .otherIssuer(let found, let expected):
                "it is about \(ForeignText.quoted(found)), not about \(ForeignText.quoted(expected))"
            case .insecure(let member): "its \(member) is not an https URL"
            }
        }
    }

    /// Endpoints that the deployment's configuration sets; they win over what is fetched.
    public struct Endpoints: Sendable, Hashable {
        public var jwksURI: String?
        public var tokenEndpoint: String?
        public var authorizationEndpoint: String?

        public init() {}

        public init(jwksURI: String? = nil, tokenEndpoint: String? = nil, authorizationEndpoint: String? = nil) {
            self.jwksURI = jwksURI
            self.tokenEndpoint = tokenEndpoint
            self.authorizationEndpoint = authorizationEndpoint
        }

        /// In the order of the members of a document.
        var members: [(name: String, value: String)] {
            [
                ("authorization_endpoint", authorizationEndpoint), ("token_endpoint", tokenEndpoint),
                ("jwks_uri", jwksURI),
            ].compactMap { name, value in value.map { (name, $0) } }
        }
    }

    private let members: JSONObject

    /// - Parameter issuer: The configured one, which the document must name, code point by code point. With
    ///   `{tenantid}` in it the document must have that as well, as Entra's does for all tenants.
    public init(parsing body: [UInt8], issuer: String) throws(Fault) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, limits: JSONLimits(depth: 16))
        } catch {
            throw .notJSON(error.reason)
        }
        guard let members = value.object else { throw .notJSON("it is something else") }
        guard let found = members["issuer"]?.string else { throw .noIssuer }
        guard found.isSame(as: issuer) else { throw .otherIssuer(found: found, expected: issuer) }
        for name in ["jwks_uri", "token_endpoint", "authorization_endpoint"] {
            guard let value = members[name] else { continue }
            guard let url = value.string, IssuerConfiguration.isSecure(url) else { throw .insecure(member: name) }
        }
        self.members = members
    }

    /// A document made of configuration alone, for when none can be fetched.
    init(issuer: String, endpoints: Endpoints) {
        var members: JSONObject = ["issuer": .string(issuer)]
        for (name, value) in endpoints.members { members[name] = .string(value) }
        members["response_types_supported"] = endpoints.authorizationEndpoint == nil ? ["none"] : ["code"]
        members["grant_types_supported"] =
            endpoints.authorizationEndpoint == nil
            ? ["client_credentials"] : ["authorization_code", "client_credentials"]
        members["subject_types_supported"] = ["public"]
        members["id_token_signing_alg_values_supported"] = ["RS256"]
        self.members = members
    }

    public var jwksURI: String? { members["jwks_uri"]?.string }
    public var tokenEndpoint: String? { members["token_endpoint"]?.string }
    public var authorizationEndpoint: String? { members["authorization_endpoint"]?.string }

    /// The document for clients: the provider's own, its issuer intact, with configured endpoints in place of fetched
    /// ones.
    public func document(with endpoints: Endpoints) -> JSONValue {
        var members = members
        for (name, value) in endpoints.members { members[name] = .string(value) }
        return .object(members)
    }

    /// One sentence for each endpoint that configuration and issuer name differently.
    public func disagreements(with endpoints: Endpoints) -> [String] {
        endpoints.members.compactMap { name, value in
            guard let found = members[name]?.string, !found.isSame(as: value) else { return nil }
            return
                "\(name) is configured as \(ForeignText.quoted(value)), but the issuer says \(ForeignText.quoted(found)); the configured one is used"
        }
    }

    /// Where metadata may be, in the order to try: as configured, appended to the issuer (OpenID Connect Discovery
    /// section 4), inserted before its path (RFC 8414 section 3.1).
    static func locations(issuer: String, configured: String? = nil) -> [String] {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        var locations = [configured, "\(base)/.well-known/openid-configuration"].compactMap(\.self)
        if let scheme = base.firstRange(of: "://") {
            let authority = base[scheme.upperBound...].prefix { $0 != "/" }
            let path = base[authority.endIndex...]
            locations.append("\(base[..<authority.endIndex])/.well-known/oauth-authorization-server\(path)")
        }
        var seen: Set<String> = []
        return locations.filter { seen.insert($0).inserted }
    }
}
