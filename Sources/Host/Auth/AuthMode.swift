// How callers show who they are.

/// What `MCP_AUTH_MODE` says.
public enum AuthMode: String, Sendable, CaseIterable {
    case oauth2
    case apiKey = "api-key"
    case hybrid, embedded, none

    /// Whether tokens of an identity provider let callers in.
    public var takesTokens: Bool { self == .oauth2 || self == .hybrid }
    public var takesAPIKeys: Bool { self == .apiKey || self == .hybrid }
}
