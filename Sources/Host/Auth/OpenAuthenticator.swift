// Lets everybody in, for `MCP_AUTH_MODE=none`.

import HostCaller
import NIOCore

/// One anonymous principal for all callers; whatever credentials they send are not looked at.
struct OpenAuthenticator: Authenticator {
    static let principal = Principal(clientID: "anonymous", clientIssuer: "none", scopes: [], holdsEveryScope: true)

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        .accepted(Self.principal)
    }
}
