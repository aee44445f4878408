// Lets in the bearers of tokens that the embedded authorization server issued.

import JSONSchema
import NIOCore

/// `MCP_AUTH_MODE=embedded`. Keys are at hand, so the answer is always immediate.
struct EmbeddedAuthenticator: Authenticator {
    private let verifier: TokenVerifier
    private let keys: JSONWebKeySet
    private let cache: VerifiedTokenCache
    private let clock: TimeSource
    private let limits: CompactJWS.Limits

    init(
        server: EmbeddedAuthorizationServer,
        cache: VerifiedTokenCache = VerifiedTokenCache(),
        limits: CompactJWS.Limits = .init()
    ) throws(JSONWebKeySet.Fault) {
        verifier = TokenVerifier(configuration: server.issuerConfiguration)
        keys = try JSONWebKeySet(parsing: server.jwks.bytes())
        clock = server.clock
        self.cache = cache
        self.limits = limits
    }

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        do throws(AuthenticationFailure) {
            return .accepted(try principal(credentials, owner: ObjectIdentifier(eventLoop)))
        } catch {
            return .refused(error)
        }
    }

    func principal(
        _ credentials: Credentials, owner: ObjectIdentifier
    ) throws(AuthenticationFailure) -> Principal {
        let token = try BearerToken.extract(from: credentials.authorization)
        // No token issued here names a user; going on with the client's identity would mix up whose cart it is.
        guard credentials.userToken.isEmpty else { throw .invalid(.userToken) }
        guard token.utf8.count <= limits.tokenBytes else { throw .invalid(.tooLong) }
        let now = clock.now()
        if let principal = cache.principal(of: token, now: now, owner: owner) { return principal }
        guard BearerToken.isWellFormed(token.utf8) else { throw .malformed(.malformedCredentials) }
        let generation = cache.generation
        do throws(RefusalReason) {
            let verified = try verifier.verify(try CompactJWS(token, limits: limits), keys: keys, now: now)
            cache.insert(token, verified, generation: generation, now: now, owner: owner)
            return verified.principal
        } catch {
            throw .invalid(error)
        }
    }
}
