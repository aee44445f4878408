// What documents say about a deployment, taken from its configuration.

extension Deployment {
    /// - Parameter embedded: the host itself is the authorization server.
    init(settings: Settings, publicURL: String, embedded: Bool) {
        let tokenURL = publicURL + EmbeddedAuthorizationServer.tokenPath
        self.init(
            publicURL: publicURL,
            title: settings.service.title,
            modelName: settings.service.name,
            version: HostVersion.current,
            summary: settings.service.description,
            description: settings.service.description,
            contactEmail: settings.service.contactEmail,
            legalURL: settings.service.legalURL,
            security: embedded
                ? [.clientCredentials(tokenURL: tokenURL, authorizationURL: nil), .bearer(format: "JWT")] : [],
            authorizationServers: embedded ? [publicURL] : [],
            requiredScopes: settings.requiredScopes
        )
    }
}
