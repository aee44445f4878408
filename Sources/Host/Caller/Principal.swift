// Who calls: the outcome of authentication, in the terms that calls, packs and logs need.

import HostBase

/// An authenticated caller.
///
/// A class, because one verified token serves many calls: what each of them needs of its caller is laid out once, and
/// handing the caller on counts one reference.
public final class Principal: Sendable {
    /// The user; `nil` when an application acts for itself.
    public let subject: String?
    /// Issuer of the token that names the user.
    let subjectIssuer: String?
    /// The application (`client_id`, `azp`, `appid`…).
    public let clientID: String
    /// Issuer of the token that names the application.
    let clientIssuer: String
    /// Scopes granted to the caller.
    public let scopes: [String]
    /// True where nobody hands out scopes (no authentication, API keys without a list): every tool is allowed.
    public let holdsEveryScope: Bool
    /// Opaque, stable and unique across issuers: issuer and user where a user is known, else issuer and client (RFC
    /// 7519 section 4.1.2: a subject is unique only within its issuer). A length before each part keeps two different
    /// pairs apart, and a client with `#` in its name apart from the users that another one numbers
    /// (`CallDetails.owner`).
    public let id: String
    /// What packs are told of the caller.
    public let part: CallerPart

    public init(
        subject: String? = nil, subjectIssuer: String? = nil, clientID: String, clientIssuer: String, scopes: [String],
        holdsEveryScope: Bool = false
    ) {
        self.subject = subject
        self.subjectIssuer = subjectIssuer
        self.clientID = clientID
        self.clientIssuer = clientIssuer
        self.scopes = scopes
        self.holdsEveryScope = holdsEveryScope
        if let subject, let subjectIssuer {
            id = "u:\(subjectIssuer.utf8.count):\(subjectIssuer):\(subject)"
        } else {
            let client = clientID.utf8.contains(UInt8(ascii: "#")) ? "\(clientID.utf8.count):\(clientID)" : clientID
            id = "\(client == clientID ? "c" : "n"):\(clientIssuer.utf8.count):\(clientIssuer):\(client)"
        }
        part = CallerPart(
            id: id, subject: subject ?? "", subjectIssuer: subjectIssuer ?? "", clientID: clientID,
            clientIssuer: clientIssuer, scopes: scopes)
    }

    /// The application of this caller, on behalf of a user.
    public func acting(for user: Principal) -> Principal {
        Principal(
            subject: user.subject, subjectIssuer: user.subjectIssuer, clientID: clientID, clientIssuer: clientIssuer,
            scopes: scopes, holdsEveryScope: holdsEveryScope)
    }

    /// Whether the caller holds all of `required`. A refusal names every scope that is needed, not only the missing
    /// ones (RFC 6750 section 3), because a client asks for a new token with what it is told.
    public func holds(_ required: [String]) -> Bool {
        holdsEveryScope || required.allSatisfy { scope in scopes.contains { $0.isSame(as: scope) } }
    }
}

extension Principal: Equatable {
    /// By code points, as identifiers are compared everywhere.
    public static func == (one: Principal, other: Principal) -> Bool {
        func isSame(_ one: String?, _ other: String?) -> Bool {
            (one == nil) == (other == nil) && (one ?? "").isSame(as: other ?? "")
        }
        return one === other
            || isSame(one.subject, other.subject) && isSame(one.subjectIssuer, other.subjectIssuer)
                && isSame(one.clientID, other.clientID) && isSame(one.clientIssuer, other.clientIssuer)
                && one.scopes.elementsEqual(other.scopes) { $0.isSame(as: $1) }
                && one.holdsEveryScope == other.holdsEveryScope
    }
}
