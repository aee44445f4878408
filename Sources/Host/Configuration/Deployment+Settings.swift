// What documents say about a deployment, taken from its configuration and from what its issuer says.

extension Deployment {
    /// - Parameter provider: The metadata that the named issuer publishes; `nil` while it is not known.
    init(settings: Settings, publicURL: String, provider: ProviderMetadata? = nil) {
        self.init(
            publicURL: publicURL,
            title: settings.service.title,
            modelName: settings.service.name,
            version: HostVersion.current,
            summary: settings.service.description,
            description: settings.service.description,
            contactEmail: settings.service.contactEmail,
            legalURL: settings.service.legalURL,
            security: Self.security(settings, publicURL: publicURL, provider: provider),
            authorizationServers: settings.auth.mode == .embedded
                ? [publicURL] : settings.auth.issuers.filter(\.rules.admitsClients).map(\.authorizationServer),
            requiredScopes: settings.auth.requiredScopes,
            tokenScope: settings.auth.namedIssuer?.documentedTokenScope
        )
    }

    private static func security(
        _ settings: Settings, publicURL: String, provider: ProviderMetadata?
    ) -> [SecurityScheme] {
        let bearer = SecurityScheme.bearer(format: "JWT")
        switch settings.auth.mode {
        case .none: return []
        case .embedded:
            let tokenURL = publicURL + EmbeddedAuthorizationServer.tokenPath
            return [.clientCredentials(tokenURL: tokenURL, authorizationURL: nil), bearer]
        case .apiKey: return [.apiKey(header: APIKeyAuthenticator.header)]
        case .oauth2, .hybrid:
            var schemes = [bearer]
            if let issuer = settings.auth.namedIssuer {
                let metadata = provider ?? issuer.builtMetadata
                if let tokenURL = issuer.endpoints.tokenEndpoint ?? metadata.tokenEndpoint {
                    let page = issuer.endpoints.authorizationEndpoint ?? metadata.authorizationEndpoint
                    schemes.insert(.clientCredentials(tokenURL: tokenURL, authorizationURL: page), at: 0)
                }
            }
            if settings.auth.mode == .hybrid { schemes.append(.apiKey(header: APIKeyAuthenticator.header)) }
            return schemes
        }
    }
}
