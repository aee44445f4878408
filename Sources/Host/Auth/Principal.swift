// Who calls: the outcome of authentication, in the terms that calls, packs and logs need.

/// An authenticated caller.
struct Principal: Sendable, Hashable {
    /// The user; `nil` when an application acts for itself.
    var subject: String?
    /// Issuer of the token that names the user.
    var subjectIssuer: String?
    /// The application (`client_id`, `azp`, `appid`…).
    var clientID: String
    /// Issuer of the token that names the application.
    var clientIssuer: String
    /// Scopes granted to the caller.
    var scopes: [String]
    /// True where nobody hands out scopes (no authentication, API keys without a list): every tool is allowed.
    var holdsEveryScope = false

    /// Whether the caller holds all of `required`. A refusal names every scope that is needed, not only the missing ones
    /// (RFC 6750 section 3), because a client asks for a new token with what it is told.
    func holds(_ required: [String]) -> Bool {
        holdsEveryScope || required.allSatisfy { scope in scopes.contains { $0.isSame(as: scope) } }
    }

    /// Opaque, stable and unique across issuers: issuer and user where a user is known, else issuer and client (RFC 7519
    /// section 4.1.2: a subject is unique only within its issuer). A length before each part keeps two different pairs apart.
    var id: String {
        if let subject, let subjectIssuer {
            return "u:\(subjectIssuer.utf8.count):\(subjectIssuer):\(subject)"
        }
        return "c:\(clientIssuer.utf8.count):\(clientIssuer):\(clientID)"
    }
}
