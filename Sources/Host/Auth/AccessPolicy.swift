// Who may call at all, and who may call which tool: authentication first, then the deployment's and the tool's demands.

import NIOCore

/// The rules for callers in force.
struct AccessPolicy: Sendable {
    let authenticator: any Authenticator
    /// `ALLOWED_MCP_CLIENTS`; empty: every client that is authenticated.
    let allowedClients: Set<String>
    /// `REQUIRED_MCP_SCOPES`.
    let requiredScopes: [String]

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        authenticator.authenticate(credentials, on: eventLoop)
    }

    /// Whether this client may call anything here.
    func admit(_ principal: Principal) throws(AuthenticationFailure) {
        guard !allowedClients.isEmpty, !principal.holdsEveryScope else { return }
        guard let place = allowedClients.firstIndex(of: principal.clientID),
            // A set finds what is canonically equivalent; an identifier is its code points.
            allowedClients[place].isSame(as: principal.clientID)
        else { throw AuthenticationFailure(kind: .forbidden, reason: RefusalReason.client.rawValue) }
    }

    /// Whether a call of `tool` would be let through.
    func allows(_ principal: Principal, _ tool: ToolDescriptor) -> Bool {
        (try? check(principal, scopes: tool.scopes)) != nil
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
}
