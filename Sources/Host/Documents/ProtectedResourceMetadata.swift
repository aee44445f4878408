// Tells a client where to get a token for what this host protects (RFC 9728).

import JSON
import JSONSchema

/// The metadata of one protected resource: the host itself, or a path of it.
///
/// A client compares `resource` with the URL it asked about, character by character (section 3.3), so each protected
/// path has a document of its own.
public enum ProtectedResourceMetadata {
    public static let wellKnown = "/.well-known/oauth-protected-resource"

    /// - Parameter suffix: path of the resource below the public URL: empty for the host, `/mcp`,
    /// `/tools/search_products`.
    static func value(suffix: String, deployment: Deployment, scopes: [String]) -> JSONValue {
        var metadata = JSONObject()
        metadata["resource"] = .string(deployment.publicURL + suffix)
        // Section 3.2: a parameter without a value is left out, never empty.
        func list(_ name: String, _ values: [String]) {
            if !values.isEmpty { metadata[name] = .array(values.map { .string($0) }) }
        }
        list("authorization_servers", deployment.authorizationServers)
        list("scopes_supported", scopes)
        if deployment.security.contains(where: \.usesBearer) {
            list("bearer_methods_supported", ["header"])
        }
        if !deployment.title.isEmpty { metadata["resource_name"] = .string(deployment.title) }
        if let url = deployment.documentationURL { metadata["resource_documentation"] = .string(url) }
        return .object(metadata)
    }

    /// Where the metadata of a resource is found: the well-known path goes between host and path (section 3.1), also
    /// where the public URL has a path of its own. For `resource_metadata` in a challenge (section 5.1).
    public static func url(suffix: String, publicURL: String) -> String {
        let base = URIReference(publicURL)
        let origin = (base.scheme.map { $0 + "://" } ?? "") + (base.authority ?? "")
        return origin + wellKnown + base.path + suffix
    }
}

extension SecurityScheme {
    /// Whether the credential travels as `Authorization: Bearer`.
    public var usesBearer: Bool {
        switch self {
        case .clientCredentials, .bearer: true
        case .apiKey: false
        }
    }
}
