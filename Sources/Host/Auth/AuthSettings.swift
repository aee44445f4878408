// Who may call, as configured: issuers, API keys, and how clients are told about them.

import HostBase

/// What an operator decides about callers and their credentials.
public struct AuthSettings: Sendable {
    public enum Discovery: String, Sendable, CaseIterable {
        case mirror, redirect
    }

    public var mode: AuthMode
    /// Client ids that may call; empty: all of them.
    public var allowedClients: [String] = []
    /// Scopes that every call needs.
    public var requiredScopes: [String] = []
    /// In the order in which they are asked whether a token is theirs; empty where no tokens of others are taken.
    public var issuers: [TrustedIssuer] = []
    /// `nil` where no API keys are taken.
    public var apiKeys: APIKeys?
    public var discovery: Discovery
    /// The issuer that documents name: the only one, or the chosen one.
    public var namedIssuer: TrustedIssuer?
    /// Whether documents about tools need a credential.
    public var guardsDocuments: Bool
    /// What the operator should look at, though it does not keep the host from starting.
    public var warnings: [String] = []
    /// What a group may write to, of the files that are named.
    public var fileRemarks: [FileTrust.Remark] = []

    public init(
        mode: AuthMode, allowedClients: [String] = [], requiredScopes: [String] = [], issuers: [TrustedIssuer] = [],
        apiKeys: APIKeys? = nil, discovery: Discovery, namedIssuer: TrustedIssuer? = nil, guardsDocuments: Bool,
        warnings: [String] = [], fileRemarks: [FileTrust.Remark] = []
    ) {
        self.mode = mode
        self.allowedClients = allowedClients
        self.requiredScopes = requiredScopes
        self.issuers = issuers
        self.apiKeys = apiKeys
        self.discovery = discovery
        self.namedIssuer = namedIssuer
        self.guardsDocuments = guardsDocuments
        self.warnings = warnings
        self.fileRemarks = fileRemarks
    }

    /// A client that writes a slash behind the URL of this host, or behind one below it, gets tokens for that URL
    /// (RFC 8707 section 2, RFC 9728 section 3.3). It is the same resource, so audiences that are such URLs are taken
    /// with the slash and without. Of another host's URLs nobody knows that here.
    public mutating func takeSlashes(below publicURL: String) {
        for index in issuers.indices {
            let audiences = issuers[index].rules.audiences
            let twins = audiences.compactMap { audience -> String? in
                guard audience.isSame(as: publicURL) || audience.utf8.starts(with: "\(publicURL)/".utf8) else {
                    return nil
                }
                return audience.hasSuffix("/") ? audience.withoutTrailingSlash : audience + "/"
            }
            issuers[index].rules.audiences += twins.filter { !audiences.contains($0) }
        }
    }
}
