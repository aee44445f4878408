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

    /// Opaque, stable and unique across issuers: issuer and user where a user is known, else issuer and client (RFC 7519
    /// section 4.1.2: a subject is unique only within its issuer). A length before each part keeps two different pairs apart.
    var id: String {
        if let subject, let subjectIssuer {
            return "u:\(subjectIssuer.utf8.count):\(subjectIssuer):\(subject)"
        }
        return "c:\(clientIssuer.utf8.count):\(clientIssuer):\(clientID)"
    }
}
