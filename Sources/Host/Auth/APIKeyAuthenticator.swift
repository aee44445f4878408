// Lets in the holders of API keys.

import HostBase
import HostCaller
import NIOCore

/// `MCP_AUTH_MODE=api-key`: the header `X-MCP-API-Key`.
public struct APIKeyAuthenticator: Authenticator {
    static let issuer = "api-key"
    public static let header = "X-MCP-API-Key"
    /// Bytes of a key that are looked at.
    static let maximumLength = 512

    let keys: APIKeys

    public func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        do throws(AuthenticationFailure) {
            return .accepted(try principal(credentials))
        } catch {
            return .refused(error)
        }
    }

    func principal(_ credentials: Credentials) throws(AuthenticationFailure) -> Principal {
        guard let key = credentials.apiKey.first else { throw .missing }
        guard credentials.apiKey.count == 1 else { throw .malformed(.severalCredentials) }
        // A key names an application; going on without the user would mix up whose cart it is.
        guard credentials.userToken.isEmpty else { throw .invalid(.userToken) }
        guard key.utf8.count <= Self.maximumLength, let entry = keys.entry(for: key) else { throw .invalid(.apiKey) }
        return Principal(
            clientID: entry.name, clientIssuer: Self.issuer, scopes: entry.scopes ?? [],
            holdsEveryScope: entry.scopes == nil)
    }
}
