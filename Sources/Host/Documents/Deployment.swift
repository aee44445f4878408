// The facts about a deployment that documents state beside its tools: given by configuration, never by a request.

import HostBase
import HostTools

/// How a caller proves who it is, as documents tell it.
public enum SecurityScheme: Sendable, Hashable {
    /// A token for the application itself (RFC 6749 section 4.4). `authorizationURL` is the page that a user would be
    /// sent to, `nil` where the authorization server has none.
    case clientCredentials(tokenURL: String, authorizationURL: String?)
    /// A token in `Authorization: Bearer` (RFC 6750 section 2.1), however it was got. `format` is a hint such as `JWT`.
    case bearer(format: String?)
    /// A key in a header field of its own.
    case apiKey(header: String)

    /// What the scheme is called in a document.
    var name: String {
        switch self {
        case .clientCredentials: "oauth2"
        case .bearer: "bearer"
        case .apiKey: "apiKey"
        }
    }
}

/// What documents say about the deployment as a whole.
public struct Deployment: Sendable, Hashable {
    /// Base of every URL that a client calls, without a trailing slash.
    public var publicURL: String
    /// For people, at most 20 characters: the manifest's `name_for_human`.
    public var title: String
    /// The manifest's `name_for_model`: 1 to 50 letters, digits and underscores.
    public var modelName: String
    /// The host's version. Documents add a fingerprint of the tools (`PublishedVersion`).
    public var version: String
    /// For people, at most 100 characters.
    public var summary: String
    /// For models and for the reader of the OpenAPI document; may be long.
    var description: String
    var contactEmail: String
    /// Where the terms stand; `nil`: the host's own page at `/legal`, which shows `legalText`.
    var legalURL: String?
    /// Text of the page at `/legal`; `nil` where the operator has written none.
    var legalText: String?
    /// An image that is no GIF; `nil`: the host's own at `/logo.svg`.
    public var logoURL: String?
    /// Documentation for people (RFC 9728 section 2, `resource_documentation`).
    var documentationURL: String?

    /// Alternatives, the preferred one first, because several importers read the first and no other. Empty: open to
    /// all.
    public var security: [SecurityScheme]
    /// Issuers whose tokens are accepted. Names this host only where it is an authorization server itself.
    var authorizationServers: [String]
    /// Scopes that every call needs, before those of the tool.
    public var requiredScopes: [String]
    /// What a client asks the token endpoint for where that is not the list of scopes, such as Entra's
    /// `{app}/.default`.
    var tokenScope: String?

    /// Scopes that a call of `tool` needs: the deployment's, then the tool's, each once.
    public func scopes(for tool: ToolDescriptor) -> [String] {
        (requiredScopes + tool.scopes).uniqued()
    }

    /// Every scope that some call needs, in order of first mention.
    public func scopes(for tools: [ToolDescriptor]) -> [String] {
        (requiredScopes + tools.flatMap(\.scopes)).uniqued()
    }

    /// Scopes that documents tell a client to ask the token endpoint for.
    func documentedScopes(for tools: [ToolDescriptor]) -> [String] {
        tokenScope.map { [$0] } ?? scopes(for: tools)
    }
}
