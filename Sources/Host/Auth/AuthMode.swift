// How callers show who they are.

/// What `MCP_AUTH_MODE` says.
package enum AuthMode: String, Sendable, CaseIterable {
    case oauth2
    case apiKey = "api-key"
    case hybrid, embedded, none

    /// Whether tokens of an identity provider let callers in.
    package var takesTokens: Bool { self == .oauth2 || self == .hybrid }
    package var takesAPIKeys: Bool { self == .apiKey || self == .hybrid }
}
