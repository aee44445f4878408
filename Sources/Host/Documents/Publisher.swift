// Makes documents: of tools, and of what issuers say about themselves.

import HostAuth
import HostTools
import JSON

/// Everything that documents are made of, but for what may change while the host runs.
public struct Publisher: Sendable {
    public let service: ServiceSettings
    public let auth: AuthSettings
    public let publicURL: String
    public let embedded: EmbeddedAuthorizationServer?

    public init(
        service: ServiceSettings, auth: AuthSettings, publicURL: String, embedded: EmbeddedAuthorizationServer?
    ) {
        self.service = service
        self.auth = auth
        self.publicURL = publicURL
        self.embedded = embedded
    }

    /// - Parameters:
    ///   - requiredScopes: Those that every call needs.
    ///   - issuer: What the named issuer says about itself; `nil` while that is not known.
    public func documents(
        of tools: [ToolDescriptor], requiredScopes: [String], issuer: IssuerDirectory.Finding?
    ) throws(DescriptorProblem) -> PublishedDocuments {
        let deployment = Deployment(
            service: service, auth: auth, requiredScopes: requiredScopes, publicURL: publicURL,
            provider: issuer?.metadata)
        return try PublishedDocuments(
            deployment: deployment, tools: tools,
            authorizationServer: authorizationServer(deployment, tools, finding: issuer))
    }

    private func authorizationServer(
        _ deployment: Deployment, _ tools: [ToolDescriptor], finding: IssuerDirectory.Finding?
    ) -> PublishedDocuments.AuthorizationServer {
        switch auth.mode {
        case .none:
            return .none(
                "This deployment lets everybody in (MCP_AUTH_MODE=none): there is nothing to get a token from.")
        case .apiKey:
            return .none(
                "Callers send a key in \(APIKeyAuthenticator.header) here: there is nothing to get a token from.")
        case .embedded:
            guard let embedded else { return .none("There is no authorization server here.") }
            return .document(ServedDocument(embedded.metadata(scopes: deployment.scopes(for: tools)).bytes()))
        case .oauth2, .hybrid:
            guard let issuer = auth.namedIssuer else {
                return .none(
                    "Tokens of several issuers are accepted here, and none is named (OAUTH2_DISCOVERY_ISSUER). "
                        + "/.well-known/oauth-protected-resource lists them.")
            }
            if auth.discovery == .redirect {
                return .redirect(to: finding?.location ?? issuer.ownLocation)
            }
            let document =
                finding?.metadata.document(with: issuer.endpoints) ?? issuer.builtMetadata.document(with: .init())
            return .document(ServedDocument(document.bytes()))
        }
    }
}
