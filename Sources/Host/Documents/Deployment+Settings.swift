// What documents say about a deployment, taken from its configuration and from what its issuer says.

import HostAuth
import HostBase

extension Deployment {
    /// - Parameters:
    ///   - requiredScopes: Those that every call needs; `nil`: as configured.
    ///   - provider: The metadata that the named issuer publishes; `nil` while it is not known.
    public init(
        service: ServiceSettings, auth: AuthSettings, requiredScopes: [String]? = nil, publicURL: String,
        provider: ProviderMetadata? = nil
    ) {
        self.init(
            publicURL: publicURL,
            title: service.title,
            modelName: service.name,
            version: HostVersion.current,
            summary: service.description,
            description: service.description,
            contactEmail: service.contactEmail,
            legalURL: service.legalURL,
            security: Self.security(auth, publicURL: publicURL, provider: provider),
            authorizationServers: auth.mode == .embedded
                ? [publicURL] : auth.issuers.filter(\.rules.admitsClients).map(\.authorizationServer),
            requiredScopes: requiredScopes ?? auth.requiredScopes,
            tokenScope: auth.namedIssuer?.documentedTokenScope
        )
    }

    private static func security(
        _ auth: AuthSettings, publicURL: String, provider: ProviderMetadata?
    ) -> [SecurityScheme] {
        let bearer = SecurityScheme.bearer(format: "JWT")
        switch auth.mode {
        case .none: return []
        case .embedded:
            let tokenURL = publicURL + EmbeddedAuthorizationServer.tokenPath
            return [.clientCredentials(tokenURL: tokenURL, authorizationURL: nil), bearer]
        case .apiKey: return [.apiKey(header: APIKeyAuthenticator.header)]
        case .oauth2, .hybrid:
            var schemes = [bearer]
            if let issuer = auth.namedIssuer {
                let metadata = provider ?? issuer.builtMetadata
                if let tokenURL = issuer.endpoints.tokenEndpoint ?? metadata.tokenEndpoint {
                    let page = issuer.endpoints.authorizationEndpoint ?? metadata.authorizationEndpoint
                    schemes.insert(.clientCredentials(tokenURL: tokenURL, authorizationURL: page), at: 0)
                }
            }
            if auth.mode == .hybrid { schemes.append(.apiKey(header: APIKeyAuthenticator.header)) }
            return schemes
        }
    }
}
