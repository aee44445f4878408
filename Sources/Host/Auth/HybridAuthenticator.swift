// Lets in the bearers of tokens and the holders of API keys.

import HostBase
import NIOCore

/// `MCP_AUTH_MODE=hybrid`: a token or an API key, not both.
struct HybridAuthenticator: Authenticator {
    let tokens: any Authenticator
    let apiKeys: APIKeyAuthenticator

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        guard !credentials.apiKey.isEmpty else { return tokens.authenticate(credentials, on: eventLoop) }
        guard credentials.authorization.isEmpty else { return .refused(.malformed(.severalCredentials)) }
        return apiKeys.authenticate(credentials, on: eventLoop)
    }
}
