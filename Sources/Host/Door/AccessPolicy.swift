// Which clients may call at all, and which scopes a call needs: the deployment's and the tool's demands.

import HostAuth
import HostBase
import HostCaller

/// The rules for callers of one edition. A class, since it is handed to the door twice a call: what is counted is one
/// reference, and not a set and a list.
public final class AccessPolicy: Sendable {
    /// `ALLOWED_MCP_CLIENTS`; empty: every client that is authenticated.
    let allowedClients: Set<String>
    /// `REQUIRED_MCP_SCOPES`.
    public let requiredScopes: [String]

    init(allowedClients: Set<String>, requiredScopes: [String]) {
        self.allowedClients = allowedClients
        self.requiredScopes = requiredScopes
    }

    /// As configured.
    public convenience init(_ auth: AuthSettings) {
        self.init(allowedClients: Set(auth.allowedClients), requiredScopes: auth.requiredScopes)
    }

    /// Whether this client may call anything here.
    public func admit(_ principal: Principal) throws(AuthenticationFailure) {
        guard !allowedClients.isEmpty, !principal.holdsEveryScope else { return }
        guard names(principal.clientID) else {
            throw AuthenticationFailure(kind: .forbidden, reason: RefusalReason.client.rawValue)
        }
    }

    /// Whether this client is one of those that are allowed by name.
    private func names(_ clientID: String) -> Bool {
        guard let place = allowedClients.firstIndex(of: clientID) else { return false }
        // A set finds what is canonically equivalent; an identifier is its code points.
        return allowedClients[place].isSame(as: clientID)
    }

    /// Whether this client may call a tool.
    ///
    /// - Parameter scopes: those that the tool asks for.
    /// - Throws: `AuthenticationFailure` with every scope that the call needs.
    func check(_ principal: Principal, scopes: [String]) throws(AuthenticationFailure) {
        try admit(principal)
        guard principal.holds(requiredScopes), principal.holds(scopes) else {
            let needed = (requiredScopes + scopes).uniqued()
            throw AuthenticationFailure(kind: .insufficientScope(needed), reason: RefusalReason.scope.rawValue)
        }
    }

    /// Whether a tool that asks for these scopes is one that this caller may call, now or at another time: what they
    /// see of lists, of documents and among names that they may have meant.
    public func shows(_ scopes: [String], to principal: Principal) -> Bool {
        (try? check(principal, scopes: scopes)) != nil
    }
}

extension AccessPolicy: Equatable {
    /// By code points, as callers are judged.
    public static func == (one: AccessPolicy, other: AccessPolicy) -> Bool {
        one === other
            || one.allowedClients.count == other.allowedClients.count && one.allowedClients.allSatisfy(other.names)
                && one.requiredScopes.elementsEqual(other.requiredScopes) { $0.isSame(as: $1) }
    }
}
