// Makes the documents again when an issuer says something new about itself.

import JSONSchema
import Logging
import NIOCore

/// Everything that documents are made of, but for what issuers say.
struct Publisher: Sendable {
    let settings: Settings
    let tools: [ToolDescriptor]
    let publicURL: String
    let embedded: EmbeddedAuthorizationServer?

    /// - Parameter directory: What is known of the issuers by now; `nil` when nothing is.
    func edition(directory: IssuerDirectory?) throws(DescriptorProblem) -> PublishedDocuments.Edition {
        let named = settings.auth.namedIssuer
        let provider = named.flatMap { directory?.metadata(of: $0.rules.issuer) }
        let deployment = Deployment(settings: settings, publicURL: publicURL, provider: provider)
        return try PublishedDocuments.Edition(
            deployment: deployment, tools: tools,
            authorizationServer: authorizationServer(deployment, provider: provider, directory: directory))
    }

    private func authorizationServer(
        _ deployment: Deployment, provider: ProviderMetadata?, directory: IssuerDirectory?
    ) -> PublishedDocuments.AuthorizationServer {
        switch settings.auth.mode {
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
            guard let issuer = settings.auth.namedIssuer else {
                return .none(
                    "Tokens of several issuers are accepted here, and none is named (OAUTH2_DISCOVERY_ISSUER). "
                        + "/.well-known/oauth-protected-resource lists them.")
            }
            if settings.auth.discovery == .redirect {
                let location = directory?.location(of: issuer) ?? issuer.ownLocation
                return .redirect(to: location)
            }
            let document = provider?.document(with: issuer.endpoints) ?? issuer.builtMetadata.document(with: .init())
            return .document(ServedDocument(document.bytes()))
        }
    }

    /// The issuers, whose news lead to another edition. It is made off the event loops: it takes milliseconds for each tool.
    func directory(
        fetch: @escaping DocumentFetch, published: PublishedDocuments, logger: Logger
    ) -> IssuerDirectory {
        // One after the other, so that the latest news win.
        let errands = Errands("publisher", limit: 1)
        return IssuerDirectory(issuers: settings.auth.issuers, fetch: fetch, logger: logger) { directory, issuer in
            guard issuer == settings.auth.namedIssuer?.rules.issuer else { return }
            errands.run {
                do {
                    published.publish(try edition(directory: directory))
                } catch {
                    logger.error("documents could not be made again", metadata: ["reason": "\(error)"])
                }
            } orElse: {
                logger.error(
                    "documents could not be made again", metadata: ["reason": "the system has no thread for it"])
            }
        }
    }
}
