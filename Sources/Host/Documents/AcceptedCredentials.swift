// The way in that a deployment really has, in the words of every text that tells it.

import HostAuth

/// Which credentials a caller may bring.
public struct AcceptedCredentials: Sendable, Hashable {
    /// A token in `Authorization: Bearer`.
    public let takesTokens: Bool
    /// A key in `X-MCP-API-Key`.
    public let takesKeys: Bool
    /// Where a client gets a token for itself; `nil` where documents name no such place.
    let tokenURL: String?

    init(_ security: [SecurityScheme]) {
        takesTokens = security.contains(where: \.usesBearer)
        takesKeys = security.contains { if case .apiKey = $0 { true } else { false } }
        tokenURL = security.lazy.compactMap { if case .clientCredentials(let url, _) = $0 { url } else { nil } }.first
    }

    /// What to send, in a whole sentence.
    public var demand: String {
        let key = "an API key, which the operator hands out, in \(APIKeyAuthenticator.header)"
        return switch (takesTokens, takesKeys) {
        case (false, false): "No credentials are needed."
        case (false, true): "Send \(key)."
        case (true, false): "Send an access token as Authorization: Bearer TOKEN."
        case (true, true): "Send an access token as Authorization: Bearer TOKEN, or \(key)."
        }
    }

    /// What to send and where a token comes from, in whole sentences.
    public var advice: String {
        guard takesTokens else { return demand }
        let source =
            tokenURL.map { "Tokens are issued at \($0)." }
            ?? "\(ProtectedResourceMetadata.wellKnown) names who issues tokens."
        return demand + " " + source
    }

    /// What a caller that is turned away reads, and with it every model that the caller shows it to.
    func sentence(for kind: AuthenticationFailure.Kind) -> String {
        let sentence = Challenge.sentence(for: kind)
        switch kind {
        case .missing, .malformed, .invalid: return sentence + " " + advice
        case .insufficientScope(let scopes):
            guard !scopes.isEmpty else { return sentence }
            return sentence + " Needed: \(scopes.joined(separator: ", "))." + source(ofScopes: scopes.count)
        case .forbidden, .unavailable: return sentence
        }
    }

    /// Who can help a caller that lacks scopes, with a space before it.
    private func source(ofScopes count: Int) -> String {
        let them = count == 1 ? "it" : "all of them"
        return switch (takesTokens, takesKeys) {
        case (false, false): ""
        case (false, true): " The operator says which scopes a key has."
        case (true, false): " Ask for a token with \(them)."
        case (true, true): " Ask for a token with \(them); which scopes a key has, the operator says."
        }
    }
}

extension Deployment {
    public var credentials: AcceptedCredentials { AcceptedCredentials(security) }
}
