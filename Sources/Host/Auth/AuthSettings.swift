// Who may call, as configured: issuers, API keys, and how clients are told about them.

/// What an operator decides about callers and their credentials.
struct AuthSettings: Sendable {
    enum Discovery: String, Sendable, CaseIterable {
        case mirror, redirect
    }

    var mode: AuthMode
    /// Client ids that may call; empty: all of them.
    var allowedClients: [String] = []
    /// Scopes that every call needs.
    var requiredScopes: [String] = []
    /// In the order in which they are asked whether a token is theirs; empty where no tokens of others are taken.
    var issuers: [TrustedIssuer] = []
    /// `nil` where no API keys are taken.
    var apiKeys: APIKeys?
    var discovery: Discovery
    /// The issuer that documents name: the only one, or the chosen one.
    var namedIssuer: TrustedIssuer?
    /// Whether documents about tools need a credential.
    var guardsDocuments: Bool
    /// What the operator should look at, though it does not keep the host from starting.
    var warnings: [String] = []
    /// What a group may write to, of the files that are named.
    var fileRemarks: [FileTrust.Remark] = []

    /// A client that writes a slash behind the URL of this host, or behind one below it, gets tokens for that URL
    /// (RFC 8707 section 2, RFC 9728 section 3.3). It is the same resource, so audiences that are such URLs are taken
    /// with the slash and without. Of another host's URLs nobody knows that here.
    mutating func takeSlashes(below publicURL: String) {
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
