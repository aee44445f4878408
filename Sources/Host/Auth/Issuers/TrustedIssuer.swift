// An issuer as the operator names it: the rules for its tokens, and what clients are told about it.

/// One configured issuer.
public struct TrustedIssuer: Sendable, Hashable {
    public let preset: IssuerPreset
    public var rules: IssuerConfiguration
    /// What the operator set; wins over what the issuer says.
    public var endpoints = ProviderMetadata.Endpoints()
    /// What a client asks the token endpoint for where that is not a list of scopes.
    public var tokenScope: String?

    public init(issuer: String, preset: IssuerPreset? = nil) {
        self.preset = preset ?? .recognized(in: issuer)
        rules = self.preset.configuration(issuer: issuer)
    }

    /// Sets audiences, and with them what the provider derives from one.
    public mutating func expect(audiences: [String]) {
        guard !audiences.isEmpty else { return }
        rules.audiences = audiences
        // Cognito binds tokens to a resource where it is told to; they have an audience then.
        if rules.audienceMode == .client { rules.audienceMode = .audience }
    }

    /// What documents say to ask for: Entra grants an application all its roles at once, and nothing by name.
    public var documentedTokenScope: String? {
        if let tokenScope { return tokenScope }
        guard preset == .entraV1 || preset == .entraV2 else { return nil }
        return rules.audiences.first.map { "\($0)/.default" }
    }

    /// What clients are told to ask for tokens: the issuer, or for one of many tenants the URL that serves them all.
    public var authorizationServer: String { baseURL }

    /// Where metadata may be, in the order to try. An issuer of many tenants publishes it under a name of its own.
    public var locations: [String] {
        ProviderMetadata.locations(issuer: baseURL, configured: rules.metadataURL)
    }

    /// Where the issuer's own metadata must be (OpenID Connect Discovery 1.0 section 4).
    public var ownLocation: String { ProviderMetadata.locations(issuer: baseURL)[0] }

    /// The metadata made of configuration and of the provider's known endpoints, for when none can be fetched.
    public var builtMetadata: ProviderMetadata {
        var endpoints = endpoints
        let known = knownEndpoints
        endpoints.tokenEndpoint = endpoints.tokenEndpoint ?? known.tokenEndpoint
        endpoints.jwksURI = endpoints.jwksURI ?? known.jwksURI
        return ProviderMetadata(issuer: rules.issuer, endpoints: endpoints)
    }

    private var baseURL: String {
        guard let mark = rules.issuer.firstRange(of: IssuerConfiguration.tenantMark) else { return rules.issuer }
        return rules.issuer[..<mark.lowerBound] + "organizations" + rules.issuer[mark.upperBound...]
    }

    /// Endpoints that the provider has had in the same place for all its tenants and for years.
    private var knownEndpoints: ProviderMetadata.Endpoints {
        let base = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        func endpoints(token: String?, keys: String) -> ProviderMetadata.Endpoints {
            .init(jwksURI: keys, tokenEndpoint: token)
        }
        switch preset {
        case .entraV1:
            let tenant = base.split(separator: "/").last ?? ""
            let root = "https://login.microsoftonline.com/\(tenant)"
            return endpoints(token: "\(root)/oauth2/token", keys: "\(root)/discovery/keys")
        case .entraV2:
            let root = base.hasSuffix("/v2.0") ? String(base.dropLast("/v2.0".count)) : base
            return endpoints(token: "\(root)/oauth2/v2.0/token", keys: "\(root)/discovery/v2.0/keys")
        case .okta: return endpoints(token: "\(base)/v1/token", keys: "\(base)/v1/keys")
        case .auth0: return endpoints(token: "\(base)/oauth/token", keys: "\(base)/.well-known/jwks.json")
        case .keycloak:
            let root = "\(base)/protocol/openid-connect"
            return endpoints(token: "\(root)/token", keys: "\(root)/certs")
        case .cognito: return endpoints(token: nil, keys: "\(base)/.well-known/jwks.json")
        case .generic: return .init()
        }
    }
}
